"""Grace: a failing move waits for the rep to complete the record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW, clock, handoff
from decide_cases import (
    AT_ONCE,
    HUBSPOT,
    MINUTE,
    SALESFORCE,
    WORKFLOW,
    alerts,
    audit,
    context,
    is_quiet,
    known,
    look,
    policy,
    records,
    shows,
    writes,
)

from syncd.core.decide import due_at
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.handoff import Rung
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, System
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage

GRACE = policy().grace


def waiting(system: System = SALESFORCE) -> Lead:
    """A lead just moved to SQL without a confirmed budget."""
    before = known(Stage.MQL, budget_confirmed=False)
    return look(before, shows(before, system, Stage.SQL)).lead


def test_a_failing_move_waits_and_does_not_travel_meanwhile() -> None:
    before = known(Stage.MQL, budget_confirmed=False)

    found = look(before, shows(before, SALESFORCE, Stage.SQL))

    assert found.actions == ()
    assert (found.lead.stage, audit(found)) == (Stage.MQL, [AuditKind.GRACE])
    assert found.lead.move
    assert found.lead.move.grace_ends == NOW + GRACE


def test_it_is_judged_again_each_cycle() -> None:
    lead = waiting()

    assert due_at(lead, NOW) == NOW


def test_nothing_is_told_twice_while_it_waits() -> None:
    lead = waiting()

    for minute in range(1, 5):
        found = look(lead, now=NOW + minute * MINUTE)
        assert is_quiet(found)
        assert found.lead == lead


def test_grace_counts_from_when_the_move_was_first_seen_not_from_when_it_was_made() -> None:
    before = known(Stage.MQL, budget_confirmed=False)
    late = shows(before, SALESFORCE, Stage.SQL, at=NOW - 30 * MINUTE)

    found = look(before, late)

    assert found.lead.move
    assert (found.lead.move.at, found.lead.move.grace_ends) == (NOW - 30 * MINUTE, NOW + GRACE)


@pytest.mark.parametrize("mode", [Mode.FLAG, Mode.BLOCK])
def test_when_grace_ends_the_mode_is_carried_out(mode: Mode) -> None:
    lead = waiting()
    ctx = context(NOW + GRACE, rules=policy(sql=mode))

    found = look(lead, ctx=ctx)

    expected = {Mode.FLAG: AlertKind.FLAGGED, Mode.BLOCK: AlertKind.BLOCKED}[mode]
    assert alerts(found) == [expected]
    assert found.lead.move is None


def test_the_verdict_is_recorded_when_grace_ends_and_not_before() -> None:
    before = known(Stage.MQL, budget_confirmed=False)
    first = look(before, shows(before, SALESFORCE, Stage.SQL))

    last = look(first.lead, now=NOW + GRACE)

    assert (len(first.verdicts), len(last.verdicts)) == (0, 1)


@pytest.mark.parametrize("system", System)
def test_a_record_completed_in_time_on_either_side_passes(system: System) -> None:
    lead = waiting()

    found = look(
        lead, shows(lead, system, at=NOW + MINUTE, budget_confirmed=True), now=NOW + 2 * MINUTE
    )

    # The record in front of the mover counts, and a change on the other side is on its way.
    assert found.lead.stage is Stage.SQL
    assert writes(found, HUBSPOT)[STAGE] is Stage.SQL
    assert alerts(found) == []


def test_a_move_that_then_passes_counts_from_its_original_instant() -> None:
    before = known(Stage.LEAD, employees=None)
    made = NOW - 2 * MINUTE
    lead = look(before, shows(before, HUBSPOT, Stage.MQL, at=made)).lead

    found = look(lead, shows(lead, HUBSPOT, at=NOW + MINUTE, employees=60), now=NOW + 2 * MINUTE)

    assert found.lead.handoff
    assert found.lead.handoff.opened_at == made


def test_a_move_taken_back_in_time_is_forgotten_and_recorded() -> None:
    lead = waiting()

    found = look(lead, shows(lead, SALESFORCE, Stage.MQL, at=NOW + MINUTE), now=NOW + MINUTE)

    assert found.lead.move is None
    assert (found.actions, audit(found)) == ((), [AuditKind.GRACE])
    assert len(found.transitions) == 1


def test_a_move_that_goes_on_keeps_its_first_clock() -> None:
    lead = waiting()

    found = look(
        lead, shows(lead, SALESFORCE, Stage.OPPORTUNITY, at=NOW + 3 * MINUTE), now=NOW + 4 * MINUTE
    )

    assert found.lead.move
    assert found.lead.move.to_stage is Stage.OPPORTUNITY
    assert found.lead.move.grace_ends == NOW + GRACE


def test_a_failing_move_suspends_recycling() -> None:
    over = replace(clock(handoff()), steps=((Rung.RECYCLE, NOW - MINUTE),))
    overdue = replace(handoff(), clocks=(over,))
    lead = replace(waiting(), handoff=overdue)

    found = look(lead, ctx=context(NOW + MINUTE, fresh=NOW + MINUTE))

    assert records(found, WriteKind.RECYCLE) == ()
    assert found.lead.handoff


def test_the_connector_copying_a_waiting_move_does_not_restart_its_grace() -> None:
    lead = waiting()
    copied = shows(lead, HUBSPOT, Stage.SQL, at=NOW + MINUTE, by=WORKFLOW)

    found = look(lead, copied, now=NOW + 2 * MINUTE)

    assert found.lead.move
    assert found.lead.move.grace_ends == NOW + GRACE
    assert set(found.lead.move.sides) == set(System)


def test_without_a_grace_nothing_waits() -> None:
    before = known(Stage.MQL, budget_confirmed=False)

    found = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=context(rules=AT_ONCE))

    assert found.lead.move is None
    assert AuditKind.GRACE not in audit(found)
    assert AT_ONCE.grace == timedelta()
