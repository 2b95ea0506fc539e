"""What the verdicts of the past say of the rules that made them."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fact_cases import a_move, a_round, facts
from page_cases import SHIPPED, with_a_variant

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.measure.facts import Facts, Treatment
from syncd.measure.ledger import Line, Says
from syncd.measure.own_ledger import GateLedger, gate_ledger, stopped_winners
from syncd.measure.proposals import proposals, without_rule

STANDARD = SHIPPED.standard
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
START = datetime(2026, 1, 1, 12, tzinfo=UTC)
SPAN = timedelta(days=90)
DAY = timedelta(days=1)
RULE = RuleId("budget-confirmed")
ALL = ("decision-maker", "budget-confirmed", "budget-at-least-10k", "amount-known-if-confirmed")
ANY = ("need-stated", "timeline-90-days", "demo-attended")
MET = (*ALL, *ANY)

Row = dict[str, Any]


def lead(
    number: int, *, met: bool, won: bool, on: datetime, blocked: bool = False
) -> tuple[Row, Row]:
    """One that meets everything else; `won` within a month, else lost."""
    treatment = Treatment.CONFORMING if met else Treatment.FLAGGED
    move = a_move(
        f"l-{number}",
        at=on,
        standard=STANDARD.version,
        treatment=(Treatment.BLOCKED if blocked else treatment).value,
        met=[x for x in MET if met or x != RULE],
        unmet=[] if met else [RULE],
    )
    ended = {"won_at": on + 30 * DAY, "won_amount": 1000.0} if won else {"lost_at": on + 30 * DAY}
    return a_round(f"l-{number}", **ended), move


def history(
    won_of_met: tuple[int, int], won_of_unmet: tuple[int, int], on: datetime
) -> Iterator[tuple[Row, Row]]:
    """So many won, of so many, that met the rule; and of those that did not."""
    number = (on - START).days * 10_000
    for met, (won, of) in ((True, won_of_met), (False, won_of_unmet)):
        for place in range(of):
            yield lead(number, met=met, won=place < won, on=on)
            number += 1


def facts_of(*leads: tuple[Row, Row]) -> Facts:
    return facts([x for x, _ in leads], [x for _, x in leads])


def ledger_of(given: Facts) -> GateLedger:
    return gate_ledger(given, STANDARD, Stage.SQL, span=SPAN, now=NOW)


def line(found: GateLedger) -> Line:
    return next(x for x in found.lines if x.rule == RULE)


def test_a_rule_whose_leads_win_more_often_predicts() -> None:
    found = line(ledger_of(facts_of(*history((40, 60), (5, 60), START))))

    assert (found.says, found.count.met_won, found.count.met) == (Says.PREDICTS, 40, 60)
    assert (found.count.unmet_won, found.count.unmet) == (5, 60)


def test_a_lead_that_had_less_than_its_time_is_in_no_rate() -> None:
    old, young = lead(1, met=True, won=True, on=START), lead(2, met=True, won=True, on=NOW - DAY)

    found = ledger_of(facts_of(old, young))

    assert (found.judged, found.leads, line(found).count.met) == (2, 1, 1)


def test_of_each_round_the_last_judged_move_counts() -> None:
    round_, first = lead(1, met=False, won=True, on=START, blocked=True)
    _, second = lead(1, met=True, won=True, on=START + DAY)

    found = line(ledger_of(facts([round_], [second, first])))

    assert (found.count.met, found.count.unmet) == (1, 0)


def counts(standard: str, met: list[str], unmet: list[str], rule: str) -> tuple[int, int, int]:
    """Met, unmet and unknown, of one lead with this verdict."""
    round_, move = lead(1, met=True, won=True, on=START)
    said = {**move, "standard": standard, "met": met, "unmet": unmet}
    found = ledger_of(facts([round_], [said]))
    count = next(x.count for x in found.lines if x.rule == rule)
    return count.met, count.unmet, count.unknown


def test_a_rule_that_the_verdict_passes_over_in_silence_was_not_met() -> None:
    """Enough others of its group were; or it only gives points."""
    others = [x for x in MET if x != "need-stated"]

    assert counts(STANDARD.version, others, [], "need-stated") == (0, 1, 0)
    assert counts(STANDARD.version, others, [], "employees-50-plus") == (0, 1, 0)


def test_the_score_is_met_unless_it_is_said_to_fall_short() -> None:
    assert counts(STANDARD.version, list(MET), [], "score") == (1, 0, 0)
    assert counts(STANDARD.version, list(MET), ["score"], "score") == (0, 1, 0)


@pytest.mark.parametrize("rule", ["need-stated", "score", "employees-50-plus"])
def test_of_another_version_silence_says_nothing(rule: str) -> None:
    assert counts("before", list(MET), [], rule) == (0, 0, 1)


def test_of_another_version_a_rule_each_lead_must_meet_is_told_where_it_is_named() -> None:
    others = [x for x in MET if x != RULE]

    assert counts("before", list(MET), [], RULE) == (1, 0, 0)
    assert counts("before", others, [RULE], RULE) == (0, 1, 0)
    assert counts("before", others, [], RULE) == (0, 0, 1)


FADED = (*history((45, 60), (5, 60), START), *history((20, 60), (22, 60), START + 60 * DAY))


def test_a_rule_that_told_winners_apart_and_no_longer_does_has_faded() -> None:
    found = ledger_of(facts_of(*FADED))

    assert [(x.rule, x.older.says, x.newer.says) for x in found.faded] == [
        (RULE, Says.PREDICTS, Says.NOTHING)
    ]


def test_a_rule_of_which_the_newer_leads_are_too_few_has_not_faded() -> None:
    few = (*history((45, 60), (5, 60), START), *history((3, 119), (0, 1), START + 60 * DAY))

    assert ledger_of(facts_of(*few)).faded == ()


@pytest.mark.parametrize(
    ("won_on", "in_period"), [(START + 30 * DAY, 0), (NOW - DAY, 1)], ids=["before", "within"]
)
def test_a_stopped_lead_that_was_won_names_the_rule_that_stopped_it(
    won_on: datetime, in_period: int
) -> None:
    round_, move = lead(1, met=False, won=True, on=START, blocked=True)
    given = facts([round_ | {"won_at": won_on}], [move, move | {"at": START + DAY}])

    found = stopped_winners(given, STANDARD, start=NOW - 5 * DAY, end=NOW)

    assert [(x.rule, x.in_period, x.ever, x.amount) for x in found] == [
        (RULE, in_period, 1, 1000.0 * in_period)
    ]
    assert found[0].lead_ids == (("l-1",) if in_period else ())


def test_a_win_in_a_later_round_of_the_lead_counts_as_well() -> None:
    _, move = lead(1, met=False, won=False, on=START, blocked=True)
    rounds = [a_round("l-1", 1), a_round("l-1", 2, won_at=NOW - DAY, won_amount=7.0)]

    found = stopped_winners(facts(rounds, [move]), STANDARD, start=NOW - 5 * DAY, end=NOW)

    assert [(x.rule, x.in_period) for x in found] == [(RULE, 1)]


@pytest.mark.parametrize(
    "changed", [{"treatment": Treatment.FLAGGED.value}, {"at": NOW}], ids=["let go on", "after it"]
)
def test_what_did_not_stop_it_before_it_was_won_is_not_named(changed: Mapping[str, Any]) -> None:
    round_, move = lead(1, met=False, won=True, on=START, blocked=True)

    found = stopped_winners(facts([round_], [{**move, **changed}]), STANDARD, start=START, end=NOW)

    assert found == ()


def test_a_rule_that_faded_is_proposed_to_go_with_what_the_gate_would_do_without_it() -> None:
    found = ledger_of(facts_of(*FADED))

    proposed = proposals(STANDARD, found, ())

    assert [(x.stage, x.rule) for x in proposed] == [(Stage.SQL, RULE)]
    assert (proposed[0].now.failing.leads, proposed[0].now.failing.won) == (120, 27)
    assert (proposed[0].then.failing.leads, proposed[0].then.passing.won) == (0, 92)


def test_a_rule_that_predicts_is_kept_though_it_stopped_a_winner() -> None:
    found = ledger_of(facts_of(*history((40, 60), (5, 60), START)))

    assert proposals(STANDARD, found, (RULE,)) == ()


def test_a_rule_of_no_difference_is_proposed_to_go_only_where_it_stopped_winners() -> None:
    found = ledger_of(facts_of(*history((20, 60), (20, 60), START)))

    assert proposals(STANDARD, found, ()) == ()
    assert [x.rule for x in proposals(STANDARD, found, (RULE,))] == [RULE]


def test_without_a_rule_the_gate_asks_for_all_the_rest() -> None:
    cut = without_rule(STANDARD, Stage.SQL, RULE)

    assert cut.gates[Stage.SQL].all == tuple(x for x in ALL if x != RULE)
    assert cut.gates[Stage.MQL] == STANDARD.gates[Stage.MQL]
    assert cut.scoring == STANDARD.scoring


def test_a_rule_is_taken_out_of_a_variants_gate_as_well() -> None:
    rule = RuleId("decision-maker")

    cut = without_rule(with_a_variant(STANDARD), Stage.SQL, rule)

    assert all(rule not in x.gates[Stage.SQL].all for x in cut.every_variant())


def test_a_rule_that_is_one_of_several_is_not_proposed_to_go_though_it_misleads() -> None:
    """Of those that meet it fewer win; a gate asks for some of these rules, not for this one."""
    rule = RuleId("need-stated")
    leads = [lead(n, met=True, won=n % 2 == 0, on=START) for n in range(120)]
    rows = [
        (x, y | {"met": [z for z in y["met"] if z != rule], "unmet": [rule]} if x["won_at"] else y)
        for x, y in leads
    ]

    found = ledger_of(facts_of(*rows))

    assert next(x.says for x in found.lines if x.rule == rule) is Says.MISLEADS
    assert proposals(STANDARD, found, ()) == ()


def test_a_difference_that_may_be_as_large_as_it_was_has_not_faded() -> None:
    older = history((22, 30), (10, 30), START)
    newer = history((17, 30), (10, 30), START + 60 * DAY)

    found = ledger_of(facts_of(*older, *newer))

    assert line(found).says is Says.PREDICTS
    assert found.faded == ()


def test_nothing_judged_says_nothing() -> None:
    found = ledger_of(facts())

    assert (found.judged, found.leads, found.faded) == (0, 0, ())
    assert {x.says for x in found.lines} == {Says.TOO_FEW}
