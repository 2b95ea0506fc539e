"""What the gate to MQL asks of a lead that came round before."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from core_cases import DEMO, EMPLOYEES, ENGAGED, NOW, POLICY, SCORING, lead, standard
from decide_cases import context

from syncd.core.comeback import extra_findings
from syncd.core.context import Context
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName
from syncd.domain.standard import AtLeast, DecayingPoints, FieldTest, Scoring, Variant
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import (
    COOL_OFF_RULE,
    MOST_CYCLES_RULE,
    REQUALIFY_RULE,
    Finding,
    Unknown,
    Unmet,
)

COOLING = replace(lead(cycle=2), cool_off_until=NOW + timedelta(days=3))
RECYCLED_AT = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
BACK = replace(lead(cycle=2), recycled_at=RECYCLED_AT)


def plain_findings(back: Lead) -> tuple[Finding, ...]:
    return extra_findings(back, {}, context())


def test_a_lead_still_cooling_off_is_told_until_when() -> None:
    (found,) = plain_findings(COOLING)

    assert found.rule == COOL_OFF_RULE
    assert found.outcome == Unmet(
        seen="cooling off until 6 Mar 2026 12:00 UTC (in 3 days)", needed="the time to pass"
    )
    assert found.fix == "Wait until 6 Mar 2026 12:00 UTC, or ask for a waiver."


@pytest.mark.parametrize("fine", [lead(), replace(COOLING, cool_off_until=NOW), lead(cycle=3)])
def test_a_lead_that_cooled_off_and_came_round_seldom_enough_has_no_finding(fine: Lead) -> None:
    assert plain_findings(fine) == ()


def test_a_lead_that_came_round_too_often_is_told_how_often_it_may() -> None:
    (found,) = plain_findings(lead(cycle=4))

    assert found.rule == MOST_CYCLES_RULE
    assert found.outcome == Unmet(seen="round 4", needed="at most 3 rounds")


def test_all_findings_are_kept() -> None:
    found = plain_findings(replace(COOLING, cycle=4))

    assert [x.rule for x in found] == [COOL_OFF_RULE, MOST_CYCLES_RULE]


# --- new interest ------------------------------------------------------------------------


def asking(points: int | None, scoring: Scoring | None = SCORING) -> Context:
    needed = None if points is None else Decimal(points)
    rules = replace(POLICY, recycle=replace(POLICY.recycle, requalify_points=needed))
    return context(rules=rules, gates=standard(scoring=scoring))


def engaged(at: Seen) -> Mapping[FieldName, Seen]:
    return {ENGAGED: at}


@pytest.mark.parametrize("at", [None, RECYCLED_AT, RECYCLED_AT - timedelta(days=1)])
def test_interest_of_before_it_was_recycled_does_not_bring_a_lead_back(at: Seen) -> None:
    (found,) = extra_findings(BACK, engaged(at), asking(30))

    assert found.rule == REQUALIFY_RULE
    assert found.outcome == Unmet(seen="0 points since then", needed="at least 30 points")
    assert "since 1 Feb 2026 09:00 UTC" in found.fix


def test_new_interest_counts_whole_however_long_ago_it_was() -> None:
    month_ago = RECYCLED_AT + timedelta(seconds=1)

    assert extra_findings(BACK, engaged(month_ago), asking(30)) == ()


def test_less_interest_than_asked_for_is_not_enough() -> None:
    (found,) = extra_findings(BACK, engaged(NOW), asking(31))

    assert found.outcome == Unmet(seen="30 points since then", needed="at least 31 points")


def test_what_is_announced_for_later_has_not_happened() -> None:
    (found,) = extra_findings(BACK, engaged(NOW + timedelta(days=2)), asking(30))

    assert isinstance(found.outcome, Unmet)


def test_a_day_counts_as_its_first_moment() -> None:
    assert extra_findings(BACK, engaged(date(2026, 2, 2)), asking(30)) == ()
    assert extra_findings(BACK, engaged(date(2026, 2, 1)), asking(30)) != ()


def test_interest_of_several_kinds_adds_up() -> None:
    demo = DecayingPoints(name="demo", field=DEMO, points=Decimal(5), half_life=timedelta(days=10))
    scoring = replace(SCORING, points=(*SCORING.points, demo))

    assert extra_findings(BACK, {ENGAGED: NOW, DEMO: NOW}, asking(35, scoring)) == ()


def test_interest_that_cannot_be_read_is_not_held_against_a_lead() -> None:
    (found,) = extra_findings(BACK, engaged(Unreadable("no date")), asking(30))

    assert isinstance(found.outcome, Unknown)


@pytest.mark.parametrize(
    ("back", "ctx"),
    [(lead(), asking(30)), (lead(cycle=2), asking(30)), (BACK, asking(None))],
    ids=["its first round", "recycled before syncd noted when", "nothing is asked"],
)
def test_nothing_more_is_asked(back: Lead, ctx: Context) -> None:
    assert extra_findings(back, engaged(None), ctx) == ()


def test_a_standard_without_scoring_cannot_ask() -> None:
    assert extra_findings(BACK, {}, asking(30, None)) == ()


# --- variants ----------------------------------------------------------------------------

LENIENT = replace(SCORING, points=(replace(SCORING.points[-1], points=Decimal(60)),))
LARGE = FieldTest(EMPLOYEES, AtLeast(1000))


def asking_large(scoring: Scoring | None) -> Context:
    """Asks for 31 points; what large companies do gives as many as this scoring says."""
    plain = asking(31)
    enterprise = Variant(name="enterprise", applies=LARGE, gates={}, scoring=scoring)
    gates = replace(plain.standard, variants=(enterprise,))
    return context(rules=plain.policy, gates=gates)


@pytest.mark.parametrize(
    ("employees", "rules"), [(1000, []), (60, [REQUALIFY_RULE]), (None, [REQUALIFY_RULE])]
)
def test_new_interest_counts_by_the_score_of_the_leads_variant(
    employees: Seen, rules: list[str]
) -> None:
    found = extra_findings(BACK, {**engaged(NOW), EMPLOYEES: employees}, asking_large(LENIENT))

    assert [x.rule for x in found] == rules


def test_where_the_variant_cannot_be_told_interest_enough_for_one_is_not_held_against_it() -> None:
    untold = {**engaged(NOW), EMPLOYEES: Unreadable("two records differ")}

    (found,) = extra_findings(BACK, untold, asking_large(LENIENT))

    assert found.outcome == Unknown(
        why="it depends on the variant of the standard, which cannot be told"
    )


def test_interest_too_little_for_any_variant_is_too_little() -> None:
    untold = {**engaged(None), EMPLOYEES: Unreadable("two records differ")}

    (found,) = extra_findings(BACK, untold, asking_large(LENIENT))

    assert isinstance(found.outcome, Unmet)


def test_a_variant_without_scoring_asks_for_no_interest() -> None:
    assert extra_findings(BACK, {EMPLOYEES: 1000}, asking_large(None)) == ()
