"""What people answer to a handoff: who may, what it does, and what they are told otherwise."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from answer_cases import (
    ACCEPT,
    OPEN,
    REASONS,
    REJECT,
    RULES,
    SNOOZE,
    THE_BOSS,
    THE_MANAGER,
    THE_REP,
    alert_of,
    is_done,
    offered,
    reply,
    says,
    told,
)
from core_cases import NOW, REP, clock, gate, standard
from decide_cases import HUBSPOT, MINUTE, SALESFORCE, THE_MAP, alerts, records, shows, side, writes

from syncd.core.answers import Answer
from syncd.core.context import Context
from syncd.core.decide import decide, decision_of
from syncd.core.draft import Draft
from syncd.core.judge import Judge
from syncd.core.rejection import REJECTION_REASON
from syncd.domain.action import UpdateAlert, WriteKind
from syncd.domain.alert import Act, AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision
from syncd.domain.handoff import ClockName, HandoffState, Proof
from syncd.domain.lead import Contest, Lead, Round
from syncd.domain.names import OWNER, STAGE, FieldName, HandoffId, System
from syncd.domain.order import RejectHandoff, Via
from syncd.domain.policy import Mode
from syncd.domain.stage import Stage
from syncd.domain.values import Seen

FOR_GOOD = replace(REJECT, reason="wrong-fit")
LATER = replace(REJECT, reason="bad-timing", until=date(2026, 6, 1))


def came_to(draft: Draft) -> Decision:
    return decision_of(draft, draft.lead)


def state(draft: Draft) -> HandoffState | None:
    return draft.lead.handoff.state if draft.lead.handoff else None


# --- who may -----------------------------------------------------------------------------


@pytest.mark.parametrize("by", [THE_REP, THE_REP.upper(), THE_BOSS, THE_MANAGER])
@pytest.mark.parametrize("what", [ACCEPT, REJECT, SNOOZE])
def test_the_owner_and_both_managers_may_answer(what: Answer, by: str) -> None:
    assert is_done(says(offered(), what, by))


@pytest.mark.parametrize("what", [ACCEPT, REJECT, SNOOZE])
def test_nobody_else_may_and_is_told_who_may(what: Answer) -> None:
    found = says(offered(), what, "stranger@corp.example")

    assert (found.lead, found.closed) == (offered(), ())
    assert THE_REP in reply(found)
    assert alert_of(found, AlertKind.GIVEN_UP).alert.to == "stranger@corp.example"
    assert alert_of(found, AlertKind.GIVEN_UP).alert.thread == OPEN.id


def test_on_the_command_line_everybody_may() -> None:
    assert is_done(says(offered(), ACCEPT, "root", via=Via.COMMAND))


def test_a_lead_nobody_has_is_to_be_taken_first() -> None:
    found = says(replace(offered(owner="queue:Inbound"), handoff=replace(OPEN, owner=None)), ACCEPT)

    assert "Nobody has this lead yet" in reply(found)


# --- too late ----------------------------------------------------------------------------


@pytest.mark.parametrize("what", [ACCEPT, REJECT, SNOOZE])
def test_an_answer_to_a_handoff_that_is_over_says_how_it_ended(what: Answer) -> None:
    ended = Round(cycle=1, opened_at=NOW, closed_at=NOW, owner=THE_REP, why="not accepted in time")
    over = replace(offered(Stage.NURTURE), handoff=None, rounds=(ended,))

    found = says(over, what)

    assert found.lead == over
    assert "That handoff is over (not accepted in time)" in reply(found)


def test_an_answer_to_an_earlier_handoff_does_not_touch_the_new_one() -> None:
    found = says(offered(), replace(ACCEPT, handoff_id=HandoffId("handoff:t-9")))

    assert state(found) is HandoffState.ASSIGNED
    assert "newer one" in reply(found)


# --- accept ------------------------------------------------------------------------------


def test_accepting_is_noted_with_who_when_and_where_and_stops_the_clock() -> None:
    found = says(offered(), ACCEPT)

    assert found.lead.handoff
    change = found.lead.handoff.changes[-1]
    assert (change.to, change.by, change.proof) == (HandoffState.ACCEPTED, THE_REP, Proof.SLACK)
    assert (change.at, change.ref) == (NOW, "o-1")
    assert found.lead.handoff.running(ClockName.ACCEPT) is None


def test_accepting_moves_the_stage_to_sal_on_every_side() -> None:
    found = says(offered(), ACCEPT)

    assert found.lead.stage is Stage.SAL
    for system in System:
        assert writes(came_to(found), system) == {STAGE: Stage.SAL}
    assert {x.kind for x in records(came_to(found))} == {WriteKind.PROPAGATE}


def test_the_message_says_that_it_was_accepted() -> None:
    (update,) = (x for x in says(offered(), ACCEPT).actions if isinstance(x, UpdateAlert))

    assert update.alert_key == f"alert:handoff:{OPEN.id}"
    assert THE_REP in update.status


def test_accepting_twice_changes_nothing_the_second_time() -> None:
    once = says(offered(), ACCEPT)

    again = says(once.lead, ACCEPT)

    assert again == Draft(lead=once.lead, now=once.now)


def test_a_stage_that_shows_it_already_is_not_written() -> None:
    lead = replace(offered(), stage=Stage.SAL)
    lead = replace(lead, sides={x: side(x, Stage.SAL) for x in System})

    found = says(lead, ACCEPT)

    assert (state(found), records(came_to(found))) == (HandoffState.ACCEPTED, ())


def test_a_side_that_cannot_be_told_sal_keeps_its_stage() -> None:
    lines = tuple(x for x in THE_MAP.sides[HUBSPOT].stages if x.stage is not Stage.SAL)
    mute = replace(THE_MAP.sides[HUBSPOT], stages=lines)
    ctx = replace(told(), crm=replace(THE_MAP, sides={**THE_MAP.sides, HUBSPOT: mute}))

    found = came_to(says(offered(), ACCEPT, ctx=ctx))

    assert (writes(found, HUBSPOT), writes(found, SALESFORCE)) == ({}, {STAGE: Stage.SAL})


def test_where_no_side_can_be_told_sal_it_is_accepted_all_the_same() -> None:
    sides = {
        system: replace(x, stages=tuple(y for y in x.stages if y.stage is not Stage.SAL))
        for system, x in THE_MAP.sides.items()
    }
    ctx = replace(told(), crm=replace(THE_MAP, sides=sides))

    found = says(offered(), ACCEPT, ctx=ctx)

    assert (found.lead.stage, state(found)) == (Stage.MQL, HandoffState.ACCEPTED)


@pytest.mark.parametrize("mode", [Mode.BLOCK, Mode.FLAG])
def test_a_gate_at_sal_keeps_the_stage_of_a_lead_that_fails_it(mode: Mode) -> None:
    found = says(offered(need=None), ACCEPT, ctx=_guarded(mode))

    assert (found.lead.stage, state(found)) == (Stage.MQL, HandoffState.ACCEPTED)
    assert records(came_to(found)) == ()
    assert "The need is written down" in reply(found)


@pytest.mark.parametrize(
    ("mode", "need"), [(Mode.OBSERVE, None), (Mode.BLOCK, "a bridge")], ids=["observed", "met"]
)
def test_a_gate_at_sal_that_is_met_or_only_observed_lets_it_pass(
    mode: Mode, need: str | None
) -> None:
    found = says(offered(need=need), ACCEPT, ctx=_guarded(mode))

    assert (found.lead.stage, is_done(found)) == (Stage.SAL, True)


def _guarded(mode: Mode) -> Context:
    rules = replace(RULES, modes={Stage.SAL: mode})
    guard = replace(standard(replace(gate("need-stated"), stage=Stage.SAL)), rejections=REASONS)
    return replace(told(rules=rules), standard=guard, judge=Judge(guard))


def test_what_a_person_accepted_in_slack_and_moved_in_the_crm_is_one_acceptance() -> None:
    clicked = says(offered(), ACCEPT).lead

    found = decide(
        clicked, {SALESFORCE: shows(clicked, SALESFORCE, Stage.SAL, at=NOW + 2 * MINUTE)}, told()
    )

    assert found.lead.handoff
    accepted = [x for x in found.lead.handoff.changes if x.to is HandoffState.ACCEPTED]
    assert [x.at for x in accepted] == [NOW]


# --- reject ------------------------------------------------------------------------------


def test_rejected_for_now_it_goes_back_to_nurture_everywhere() -> None:
    found = says(offered(), REJECT)

    assert (found.lead.stage, found.lead.handoff) == (Stage.NURTURE, None)
    assert [x.state for x in found.closed] == [HandoffState.REJECTED]
    for system in System:
        assert writes(came_to(found), system) == {STAGE: Stage.NURTURE, OWNER: "queue:Nurture"}


def test_rejected_until_a_day_it_sleeps_until_then_where_its_team_is() -> None:
    found = says(offered(), LATER)

    assert found.lead.cool_off_until == datetime(2026, 5, 31, 22, tzinfo=UTC)


def test_rejected_for_good_it_is_disqualified_everywhere_and_keeps_its_owner() -> None:
    found = says(offered(), FOR_GOOD)

    assert (found.lead.stage, found.lead.recycles) == (Stage.DISQUALIFIED, 0)
    for system in System:
        assert writes(came_to(found), system) == {STAGE: Stage.DISQUALIFIED}


def test_what_was_said_is_kept_with_the_handoff_and_for_whoever_gets_the_lead_next() -> None:
    what = replace(
        REJECT, missing=(FieldName("budget_confirmed"),), objection="too dear", note="call in May"
    )

    found = says(offered(), what)

    rejection = found.closed[0].rejection
    assert rejection
    assert (rejection.reason, rejection.objection) == ("not-ready", "too dear")
    (was,) = found.lead.rounds
    assert was.why == (
        "rejected by sales: not ready to buy: missing at handoff: budget confirmed; "
        "objection: too dear; call in May"
    )


def test_what_was_said_is_personal_and_the_reason_is_not() -> None:
    found = says(offered(), replace(REJECT, objection="too dear", note="call in May"))

    (entry,) = (x for x in found.audit if x.kind is AuditKind.REJECTED)
    assert entry.facts["reason"] == "not-ready"
    assert entry.facts["via"] == "slack"
    assert entry.personal == {"by": THE_REP, "objection": "too dear", "note": "call in May"}


def test_whoever_it_goes_back_to_is_told_why() -> None:
    sent = alert_of(says(offered(), replace(REJECT, objection="too dear")), AlertKind.RECYCLED)

    assert "Rejected by sales: not ready to buy." in sent.alert.why
    assert any("too dear" in line for line in sent.alert.why)


def test_rejecting_twice_is_too_late_the_second_time() -> None:
    once = says(offered(), REJECT)

    again = says(once.lead, REJECT)

    assert again.lead == once.lead
    assert "That handoff is over (rejected by sales: not ready to buy)" in reply(again)


def test_a_rejected_lead_is_left_alone_by_the_next_decision() -> None:
    rejected = says(offered(), REJECT).lead

    found = decide(rejected, {}, told(NOW + timedelta(days=9), fresh=NOW + timedelta(days=9)))

    assert (found.actions, found.lead.handoff) == ((), None)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (replace(REJECT, reason="bored"), '"bored"'),
        (replace(LATER, until=None), "needs the day"),
        (replace(LATER, until=NOW.date()), "no day to come"),
        (replace(REJECT, until=date(2026, 6, 1)), "for reasons that wait"),
    ],
    ids=["no such reason", "no day", "a day that is over", "a day for nothing"],
)
def test_a_rejection_that_does_not_hold_together_is_sent_back(
    what: RejectHandoff, why: str
) -> None:
    found = says(offered(), what)

    assert found.lead == offered()
    assert why in reply(found)


def test_a_lead_that_cannot_be_moved_back_cannot_be_rejected() -> None:
    sides = offered().sides
    fixed = replace(sides[HUBSPOT], seen=replace(sides[HUBSPOT].seen, fixed="an open deal"))

    found = says(replace(offered(), sides={**sides, HUBSPOT: fixed}), REJECT)

    assert "an open deal" in reply(found)
    assert found.closed == ()


def test_a_contested_lead_has_to_be_released_first() -> None:
    contest = Contest(since=NOW, to_stage=Stage.SQL, actor=REP, times=3)

    found = says(replace(offered(), contest=contest), REJECT)

    assert "syncd release" in reply(found)


def test_rejected_after_its_last_round_it_is_retired() -> None:
    found = says(replace(offered(), cycle=3, recycles=2), REJECT)

    assert found.lead.stage is Stage.DISQUALIFIED
    assert "retired after 3 rounds" in found.lead.rounds[-1].why


# --- while a move waits ------------------------------------------------------------------


def waiting() -> Lead:
    """Its owner moved it to SQL without a budget, and may still fill that in."""
    before = offered(budget_confirmed=False)
    found = decide(before, {SALESFORCE: shows(before, SALESFORCE, Stage.SQL)}, told())
    assert found.lead.move
    return found.lead


def test_rejecting_ends_a_move_that_waits() -> None:
    found = says(waiting(), REJECT)

    assert (found.lead.stage, found.lead.move) == (Stage.NURTURE, None)
    assert writes(came_to(found), SALESFORCE)[STAGE] == Stage.NURTURE
    assert decide(found.lead, {}, told()).actions == ()


def test_accepting_leaves_a_move_that_waits_to_its_grace() -> None:
    found = says(waiting(), ACCEPT)

    assert (state(found), records(came_to(found))) == (HandoffState.ACCEPTED, ())
    assert found.lead.move


# --- in the CRM --------------------------------------------------------------------------


def moved(stage: Stage, *, also: Mapping[FieldName, Seen] | None = None) -> Decision:
    before = offered()
    seen = shows(before, SALESFORCE, stage, also=also)
    return decide(before, {SALESFORCE: seen}, told())


def test_whoever_rejects_by_moving_the_stage_is_not_moved_elsewhere() -> None:
    found = moved(Stage.LEAD)

    assert found.lead.stage is Stage.LEAD
    assert STAGE not in writes(found, SALESFORCE)
    assert writes(found, HUBSPOT)[STAGE] == Stage.LEAD


def test_rejected_in_the_crm_the_round_is_over_and_it_cools_off() -> None:
    found = moved(Stage.NURTURE).lead

    assert (found.cycle, found.recycles) == (2, 1)
    assert found.cool_off_until == NOW + MINUTE + timedelta(days=30)
    assert [x.why for x in found.rounds] == ["rejected by sales"]


def test_disqualified_in_the_crm_it_is_out() -> None:
    found = moved(Stage.DISQUALIFIED).lead

    assert (found.cycle, found.recycles, found.cool_off_until) == (2, 0, None)


@pytest.mark.parametrize("shown", ["wrong-fit", "The wrong fit"])
def test_a_mapped_field_tells_the_reason_by_its_id_or_in_its_words(shown: str) -> None:
    found = moved(Stage.NURTURE, also={REJECTION_REASON: shown})

    assert found.closed[0].rejection
    assert found.closed[0].rejection.reason == "wrong-fit"
    assert (found.lead.stage, found.lead.recycles) == (Stage.NURTURE, 0)


def test_whom_it_was_given_to_in_the_same_breath_keeps_it() -> None:
    found = moved(Stage.LEAD, also={OWNER: "sdr@corp.example"})

    assert OWNER not in writes(found, SALESFORCE)


def test_where_nobody_said_why_nobody_is_told_more() -> None:
    assert AlertKind.RECYCLED not in alerts(moved(Stage.NURTURE))


# --- snooze ------------------------------------------------------------------------------


def test_a_snooze_puts_the_deadline_off() -> None:
    found = says(offered(), SNOOZE)

    assert clock(OPEN).due_at == datetime(2026, 3, 3, 16, tzinfo=UTC)
    assert clock(found.lead.handoff).due_at == datetime(2026, 3, 4, 10, tzinfo=UTC)


def test_the_message_says_until_when_it_was_put_off_and_can_still_be_answered() -> None:
    (update,) = (x for x in says(offered(), SNOOZE).actions if isinstance(x, UpdateAlert))

    assert (update.alert_key, update.ends) == (f"alert:handoff:{OPEN.id}", Act.SNOOZE)
    assert update.status == (
        "Snoozed by rep@corp.example, Tue 3 Mar 13:00 (Europe/Berlin): "
        "now accept by Wed 4 Mar 11:00 (Europe/Berlin)"
    )


def test_a_handoff_is_snoozed_once() -> None:
    once = says(offered(), SNOOZE)

    again = says(once.lead, SNOOZE)

    assert again.lead == once.lead
    assert "snoozed already" in reply(again)


def test_without_a_snooze_in_the_policy_nothing_is_put_off() -> None:
    found = says(offered(), SNOOZE, ctx=told(rules=replace(RULES, snooze=None)))

    assert "knows no snooze" in reply(found)


def test_what_is_accepted_has_nothing_to_put_off() -> None:
    found = says(says(offered(), ACCEPT).lead, SNOOZE)

    assert "No deadline runs" in reply(found)
