from collections.abc import Mapping
from datetime import timedelta

import pytest
from core_cases import (
    BUDGET,
    DEMO,
    EMPLOYEES,
    LEAD,
    MOVE,
    NEED,
    NOW,
    ROLE,
    SCORING,
    gate,
    standard,
    waiver,
)

from syncd.core.judge import Case, Judge
from syncd.domain.names import FieldName, LeadId, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import BandName, Gate, Scoring
from syncd.domain.values import Seen, Unreadable
from syncd.domain.verdict import (
    COOL_OFF_RULE,
    SCORE_RULE,
    Finding,
    Result,
    Unknown,
    Unmet,
    Verdict,
    Waiver,
)

TORN = Unreadable(why="two records differ")
GOOD: Mapping[FieldName, Seen] = {
    EMPLOYEES: 60,
    BUDGET: True,
    ROLE: "decision-maker",
    NEED: "a new CRM",
    DEMO: NOW.date(),
}
SOME = (2, ("decision-maker", "need-stated", "demo-attended"))


def verdict(
    the_gate: Gate,
    values: Mapping[FieldName, Seen],
    *waivers: Waiver,
    extra: tuple[Finding, ...] = (),
    scoring: Scoring | None = None,
) -> Verdict:
    case = Case(
        transition=MOVE,
        lead_id=LEAD,
        cycle=1,
        values=values,
        now=NOW,
        waivers=waivers,
        extra=extra,
    )
    return Judge(standard(the_gate, scoring=scoring)).judge(Stage.SQL, case)


def ids(found: Verdict) -> list[str]:
    return [x.rule for x in found.findings]


def test_a_lead_that_meets_every_rule_passes_and_the_rules_met_are_named() -> None:
    found = verdict(gate("employees-50-plus", "budget-confirmed"), GOOD)

    assert (found.result, found.findings, found.waived) == (Result.PASSES, (), False)
    assert found.met == (RuleId("employees-50-plus"), RuleId("budget-confirmed"))


def test_the_verdict_says_what_was_judged_against_what_and_when() -> None:
    found = verdict(gate("need-stated"), GOOD)

    assert (found.gate, found.transition, found.lead_id) == (Stage.SQL, MOVE, LEAD)
    assert (found.standard, found.judged_at) == ("2026-03", NOW)


def test_every_unmet_rule_is_a_finding_with_value_seen_and_value_needed() -> None:
    found = verdict(gate("employees-50-plus", "need-stated"), {**GOOD, EMPLOYEES: 12, NEED: None})

    assert found.result is Result.FAILS
    assert found.findings[0] == Finding(
        rule=RuleId("employees-50-plus"),
        says="The company has at least 50 employees",
        fix="Look the headcount up and fill in Employees.",
        outcome=Unmet(seen="12", needed="at least 50"),
    )
    assert ids(found) == ["employees-50-plus", "need-stated"]


def test_an_unreadable_field_leaves_the_verdict_unknown() -> None:
    found = verdict(gate("employees-50-plus", "need-stated"), {**GOOD, EMPLOYEES: TORN})

    assert found.result is Result.UNKNOWN
    assert isinstance(found.findings[0].outcome, Unknown)


def test_a_certain_failure_beats_an_unknown_rule() -> None:
    found = verdict(gate("employees-50-plus", "need-stated"), {**GOOD, EMPLOYEES: TORN, NEED: None})

    assert found.result is Result.FAILS
    assert len(found.findings) == 2


def test_enough_rules_of_an_any_group_leave_no_finding() -> None:
    found = verdict(gate(any_of=SOME), {**GOOD, NEED: None})

    assert (found.result, found.findings) == (Result.PASSES, ())


def test_an_any_group_short_of_rules_says_how_many_are_needed() -> None:
    found = verdict(gate(any_of=SOME), {**GOOD, NEED: None, ROLE: "user"})

    assert found.result is Result.FAILS
    assert found.findings[1].outcome == Unmet(
        seen="nothing", needed="a value (2 of these 3 are needed, 1 so far)"
    )


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({NEED: TORN, ROLE: "user"}, Result.UNKNOWN),
        ({NEED: TORN, ROLE: "user", DEMO: None}, Result.FAILS),
        ({NEED: TORN}, Result.PASSES),
    ],
)
def test_an_any_group_is_unknown_only_while_unknown_rules_could_decide_it(
    values: dict[FieldName, Seen], result: Result
) -> None:
    assert verdict(gate(any_of=SOME), {**GOOD, **values}).result is result


def test_an_unknown_rule_of_an_any_group_also_says_how_many_are_needed() -> None:
    found = verdict(gate(any_of=SOME), {**GOOD, NEED: TORN, ROLE: "user"})

    assert found.findings[1].outcome == Unknown(
        why="need cannot be read: two records differ (2 of these 3 are needed, 1 so far)"
    )


def test_a_waived_rule_is_kept_but_does_not_count() -> None:
    found = verdict(gate("need-stated"), {**GOOD, NEED: None}, waiver("need-stated"))

    assert (found.result, found.waived) == (Result.PASSES, True)
    assert [x.waived for x in found.findings] == [True]


