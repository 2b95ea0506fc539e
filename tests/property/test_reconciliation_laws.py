"""Whatever two CRMs count and however their records are linked: every record ends in exactly one
place, and the sums are exact."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from core_cases import CRM, lead, side
from hypothesis import given
from hypothesis import strategies as st

from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, SYSTEMS, LeadId, RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.gap_reasons import Case, Reason, reason_of
from syncd.measure.period import period_of
from syncd.measure.reconciliation import Count, Key, Only, Paired, Reconciliation, pair
from syncd.measure.reconciliation_table import records_of, table_of

PERIOD = period_of("2026-03", "UTC")
_SIDES = {x: side(x, {STAGE: Stage.MQL}) for x in SYSTEMS}
Counted = dict[System, dict[RecordId, tuple[str | None, int]]]

_records = st.dictionaries(
    st.integers(1, 12).map(lambda n: RecordId(f"r{n}")),
    st.tuples(st.none() | st.sampled_from("abcdef"), st.integers(0, 30)),
    max_size=10,
)
counted = st.fixed_dictionaries(dict.fromkeys(SYSTEMS, _records))
"""Of each CRM: record → the lead it is of (None: nobody known) and the day."""


def _counts(records: Counted) -> Mapping[System, Count]:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    return {
        system: Count(
            system=system,
            time_zone="UTC",
            period=PERIOD,
            records={i: first + timedelta(days=day) for i, (_, day) in found.items()},
        )
        for system, found in records.items()
    }


def _leads(records: Counted) -> Mapping[Key, Lead]:
    return {
        (system, i): replace(lead(), id=LeadId(name), sides=_SIDES)
        for system, found in records.items()
        for i, (name, _) in found.items()
        if name
    }


def _reconciled(records: Counted) -> tuple[Paired, Reconciliation]:
    counts, leads = _counts(records), _leads(records)
    paired = pair(counts, leads)
    only = [(key, _reason(key, counts, leads)) for key in paired.first]
    only += [(key, Reason.MERGED) for key in paired.surplus]
    return paired, Reconciliation(
        stage=Stage.MQL,
        counts=counts,
        both=paired.both,
        only=tuple(
            Only(system=s, record_id=i, at=counts[s].records[i], reason=reason, detail="")
            for (s, i), reason in only
        ),
    )


def _reason(key: Key, counts: Mapping[System, Count], leads: Mapping[Key, Lead]) -> Reason:
    system, record_id = key
    at = counts[system].records[record_id]
    case = Case(system=system, record_id=record_id, at=at, period=PERIOD, lead=leads.get(key))
    return reason_of(case, Stage.MQL, CRM)[0]


@given(counted)
def test_what_a_crm_says_is_what_both_say_and_its_reasons(records: Counted) -> None:
    _, found = _reconciled(records)

    rows = {row.key: row.numbers for row in table_of(found.sums(now=PERIOD.end)).rows}

    for system in SYSTEMS:
        parts = [numbers[system.value].n for key, numbers in rows.items() if key != "says"]
        assert rows["says"][system.value].n == sum(parts) == len(records[system])


@given(counted)
def test_every_record_is_told_once(records: Counted) -> None:
    _, found = _reconciled(records)

    frame = records_of(found.both, found.only, CRM)

    for system in SYSTEMS:
        mine = frame.filter(frame["counted_by"].is_in(["both", system.value]))
        assert sorted(mine[f"{system}_id"]) == sorted(records[system])


@given(counted)
def test_no_lead_is_counted_by_both_twice_nor_left_apart_where_both_count_it(
    records: Counted,
) -> None:
    paired, _ = _reconciled(records)

    both = [x.lead_id for x in paired.both]

    named = [{name for name, _ in records[x].values() if name} for x in SYSTEMS]
    assert sorted(both) == sorted(named[0] & named[1])


def test_a_record_that_is_lost_on_the_way_is_not_passed_over() -> None:
    records: Counted = {System.HUBSPOT: {RecordId("r1"): (None, 1)}, System.SALESFORCE: {}}

    with pytest.raises(AssertionError):
        Reconciliation(stage=Stage.MQL, counts=_counts(records), both=(), only=())


def test_the_record_that_is_the_leads_now_stands_for_it() -> None:
    current = _SIDES[System.SALESFORCE].record_id
    records: Counted = {
        System.HUBSPOT: {RecordId("r1"): ("a", 1)},
        System.SALESFORCE: {RecordId("r1"): ("a", 1), current: ("a", 9)},
    }

    paired, _ = _reconciled(records)

    assert paired.both[0].records[System.SALESFORCE] == current
    assert paired.surplus == ((System.SALESFORCE, RecordId("r1")),)


def test_of_several_that_are_not_the_leads_now_the_earliest_stands_for_it() -> None:
    records: Counted = {
        System.HUBSPOT: {RecordId("r1"): ("a", 9), RecordId("r2"): ("a", 1)},
        System.SALESFORCE: {},
    }

    paired, _ = _reconciled(records)

    assert paired.first == ((System.HUBSPOT, RecordId("r2")),)
    assert paired.surplus == ((System.HUBSPOT, RecordId("r1")),)
