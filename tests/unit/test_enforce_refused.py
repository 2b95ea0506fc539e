"""Refused moves: remembered, told, made again, waived, and fought over at most three times."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from core_cases import NOW, POLICY, REP, waiver
from decide_cases import (
    AT_ONCE,
    DAY,
    HUBSPOT,
    MARKS,
    MINUTE,
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
    marks,
    notes,
    records,
    shows,
    writes,
)

from syncd.core.context import Context
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.mapping import Mark
from syncd.domain.names import STAGE, System
from syncd.domain.stage import Actor, Stage

REAPPLY = replace(AT_ONCE, reapply=True)


def at(minutes: float, *, reapply: bool = False) -> Context:
    return context(NOW + minutes * MINUTE, rules=REAPPLY if reapply else AT_ONCE)


def refused(by: Actor = REP, *, times: int = 1) -> Lead:
    """A lead moved to SQL and moved back, so often, a minute apart, every revert delivered."""
    lead = known(Stage.MQL, budget_confirmed=False)
    for n in range(times):
        moment = NOW - (times - n) * 2 * MINUTE
        found = look(
            lead,
            shows(lead, SALESFORCE, Stage.SQL, at=moment, by=by),
            ctx=context(moment, rules=AT_ONCE),
        )
        lead = delivered(found, at=moment + MINUTE)
    return lead


def completed(lead: Lead, when: datetime = NOW) -> Lead:
    """The budget was confirmed on both sides, before anything was decided on it."""
    seen = (shows(lead, x, at=when, budget_confirmed=True) for x in System)
    sides = {x.snapshot.system: x.snapshot for x in seen}
    return replace(
        lead,
        sides={k: replace(v, seen=sides[k]) for k, v in lead.sides.items()},
    )


# --- memory ------------------------------------------------------------------------------


def test_a_refused_move_is_remembered_for_thirty_days() -> None:
    found = refused().refusal

    assert found
    assert (found.to_stage, found.times) == (Stage.SQL, 1)
    assert found.until - found.refused_at == timedelta(days=30)


def test_a_revert_seen_again_is_quiet() -> None:
    lead = refused()

    assert is_quiet(look(lead, *(shows(lead, x) for x in System), ctx=at(1)))


def test_when_the_lead_later_qualifies_its_mover_is_told_once() -> None:
    lead = completed(refused())

    found = look(lead, ctx=at(1))

    assert alerts(found) == [AlertKind.QUALIFIES]
    assert alert(found, AlertKind.QUALIFIES).alert.to == REP.owner
    assert (found.lead.refusal, found.lead.stage) == (None, Stage.MQL)
    assert alerts(look(found.lead, ctx=at(2))) == []


def test_syncd_never_promotes_anyone_by_itself() -> None:
    found = look(completed(refused(WORKFLOW)), ctx=at(1))

    assert writes(found, SALESFORCE) == writes(found, HUBSPOT) == {}
    assert found.lead.stage is Stage.MQL


def test_a_move_made_by_automation_is_made_again_if_policy_says_reapply() -> None:
    found = look(completed(refused(WORKFLOW)), ctx=at(1, reapply=True))

    assert {x.kind for x in records(found)} - {WriteKind.MARK} == {WriteKind.REAPPLY}
    assert writes(found, SALESFORCE) == writes(found, HUBSPOT) == {STAGE: Stage.SQL}
    assert (found.lead.stage, alerts(found)) == (Stage.SQL, [])
    assert marks(found, HUBSPOT)[MARKS[Mark.VERDICT]] == "meets the SQL standard"


def test_a_persons_move_is_never_made_again() -> None:
    found = look(completed(refused(REP)), ctx=at(1, reapply=True))

    assert records(found, WriteKind.REAPPLY) == ()
    assert alerts(found) == [AlertKind.QUALIFIES]


def test_what_is_made_again_is_made_once() -> None:
    made = delivered(look(completed(refused(WORKFLOW)), ctx=at(1, reapply=True)), at=NOW + MINUTE)

    echo = (shows(made, x, at=NOW + 2 * MINUTE) for x in System)
    assert is_quiet(look(made, *echo, ctx=at(3, reapply=True)))


def test_nothing_is_thought_of_again_while_the_revert_is_on_its_way() -> None:
    before = known(Stage.MQL, budget_confirmed=False)
    lead = look(before, shows(before, SALESFORCE, Stage.SQL), ctx=at(0)).lead

    found = look(completed(lead), ctx=at(1))

    assert AlertKind.QUALIFIES not in alerts(found)
    assert found.lead.refusal


def test_a_refusal_is_forgotten_after_its_time() -> None:
    lead = completed(refused())

    found = look(lead, ctx=context(NOW + 31 * DAY, rules=AT_ONCE))

    assert (found.lead.refusal, alerts(found)) == (None, [])


def test_a_refusal_is_forgotten_once_the_lead_stands_there() -> None:
    lead = completed(refused())

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL), ctx=at(0))

    assert (found.lead.refusal, found.lead.stage) == (None, Stage.SQL)
    assert AlertKind.QUALIFIES not in alerts(found)


def test_a_lead_that_still_lacks_something_waits_in_silence() -> None:
    lead = refused()

    found = look(lead, shows(lead, SALESFORCE, title="CEO"), ctx=at(1))

    assert alerts(found) == []
    assert found.lead.refusal


# --- revert war --------------------------------------------------------------------------


def test_each_refusal_of_the_same_move_is_counted_and_told() -> None:
    lead = refused(WORKFLOW, times=2)
    assert lead.refusal
    assert lead.refusal.times == 2

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL, by=WORKFLOW), ctx=at(0))

    assert alerts(found) == [AlertKind.BLOCKED]
    assert len(notes(found)) == 1


def test_the_same_move_made_again_after_three_reverts_is_contested() -> None:
    lead = refused(WORKFLOW, times=POLICY.contested_after)
    seen = shows(lead, SALESFORCE, Stage.SQL, by=WORKFLOW)

    found = look(lead, seen, ctx=at(0))

    assert found.lead.contest
    assert (records(found), notes(found)) == ((), [])
    assert (alerts(found), audit(found)) == ([AlertKind.CONTESTED], [AuditKind.CONTESTED])
    assert WORKFLOW.label in alert(found, AlertKind.CONTESTED).alert.why[0]
    assert is_quiet(look(found.lead, seen, ctx=at(1)))


def test_another_move_begins_another_count() -> None:
    lead = refused(WORKFLOW, times=POLICY.contested_after)

    found = look(lead, shows(lead, SALESFORCE, Stage.OPPORTUNITY, by=WORKFLOW), ctx=at(0))

    assert found.lead.contest is None
    assert found.lead.refusal
    assert found.lead.refusal.times == 1


def contested() -> Lead:
    lead = refused(WORKFLOW, times=POLICY.contested_after)
    return look(lead, shows(lead, SALESFORCE, Stage.SQL, by=WORKFLOW), ctx=at(0)).lead


def test_a_contested_lead_is_frozen_but_its_moves_are_recorded() -> None:
    lead = contested()

    found = look(lead, shows(lead, SALESFORCE, Stage.OPPORTUNITY, at=NOW + MINUTE), ctx=at(1))

    assert (found.actions, found.verdicts, found.lead.stage) == ((), (), Stage.MQL)
    assert [x.to_stage for x in found.transitions] == [Stage.OPPORTUNITY]


def test_the_fields_of_a_contested_lead_still_travel() -> None:
    lead = contested()

    found = look(lead, shows(lead, HUBSPOT, at=NOW + MINUTE, phone="1"), ctx=at(1))

    assert list(writes(found, SALESFORCE).values()) == ["1"]


def test_a_lead_that_was_released_is_judged_from_the_start() -> None:
    released = replace(contested(), contest=None, refusal=None)

    found = look(released, ctx=at(1))

    assert writes(found, SALESFORCE) == {STAGE: Stage.MQL}
    assert alerts(found) == [AlertKind.BLOCKED]


# --- waivers -----------------------------------------------------------------------------


def test_a_waiver_is_read_when_judging() -> None:
    before = known(Stage.MQL, budget_confirmed=False)
    lead = replace(before, waivers=(waiver("budget-confirmed"),))

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL), ctx=at(0))

    assert (found.lead.stage, found.verdicts[0].waived) == (Stage.SQL, True)
    assert marks(found, SALESFORCE)[MARKS[Mark.VERDICT]] == "meets the SQL standard"
    assert MARKS[Mark.FINDINGS] not in marks(found, SALESFORCE)


@pytest.mark.parametrize(
    "other",
    [
        waiver("employees-50-plus"),
        waiver("budget-confirmed", cycle=2),
        waiver("budget-confirmed", expires_at=NOW),
        replace(waiver("budget-confirmed"), gate=Stage.MQL),
    ],
    ids=["another rule", "another round", "expired", "another gate"],
)
def test_a_waiver_holds_for_its_rules_gate_round_and_time_alone(other: object) -> None:
    before = known(Stage.MQL, budget_confirmed=False)
    lead = replace(before, waivers=(other,))  # type: ignore[arg-type]  # parametrised values are objects

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL), ctx=at(0))

    assert alerts(found) == [AlertKind.BLOCKED]


def test_granting_a_waiver_re_judges_a_refused_move() -> None:
    lead = replace(refused(), waivers=(waiver("budget-confirmed"),))

    found = look(lead, ctx=at(0))

    assert alerts(found) == [AlertKind.QUALIFIES]
    assert found.verdicts[0].waived
