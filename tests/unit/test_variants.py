"""One standard, asked of several kinds of leads: which variant holds, and what it comes to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from core_cases import (
    NOW,
    SCORING,
    gate,
    standard,
    waiver,
)
from variant_cases import FROM_PARTNER, LARGE, SEGMENTED, TORN, judged, lead, variant

from syncd.core.variants import Variants, variant_of
from syncd.core.waivable import asked_at
from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    EVERYBODY,
    UNTOLD,
    Band,
    BandName,
)
from syncd.domain.values import Seen
from syncd.domain.verdict import SCORE_RULE, VARIANT_RULE, Result, Unknown, Unmet


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (lead(), EVERYBODY),
        (lead(employees=1000), "enterprise"),
        (lead(source="Partner"), "partner"),
        (lead(employees=1000, source="Partner"), "enterprise"),
        (lead(employees=1000, source=TORN), "enterprise"),
        (lead(employees=TORN), UNTOLD),
        (lead(employees=TORN, source="Partner"), UNTOLD),
    ],
)
def test_the_first_variant_that_certainly_applies_holds(
    values: Mapping[FieldName, Seen], name: str
) -> None:
    assert variant_of(SEGMENTED, values, NOW) == name


def test_below_a_variant_in_doubt_all_stay_possible_down_to_a_certain_one() -> None:
    variants = Variants(SEGMENTED)

    doubts = [
        [x.name for x in variants.may_hold(values, NOW)]
        for values in (
            lead(employees=TORN),
            lead(employees=TORN, source=TORN),
            lead(employees=TORN, source="Partner"),
        )
    ]

    assert doubts == [
        ["enterprise", EVERYBODY],
        ["enterprise", "partner", EVERYBODY],
        ["enterprise", "partner"],
    ]


def test_a_lead_is_held_to_the_rules_of_its_variant_alone() -> None:
    no_budget = {"budget_confirmed": False}

    large, small = judged(lead(employees=1000, **no_budget)), judged(lead(**no_budget))

    assert (large.result, large.variant) == (Result.FAILS, "enterprise")
    assert [x.rule for x in large.findings] == ["budget-confirmed"]
    assert (small.result, small.variant, small.findings) == (Result.PASSES, EVERYBODY, ())


def test_without_variants_everybody_is_judged_alike() -> None:
    found = judged(lead(employees=TORN), by=standard(gate("decision-maker")))

    assert (found.result, found.variant) == (Result.PASSES, EVERYBODY)


def test_a_lead_that_fails_whichever_variant_holds_fails() -> None:
    found = judged(lead(employees=TORN, buying_role="intern"))

    assert (found.result, found.variant) == (Result.FAILS, UNTOLD)
    assert [x.rule for x in found.findings] == ["decision-maker", VARIANT_RULE]


def test_a_lead_that_fails_as_one_of_those_it_may_be_is_unknown() -> None:
    found = judged(lead(employees=TORN, budget_confirmed=False))

    assert found.result is Result.UNKNOWN
    budget, doubt = found.findings
    assert budget.outcome == Unmet(seen="no", needed="yes (asked of enterprise)")
    assert doubt.says == "The lead is judged as enterprise or everybody"
    assert doubt.outcome == Unknown(why="employees cannot be read: two records differ")


def test_a_lead_that_passes_whichever_variant_holds_passes() -> None:
    found = judged(lead(employees=TORN))

    assert (found.result, found.variant, found.waived) == (Result.PASSES, UNTOLD, False)
    assert found.findings == ()
    assert found.met == (RuleId("decision-maker"), RuleId("budget-confirmed"))


def test_what_keeps_each_variant_from_being_told_is_said_once() -> None:
    found = judged(lead(employees=TORN, source=TORN, budget_confirmed=False))

    assert found.findings[-1].outcome == Unknown(
        why="employees cannot be read: two records differ; "
        "source cannot be read: two records differ"
    )


def test_an_unknown_rule_of_one_variant_says_of_whom_it_is_asked() -> None:
    found = judged(lead(employees=TORN, budget_confirmed=TORN))

    assert found.findings[0].outcome == Unknown(
        why="budget confirmed cannot be read: two records differ (asked of enterprise)"
    )


def test_a_waiver_counts_in_every_variant() -> None:
    values = lead(employees=TORN, buying_role="intern")

    found = judged(values, waiver("decision-maker"))

    assert (found.result, found.waived) == (Result.PASSES, True)
    assert [(x.rule, x.waived) for x in found.findings] == [("decision-maker", True)]


def test_a_lead_in_doubt_is_not_called_waived_though_it_would_be_as_one_of_them() -> None:
    values = lead(employees=TORN, buying_role="intern", budget_confirmed=False)

    found = judged(values, waiver("decision-maker"))

    assert (found.result, found.waived) == (Result.UNKNOWN, False)


# --- the score ---------------------------------------------------------------------------

STRICT = replace(
    SCORING, bands=(*SCORING.bands[:2], Band(name=BandName.SALES_READY, minimum=Decimal(90)))
)
READY = gate(score=BandName.SALES_READY)
SCORED = replace(
    standard(READY, scoring=SCORING),
    variants=(variant("enterprise", LARGE, READY, STRICT),),
)


def test_a_variant_may_ask_for_another_score() -> None:
    fresh = {"last_engaged_at": NOW - timedelta(hours=1)}

    large, small = (judged(lead(employees=x, **fresh), by=SCORED) for x in (1000, 60))

    assert small.result is Result.PASSES
    assert large.result is Result.FAILS
    assert [(x.rule, x.outcome) for x in large.findings] == [
        (SCORE_RULE, Unmet(seen="79.9 (warm)", needed="at least 90"))
    ]


def test_where_variants_score_alike_the_score_is_told_in_doubt_too() -> None:
    alike = replace(SCORED, variants=(variant("partner", FROM_PARTNER, READY, SCORING),))

    found = judged(lead(source=TORN, last_engaged_at=None), by=alike)

    assert found.score is not None
    assert found.score.points == 50


def test_where_variants_score_differently_no_score_is_told_in_doubt() -> None:
    apart = replace(SCORED, variants=(variant("partner", FROM_PARTNER, READY, STRICT),))

    found = judged(lead(source=TORN, last_engaged_at=NOW), by=apart)

    assert (found.score, found.result) == (None, Result.UNKNOWN)


# --- what an exception can be made of ----------------------------------------------------


def test_every_rule_that_any_variant_asks_can_be_waived_but_not_which_variant_holds() -> None:
    assert asked_at(Stage.SQL, SEGMENTED) == (
        "decision-maker",
        "budget-confirmed",
        "need-stated",
        SCORE_RULE,
    )
