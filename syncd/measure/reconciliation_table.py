"""A reconciliation as the table that a report, a page and a CSV show, and its leads as rows.

Words and order only: nothing is counted here that `reconciliation` did not count.
"""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.measure.gap_reasons import SAYS, Reason
from syncd.measure.reconciliation import Count, Reconciliation
from syncd.measure.tables import Basis, Column, Definition, Number, Row, Table, Unit

_ORDER = (System.HUBSPOT, System.SALESFORCE)


def table_of(found: Reconciliation, *, now: datetime) -> Table:
    """What each CRM says, what both count, and what one counts alone by reason: each column
    adds up to its first row. `now` is when the CRMs were read."""
    return Table(
        id="reconciliation",
        title=f"{title_of(found.stage)} of {_period(found)}, by each CRM",
        basis=Basis.PERIOD,
        by=None,
        columns=tuple(
            Column(id=x.value, title=x.label, unit=Unit.LEADS, definition=f"{x}-says")
            for x in _ORDER
        ),
        rows=(
            _row("says", "What the CRM says", {x: len(found.counts[x]) for x in _ORDER}),
            _row("both", "Counted by both", dict.fromkeys(_ORDER, len(found.both))),
            *_reasons(found),
        ),
        definitions=tuple(_definition(found.counts[x], found.stage) for x in _ORDER),
        notes=(
            "Each record that one CRM counts alone has one reason, the first that holds; what "
            "both count and all the reasons add up to what the CRM says.",
            f"Both CRMs were read on {now:%Y-%m-%d at %H:%M} UTC; they tell of past months what "
            "they know now.",
            *found.notes,
        ),
    )


def _period(found: Reconciliation) -> str:
    return found.counts[System.HUBSPOT].period.label


def title_of(stage: Stage) -> str:
    """In the plural, as people call them."""
    return _NAMES.get(stage, f"{stage.value}s")


_NAMES = {Stage.MQL: "MQLs", Stage.SAL: "SALs", Stage.SQL: "SQLs"}


def _reasons(found: Reconciliation) -> tuple[Row, ...]:
    alone = {x: found.alone(x) for x in _ORDER}
    told = [x for x in Reason if any(alone[system][x] for system in _ORDER)]
    return tuple(_row(x.value, SAYS[x], {s: alone[s][x] for s in _ORDER}) for x in told)


def _row(key: str, label: str, counts: Mapping[System, int]) -> Row:
    numbers = {x.value: Number(value=float(n), n=n) for x, n in counts.items()}
    return Row(key=key, label=label, numbers=numbers)


def _definition(count: Count, stage: Stage) -> Definition:
    is_hubspot = count.system is System.HUBSPOT
    how = (
        "HubSpot's own date of becoming it (`hs_lifecyclestage_…_date`), which tells the last "
        "time it did"
        if is_hubspot
        else "Lead history (or its creation, for a lead that was created at the stage), the "
        "first time in the period that it came to it"
    )
    what = "contacts" if is_hubspot else "leads"
    return Definition(
        id=f"{count.system}-says",
        title=f"{count.system.label} says",
        says=f"{what.capitalize()} that came to {stage.value} in {count.period.label}, "
        f"by {count.system.label}'s own dates in {count.time_zone} time.",
        numerator=f"{count.system.label} {what}, each counted once",
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
    "link": pl.String(),
}


def leads_of(found: Reconciliation, crm: CrmMap) -> pl.DataFrame:
    """Every record that is counted, with where to open it: those of one CRM alone first, in the
    order of their reasons."""
    order = list(Reason)
    only = sorted(found.only, key=lambda x: (order.index(x.reason), x.system, x.at, x.record_id))
    alone = [
        {
            "counted_by": x.system.value,
            "reason": x.reason.value,
            "explained": SAYS[x.reason],
            "detail": x.detail,
            "lead_id": x.lead_id,
            "email": x.email,
            f"{x.system}_id": x.record_id,
            f"{x.system}_at": x.at,
            f"{x.system.other}_id": x.there,
            "link": crm.sides[x.system].link(x.record_id),
        }
        for x in only
    ]
    common = [
        {
            "counted_by": "both",
            "lead_id": x.lead_id,
            "email": x.email,
            **{f"{s}_id": i for s, i in x.records.items()},
            **{f"{s}_at": at for s, at in x.at.items()},
            "link": crm.sides[System.HUBSPOT].link(x.records[System.HUBSPOT]),
        }
        for x in found.both
    ]
    return pl.DataFrame([*alone, *common], schema=_SHAPE)