def test_a_waiver_for_one_rule_does_not_excuse_another() -> None:
    found = verdict(
        gate("employees-50-plus", "need-stated"),
        {**GOOD, NEED: None, EMPLOYEES: 1},
        waiver("need-stated"),
    )

    assert (found.result, found.waived) == (Result.FAILS, False)
    assert [x.waived for x in found.findings] == [False, True]


def test_a_waiver_nobody_needed_is_not_told() -> None:
    found = verdict(gate("need-stated"), GOOD, waiver("need-stated"))

    assert (found.result, found.waived) == (Result.PASSES, False)


@pytest.mark.parametrize(
    "foreign",
    [
        waiver("need-stated", cycle=2),
        waiver("need-stated", expires_at=NOW),
        Waiver(
            id="w",
            lead_id=LEAD,
            gate=Stage.MQL,
            rules=(RuleId("need-stated"),),
            reason="",
            by="",
            cycle=1,
            granted_at=NOW,
            expires_at=NOW + timedelta(days=1),
        ),
        Waiver(
            id="w",
            lead_id=LeadId("another"),
            gate=Stage.SQL,
            rules=(RuleId("need-stated"),),
            reason="",
            by="",
            cycle=1,
            granted_at=NOW,
            expires_at=NOW + timedelta(days=1),
        ),
    ],
    ids=["another round", "expired", "another gate", "another lead"],
)
def test_a_waiver_holds_only_for_its_own_lead_gate_round_and_time(foreign: Waiver) -> None:
    found = verdict(gate("need-stated"), {**GOOD, NEED: None}, foreign)

    assert found.result is Result.FAILS


def test_an_any_group_held_by_a_waiver_keeps_only_the_waived_finding() -> None:
    found = verdict(gate(any_of=SOME), {**GOOD, NEED: None, ROLE: "user"}, waiver("need-stated"))

    assert (found.result, found.waived, ids(found)) == (Result.PASSES, True, ["need-stated"])


def test_a_waiver_an_any_group_does_not_need_is_not_told() -> None:
    found = verdict(gate(any_of=SOME), {**GOOD, NEED: None}, waiver("need-stated"))

    assert (found.result, found.waived, ids(found)) == (Result.PASSES, False, [])


def test_a_score_below_its_band_is_a_finding_that_says_what_would_lift_it() -> None:
    values = {**GOOD, EMPLOYEES: 12, FieldName("last_engaged_at"): NOW - timedelta(days=10)}

    found = verdict(gate(score=BandName.SALES_READY), values, scoring=SCORING)

    assert found.result is Result.FAILS
    assert found.findings == (
        Finding(
            rule=SCORE_RULE,
            says="The score is sales-ready",
            fix=(
                "What would lift it: The company has at least 50 employees (+40), engagement (+15)."
            ),
            outcome=Unmet(seen="25 (nurture)", needed="at least 60"),
        ),
    )


def test_a_score_that_reaches_its_band_passes_and_is_kept() -> None:
    values = {**GOOD, FieldName("last_engaged_at"): NOW}

    found = verdict(gate(score=BandName.SALES_READY), values, scoring=SCORING)

    assert found.result is Result.PASSES
    assert found.score is not None
    assert found.score.points == 80


def test_a_score_that_unknown_parts_could_lift_is_unknown() -> None:
    values = {**GOOD, FieldName("last_engaged_at"): TORN}

    found = verdict(gate(score=BandName.SALES_READY), values, scoring=SCORING)

    assert found.result is Result.UNKNOWN
    assert found.findings[0].outcome == Unknown(
        why="it scores 50 of 60 needed, but engagement cannot be told"
    )


def test_a_score_can_be_waived_like_a_rule() -> None:
    found = verdict(gate(score=BandName.SALES_READY), {}, waiver(SCORE_RULE), scoring=SCORING)

    assert (found.result, found.waived) == (Result.PASSES, True)


def test_findings_the_standard_knows_nothing_of_count_as_well() -> None:
    cooling = Finding(
        rule=COOL_OFF_RULE, says="", fix="", outcome=Unmet(seen="too soon", needed="time")
    )

    found = verdict(gate("need-stated"), GOOD, extra=(cooling,))

    assert (found.result, ids(found)) == (Result.FAILS, [COOL_OFF_RULE])


def test_findings_the_standard_knows_nothing_of_can_be_waived() -> None:
    cooling = Finding(
        rule=COOL_OFF_RULE, says="", fix="", outcome=Unmet(seen="too soon", needed="time")
    )

    found = verdict(gate("need-stated"), GOOD, waiver(COOL_OFF_RULE), extra=(cooling,))

    assert (found.result, found.waived) == (Result.PASSES, True)


def test_a_stage_without_a_gate_cannot_be_judged() -> None:
    judge = Judge(standard(gate("need-stated")))
    case = Case(transition=MOVE, lead_id=LEAD, cycle=1, values={}, now=NOW)

    with pytest.raises(KeyError):
        judge.judge(Stage.CUSTOMER, case)
