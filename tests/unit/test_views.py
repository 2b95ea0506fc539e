"""The value a field has, on one side and over both."""

from dataclasses import replace

import pytest
from core_cases import BUDGET, COMPANY, EMPLOYEES
from decide_cases import HUBSPOT, SALESFORCE, THE_MAP, TITLE, known, look, shows, side

from syncd.core.views import (
    baseline_stage,
    cannot_be_moved_back,
    changed,
    coming,
    covers,
    known_value,
    lead_values,
    living,
    stage_seen,
)
from syncd.domain.lead import Lead, Pending
from syncd.domain.names import STAGE, ActionKey, System
from syncd.domain.stage import Stage
from syncd.domain.values import Seen, Unreadable

DOUBT = Unreadable("hidden")


def in_flight() -> Lead:
    before = known(title="CFO")
    return look(before, shows(before, HUBSPOT, title="CEO")).lead


def test_a_side_changed_when_it_shows_something_else_than_its_own_baseline() -> None:
    settled = side(HUBSPOT, title="CFO")
    moved = replace(settled, seen=shows(known(), HUBSPOT, title="CEO").snapshot)

    assert not changed(settled, TITLE)
    assert changed(moved, TITLE)


def test_what_cannot_be_read_has_not_changed() -> None:
    doubtful = replace(side(HUBSPOT), seen=shows(known(), HUBSPOT, title=DOUBT).snapshot)

    assert not changed(doubtful, TITLE)


def test_a_write_in_flight_is_what_is_coming() -> None:
    target = in_flight().sides[SALESFORCE]

    assert (coming(target, TITLE), target.seen.values[TITLE]) == ("CEO", "CFO")
    assert coming(target, COMPANY) is None


@pytest.mark.parametrize(
    ("seen", "covered"),
    [(Stage.LEAD, True), (Stage.MQL, True), (Stage.NONE, True), (Stage.SQL, False)],
)
def test_a_stage_write_may_be_seen_half_way_as_no_stage_at_all(seen: Seen, covered: bool) -> None:
    pending = Pending(key=ActionKey("k"), replaces=(Stage.MQL,), writes=Stage.LEAD)

    assert covers(pending, STAGE, seen) is covered


def test_no_other_field_is_seen_half_way() -> None:
    pending = Pending(key=ActionKey("k"), replaces=("a",), writes="b")

    assert not covers(pending, TITLE, Stage.NONE)


def test_a_side_whose_record_is_gone_does_not_count() -> None:
    lead = known(Stage.LEAD, replace(side(SALESFORCE), gone="deleted"), side(HUBSPOT))

    assert [x.system for x in living(lead)] == [HUBSPOT]


def test_a_stage_no_line_tells_is_no_stage() -> None:
    untold = shows(known(), HUBSPOT, stage_=None)
    snapshot = replace(untold.snapshot, values={**untold.snapshot.values, STAGE: DOUBT})
    record = replace(side(HUBSPOT), seen=snapshot, baseline={})

    assert (stage_seen(record), baseline_stage(record)) == (None, Stage.NONE)


@pytest.mark.parametrize("system", System)
@pytest.mark.parametrize("why", ["fixed", "locked"])
def test_a_lead_fixed_on_one_side_cannot_be_moved_back_on_any(system: System, why: str) -> None:
    there = side(system)
    seen = replace(there.seen, fixed="an open deal" if why == "fixed" else None)
    seen = replace(seen, locked="an open deal" if why == "locked" else None)
    fixed = known(Stage.LEAD, replace(there, seen=seen), side(system.other))

    assert cannot_be_moved_back(fixed) == "an open deal"
    assert cannot_be_moved_back(known()) is None


def test_where_the_sides_differ_the_record_in_front_of_the_mover_counts() -> None:
    lead = known(Stage.LEAD, side(SALESFORCE, employees=10), side(HUBSPOT, employees=90))

    assert lead_values(lead, THE_MAP, first=SALESFORCE)[EMPLOYEES] == 10
    assert lead_values(lead, THE_MAP, first=HUBSPOT)[EMPLOYEES] == 90


@pytest.mark.parametrize("nothing", [None, DOUBT])
def test_an_empty_or_unreadable_value_is_filled_from_the_other_side(nothing: Seen) -> None:
    lead = known(Stage.LEAD, side(SALESFORCE, employees=nothing), side(HUBSPOT, employees=90))

    assert lead_values(lead, THE_MAP, first=SALESFORCE)[EMPLOYEES] == 90


def test_empty_here_and_unreadable_there_is_empty_and_unreadable_everywhere_is_unknown() -> None:
    lead = known(
        Stage.LEAD,
        side(SALESFORCE, employees=DOUBT, budget_confirmed=DOUBT),
        side(HUBSPOT, employees=None, budget_confirmed=DOUBT),
    )

    values = lead_values(lead, THE_MAP, first=SALESFORCE)

    assert (values[EMPLOYEES], values[BUDGET]) == (None, DOUBT)


def test_a_value_in_flight_already_counts_when_judging() -> None:
    before = known(employees=10)
    lead = look(before, shows(before, HUBSPOT, employees=90)).lead

    assert lead_values(lead, THE_MAP, first=SALESFORCE)[EMPLOYEES] == 90


def test_people_are_shown_salesforce_first_and_nothing_that_cannot_be_read() -> None:
    lead = known(Stage.LEAD, side(SALESFORCE, title="CFO"), side(HUBSPOT, title="CEO"))
    hidden = known(Stage.LEAD, side(SALESFORCE, title=DOUBT))

    assert known_value(lead, TITLE) == "CFO"
    assert (known_value(hidden, TITLE), known_value(lead, None)) == (None, None)
    assert known_value(lead, COMPANY) is None
