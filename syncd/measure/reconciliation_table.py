"""A reconciliation as the table that a report, a page and a CSV show, and its leads as rows.

Words and order only: nothing is counted here that `reconciliation` did not count.
"""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from syncd.core.alert_words import stage_words
from syncd.domain.mapping import CrmMap
from syncd.domain.names import RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.gap_reasons import SAYS, Reason
from syncd.measure.period import period_of
from syncd.measure.reconciliation import BOTH, Both, Only, Sums
from syncd.measure.tables import Basis, Column, Definition, Number, Row, Table, Unit

SAID = "says"
"""The row that all others add up to."""
_ORDER = (System.HUBSPOT, System.SALESFORCE)


def table_of(found: Sums) -> Table:
    """What each CRM says, what both count, and what one counts alone by reason: each column
    adds up to its first row."""
    label = period_of(found.period, found.time_zones[System.HUBSPOT]).label
    return Table(
        id="reconciliation",
        title=f"{title_of(found.stage)} of {label}, by each CRM",
        basis=Basis.PERIOD,
        by=None,
        columns=tuple(
            Column(id=x.value, title=x.label, unit=Unit.LEADS, definition=f"{x}-says")
            for x in _ORDER
        ),
        rows=tuple(_rows(found.places)),
        definitions=tuple(_definition(x, found.stage, label, found.time_zones[x]) for x in _ORDER),
        notes=(
            "Each record that one CRM counts alone has one reason, the first that holds; what "
            "both count and all the reasons add up to what the CRM says.",
            f"Both CRMs were read on {found.made_at:%Y-%m-%d at %H:%M} UTC; they tell of past "
            "months what they know now.",
            *found.notes,
        ),
    )


def title_of(stage: Stage) -> str:
    """In the plural, as people call them."""
    return _NAMES.get(stage, f"{stage.value}s")


_NAMES = {Stage.MQL: "MQLs", Stage.SAL: "SALs", Stage.SQL: "SQLs"}


def _rows(places: Mapping[System, Mapping[str, int]]) -> Iterator[Row]:
    yield _row(SAID, "What the CRM says", {x: sum(places[x].values()) for x in _ORDER})
    yield _row(BOTH, "Counted by both", {x: places[x].get(BOTH, 0) for x in _ORDER})
    for reason in Reason:
        alone = {x: places[x].get(reason.value, 0) for x in _ORDER}
        if any(alone.values()):
            yield _row(reason.value, SAYS[reason], alone)


def _row(key: str, label: str, counts: Mapping[System, int]) -> Row:
    numbers = {x.value: Number(value=float(n), n=n) for x, n in counts.items()}
    return Row(key=key, label=label, numbers=numbers)


def _definition(system: System, stage: Stage, label: str, time_zone: str) -> Definition:
    is_hubspot = system is System.HUBSPOT
    how = (
        "HubSpot's own date of becoming it (`hs_lifecyclestage_…_date`), which tells the last "
        "time it did"
        if is_hubspot
        else "Lead history (or its creation, for a lead that was created at the stage), the "
        "first time in the period that it came to it"
    )
    what = "contacts" if is_hubspot else "leads"
    return Definition(
        id=f"{system}-says",
        title=f"{system.label} says",
        says=f"{what.capitalize()} that came to {stage_words(stage)} in {label}, "
        f"by {system.label}'s own dates in {time_zone} time.",
        numerator=f"{system.label} {what}, each counted once",
        denominator="",
        basis=Basis.PERIOD,
        date=how,
        leaves_out=("archived, merged and deleted records: no report of the CRM shows them",),
    )


_SHAPE = {
    "counted_by": pl.String(),
    "reason": pl.String(),
    "explained": pl.String(),
    "detail": pl.String(),
    "lead_id": pl.String(),
    "email": pl.String(),
    "hubspot_id": pl.String(),
    "salesforce_id": pl.String(),
    "hubspot_at": pl.Datetime("us", "UTC"),
    "salesforce_at": pl.Datetime("us", "UTC"),
    "hubspot_link": pl.String(),
    "salesforce_link": pl.String(),
}


def records_of(both: Sequence[Both], only: Sequence[Only], crm: CrmMap) -> pl.DataFrame:
    """The records as rows, with where to open them: those of one CRM alone first, in the order
    of their reasons."""
    order = list(Reason)
    alone = sorted(only, key=lambda x: (order.index(x.reason), x.system, x.at, x.record_id))
    return pl.DataFrame(
        [*(_alone(x, crm) for x in alone), *(_common(x, crm) for x in both)], schema=_SHAPE
    )


def _alone(found: Only, crm: CrmMap) -> Mapping[str, object]:
    mine, other = found.system, found.system.other
    return {
        "counted_by": mine.value,
        "reason": found.reason.value,
        "explained": SAYS[found.reason],
        "detail": found.detail,
        "lead_id": found.lead_id,
        "email": found.email,
        f"{mine}_at": found.at,
        **_place(mine, found.record_id, crm),
        **(_place(other, found.there, crm) if found.there else {}),
    }


def _common(found: Both, crm: CrmMap) -> Mapping[str, object]:
    row: dict[str, object] = {
        "counted_by": BOTH,
        "lead_id": found.lead_id,
        "email": found.email,
    }
    for system, record_id in found.records.items():
        row |= {f"{system}_at": found.at[system], **_place(system, record_id, crm)}
    return row


def _place(system: System, record_id: RecordId, crm: CrmMap) -> Mapping[str, str]:
    return {f"{system}_id": record_id, f"{system}_link": crm.sides[system].link(record_id)}
