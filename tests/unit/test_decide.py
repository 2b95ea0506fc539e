"""The whole of deciding: order, idempotence, and what is stored when the brake holds it."""

from dataclasses import replace

import pytest
from core_cases import BUDGET, NOW, handoff, planned
from decide_cases import (
    AT_ONCE,
    HUBSPOT,
    MARKETER,
    MINUTE,
    SALESFORCE,
    alerts,
    context,
    is_quiet,
    known,
    look,
    nobody,
    shows,
    writes,
)

from syncd.core.decide import due_at
from syncd.domain.alert import AlertKind
from syncd.domain.decision import Observation
from syncd.domain.handoff import Rung
from syncd.domain.names import STAGE, System
from syncd.domain.stage import Stage


@pytest.mark.parametrize("stage", [Stage.NURTURE, Stage.MQL, Stage.SAL, Stage.SQL])
@pytest.mark.parametrize("budget", [True, False, None])
@pytest.mark.parametrize("system", System)
def test_run_twice_on_the_same_facts_it_changes_nothing_the_second_time(
    system: System, stage: Stage, budget: bool | None
) -> None:
    before = known()
    seen = shows(before, system, stage, budget_confirmed=budget, phone="1")
    ctx = context(rules=AT_ONCE)
    first = look(before, seen, ctx=ctx)

    again = look(first.lead, seen, ctx=ctx)

    assert is_quiet(again)
    assert again.lead == first.lead


def test_nothing_seen_and_nothing_due_decides_nothing() -> None:
    assert is_quiet(look(known()))
    assert is_quiet(look(nobody()))


def test_fields_are_merged_before_the_stage_is_judged() -> None:
    before = known(Stage.MQL, budget_confirmed=None)
    ctx = context(rules=AT_ONCE)

    found = look(
        before,
        shows(before, HUBSPOT, budget_confirmed=True),
        shows(before, SALESFORCE, Stage.SQL),
        ctx=ctx,
    )

    assert found.lead.stage is Stage.SQL
    assert writes(found, SALESFORCE) == {BUDGET: True}
    assert writes(found, HUBSPOT) == {STAGE: Stage.SQL}


def test_what_was_observed_is_kept_apart_from_what_was_decided() -> None:
    before = known(Stage.LEAD)

    found = look(before, shows(before, HUBSPOT, Stage.MQL, by=MARKETER))

    assert found.observed.stage is Stage.LEAD
    assert found.observed.sides[HUBSPOT].baseline[STAGE] is Stage.LEAD
    assert found.observed.sides[HUBSPOT].seen.values[STAGE] is Stage.MQL
    assert found.lead.sides[HUBSPOT].baseline[STAGE] is Stage.MQL


def test_a_move_in_its_grace_comes_before_the_next_deadline() -> None:
    before = replace(known(Stage.MQL, budget_confirmed=False), handoff=handoff())

    found = look(before, shows(before, SALESFORCE, Stage.SQL, by=MARKETER))

    assert found.due_at == NOW
    assert due_at(replace(found.lead, move=None), NOW) == planned(handoff(), Rung.WARN)


def test_while_a_crm_cannot_be_read_a_failing_move_waits_longer() -> None:
    before = known(Stage.MQL, budget_confirmed=False)
    waiting = look(before, shows(before, SALESFORCE, Stage.SQL)).lead
    later = NOW + 9 * MINUTE

    blind = look(waiting, ctx=replace(context(later), blind=True))
    seeing = look(waiting, ctx=context(later))

    assert is_quiet(blind)
    assert alerts(seeing) == [AlertKind.BLOCKED]


def test_a_lead_whose_every_record_is_gone_rests() -> None:
    before = known()
    gone = tuple(shows(before, x) for x in System)
    lost = look(
        before,
        *(Observation(snapshot=replace(x.snapshot, deleted=True)) for x in gone),
    )

    assert is_quiet(look(lost.lead, now=NOW + MINUTE))
