from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW, POLICY, handoff, lead, waiver

from syncd.core.recycle import extra_findings, recycled
from syncd.domain.lead import Lead
from syncd.domain.verdict import COOL_OFF_RULE, MOST_CYCLES_RULE, Unmet

COOLING = replace(lead(cycle=2), cool_off_until=NOW + timedelta(days=3))


def test_a_lead_still_cooling_off_is_told_until_when() -> None:
    (found,) = extra_findings(COOLING, POLICY, NOW)

    assert found.rule == COOL_OFF_RULE
    assert found.outcome == Unmet(
        seen="cooling off until 6 Mar 2026 12:00 UTC (in 3 days)", needed="the time to pass"
    )
    assert found.fix == "Wait until 6 Mar 2026 12:00 UTC, or ask for a waiver."


@pytest.mark.parametrize("fine", [lead(), replace(COOLING, cool_off_until=NOW), lead(cycle=3)])
def test_a_lead_that_cooled_off_and_came_round_seldom_enough_has_no_finding(fine: Lead) -> None:
    assert extra_findings(fine, POLICY, NOW) == ()


def test_a_lead_that_came_round_too_often_is_told_how_often_it_may() -> None:
    (found,) = extra_findings(lead(cycle=4), POLICY, NOW)

    assert found.rule == MOST_CYCLES_RULE
    assert found.outcome == Unmet(seen="round 4", needed="at most 3 rounds")


def test_both_findings_are_kept() -> None:
    found = extra_findings(replace(COOLING, cycle=4), POLICY, NOW)

    assert [x.rule for x in found] == [COOL_OFF_RULE, MOST_CYCLES_RULE]


def test_recycling_counts_the_round_starts_the_next_and_cools_off() -> None:
    found = recycled(lead(), POLICY, now=NOW)

    assert (found.recycles, found.cycle) == (1, 2)
    assert found.cool_off_until == NOW + timedelta(days=30)


def test_waivers_and_the_handoff_end_with_a_recycle() -> None:
    before = replace(lead(), waivers=(waiver("need-stated"),), handoff=handoff())

    found = recycled(before, POLICY, now=NOW)

    assert (found.waivers, found.handoff) == ((), None)


def test_a_recycled_lead_no_longer_stands_where_it_does_not_belong() -> None:
    found = recycled(replace(lead(), nonconforming=True), POLICY, now=NOW)

    assert not found.nonconforming
