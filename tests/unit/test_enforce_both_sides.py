"""Both sides moved: equal moves are one, different ones are settled by people or by asking."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW, REP
from decide_cases import (
    AT_ONCE,
    HUBSPOT,
    MARKETER,
    MINUTE,
    OTHER_FLOW,
    SALESFORCE,
    WORKFLOW,
    alert,
    alerts,
    audit,
    context,
    delivered,
    is_quiet,
    known,
    look,
    notes,
    policy,
    records,
    shows,
    writes,
)

from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision, Observation
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, System
from syncd.domain.policy import Mode
from syncd.domain.stage import Actor, Stage

ALL = context(rules=AT_ONCE)


def both(
    lead: Lead,
    salesforce: tuple[Stage, Actor, int],
    hubspot: tuple[Stage, Actor, int],
) -> tuple[Observation, Observation]:
    """What each side shows: (stage, by whom, how many minutes ago)."""
    return (
        shows(lead, SALESFORCE, salesforce[0], by=salesforce[1], at=NOW - salesforce[2] * MINUTE),
        shows(lead, HUBSPOT, hubspot[0], by=hubspot[1], at=NOW - hubspot[2] * MINUTE),
    )


def settles(found: Decision, seen: tuple[Observation, ...]) -> bool:
    """Whether deciding again on the same facts changes nothing."""
    return is_quiet(look(found.lead, *seen, ctx=ALL))


# --- equal moves -------------------------------------------------------------------------


def test_equal_moves_are_judged_once_and_count_for_the_person_who_moved() -> None:
    before = known(Stage.SAL, budget_confirmed=False)
    seen = both(before, (Stage.SQL, REP, 1), (Stage.SQL, WORKFLOW, 2))

    found = look(before, *seen, ctx=ALL)

    assert len(found.transitions) == 2
    assert [x.gate for x in found.verdicts] == [Stage.SQL]
    assert alert(found, AlertKind.BLOCKED).alert.to == REP.owner
    assert len(notes(found)) == 1


def test_a_block_restores_every_side_that_departed() -> None:
    before = known(Stage.SAL, budget_confirmed=False)
    seen = both(before, (Stage.SQL, REP, 1), (Stage.SQL, WORKFLOW, 0))

    found = look(before, *seen, ctx=ALL)

    assert writes(found, SALESFORCE) == writes(found, HUBSPOT) == {STAGE: Stage.SAL}
    assert settles(found, seen)


def test_equal_moves_that_pass_are_both_settled_and_nothing_travels() -> None:
    before = known(Stage.SAL)
    seen = both(before, (Stage.SQL, REP, 1), (Stage.SQL, WORKFLOW, 0))

    found = look(before, *seen, ctx=ALL)

    assert not writes(found, SALESFORCE)
    assert not writes(found, HUBSPOT)
    assert settles(found, seen)


# --- different moves ---------------------------------------------------------------------


def test_of_two_different_moves_the_latest_persons_wins_and_travels() -> None:
    before = known(Stage.SAL)
    seen = both(before, (Stage.NURTURE, REP, 5), (Stage.SQL, MARKETER, 1))

    found = look(before, *seen, ctx=ALL)

    assert found.lead.stage is Stage.SQL
    assert writes(found, SALESFORCE) == {STAGE: Stage.SQL}
    assert audit(found).count(AuditKind.CONFLICT) == 1
    assert settles(found, seen)


@pytest.mark.parametrize("minutes", [0, 9])
def test_a_persons_move_wins_over_an_automations_even_an_earlier_one(minutes: int) -> None:
    before = known(Stage.SAL)
    seen = both(before, (Stage.NURTURE, REP, minutes), (Stage.SQL, WORKFLOW, 1))

    found = look(before, *seen, ctx=ALL)

    assert found.lead.stage is Stage.NURTURE
    assert writes(found, HUBSPOT) == {STAGE: Stage.NURTURE}


def test_a_refused_move_drops_out_and_the_other_wins_whoever_made_it() -> None:
    before = known(Stage.SAL, budget_confirmed=False)
    seen = both(before, (Stage.SQL, REP, 0), (Stage.NURTURE, WORKFLOW, 1))

    found = look(before, *seen, ctx=ALL)

    assert found.lead.stage is Stage.NURTURE
    assert writes(found, SALESFORCE) == {STAGE: Stage.NURTURE}
    assert settles(found, seen)


def test_whoever_made_the_move_that_dropped_out_is_told_why() -> None:
    before = known(Stage.SAL, budget_confirmed=False)
    seen = both(before, (Stage.SQL, REP, 0), (Stage.NURTURE, WORKFLOW, 1))

    found = look(before, *seen, ctx=ALL)

    assert alert(found, AlertKind.BLOCKED).alert.to == REP.owner
    assert [x.system for x in notes(found)] == [SALESFORCE]
    assert AuditKind.REFUSED in audit(found)
    assert found.lead.refusal
    assert found.lead.refusal.to_stage is Stage.SQL


def test_a_move_that_fails_has_its_grace_before_it_drops_out() -> None:
    before = known(Stage.SAL, budget_confirmed=False)
    seen = both(before, (Stage.SQL, REP, 0), (Stage.NURTURE, WORKFLOW, 1))
    waiting = look(before, *seen)

    completed = shows(waiting.lead, SALESFORCE, at=NOW + MINUTE, budget_confirmed=True)
    found = look(waiting.lead, completed, now=NOW + 2 * MINUTE)

    assert (records(waiting), audit(waiting)) == ((), [AuditKind.GRACE])
    assert found.lead.stage is Stage.SQL
    assert writes(found, HUBSPOT)[STAGE] is Stage.SQL


def test_two_different_moves_that_are_both_refused_are_both_moved_back() -> None:
    before = known(Stage.MQL, budget_confirmed=False)
    seen = both(before, (Stage.SQL, REP, 0), (Stage.OPPORTUNITY, MARKETER, 1))

    found = look(before, *seen, ctx=ALL)

    assert writes(found, SALESFORCE) == writes(found, HUBSPOT) == {STAGE: Stage.MQL}
    assert found.lead.stage is Stage.MQL
    assert settles(found, seen)


def test_two_automations_that_disagree_are_left_alone_and_a_person_is_asked_once() -> None:
    before = known(Stage.SAL)
    seen = both(before, (Stage.NURTURE, OTHER_FLOW, 1), (Stage.SQL, WORKFLOW, 0))

    found = look(before, *seen, ctx=ALL)

    assert (records(found), alerts(found)) == ((), [AlertKind.CONFLICT])
    assert found.lead.stage is Stage.SAL
    assert settles(found, seen)


def test_asking_ends_the_grace_of_a_move_that_waited() -> None:
    before = known(Stage.SAL, budget_confirmed=False)
    waiting = look(before, shows(before, HUBSPOT, Stage.SQL, by=WORKFLOW)).lead
    completed = shows(waiting, HUBSPOT, at=NOW + MINUTE, budget_confirmed=True)
    moved = shows(waiting, SALESFORCE, Stage.NURTURE, at=NOW + MINUTE, by=OTHER_FLOW)

    found = look(waiting, completed, moved, now=NOW + 2 * MINUTE)
    again = look(found.lead, now=NOW + 3 * MINUTE)

    assert found.lead.move is None
    assert is_quiet(again)


def test_a_winner_that_is_only_flagged_waits_its_grace_and_nothing_is_told_twice() -> None:
    before = known(Stage.SAL, budget_confirmed=False)
    rules = policy(sql=Mode.FLAG)
    seen = both(before, (Stage.SQL, REP, 0), (Stage.NURTURE, WORKFLOW, 1))
    first = look(before, *seen, ctx=context(rules=rules))

    second = look(first.lead, ctx=context(NOW + MINUTE, rules=rules))
    last = look(first.lead, ctx=context(NOW + 5 * MINUTE, rules=rules))

    assert is_quiet(second)
    assert audit(last).count(AuditKind.CONFLICT) == 1
    assert last.lead.stage is Stage.SQL


def test_a_loser_that_cannot_be_told_the_winner_does_not_win_afterwards() -> None:
    """HubSpot cannot be told `customer`: what it shows is a standing disagreement then."""
    before = known(Stage.SQL)
    seen = both(before, (Stage.CUSTOMER, REP, 0), (Stage.NURTURE, MARKETER, 1))

    found = look(before, *seen, ctx=ALL)

    assert found.lead.stage is Stage.CUSTOMER
    assert AuditKind.DISAGREEMENT in audit(found)
    assert settles(found, seen)


def test_the_overwritten_move_is_settled_once_delivered() -> None:
    before = known(Stage.SAL)
    seen = both(before, (Stage.NURTURE, REP, 5), (Stage.SQL, MARKETER, 1))
    found = look(before, *seen, ctx=ALL)

    settled = delivered(found)

    assert all(x.baseline[STAGE] is Stage.SQL for x in settled.sides.values())
    assert not any(x.pending for x in settled.sides.values())
    echo = (shows(settled, x, at=NOW + 2 * MINUTE) for x in System)
    assert is_quiet(look(settled, *echo, now=NOW + timedelta(hours=1)))


def test_a_move_on_a_side_that_is_gone_does_not_compete() -> None:
    before = known(Stage.SAL)
    gone = replace(before.sides[HUBSPOT], gone="deleted")
    lead = replace(before, sides={**before.sides, HUBSPOT: gone})

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL), ctx=ALL)

    assert (found.lead.stage, records(found, WriteKind.PROPAGATE)) == (Stage.SQL, ())
