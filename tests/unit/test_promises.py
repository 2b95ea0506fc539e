"""Handoffs, their clocks and recycling, as decided with a lead: DESIGN section 6."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from core_cases import EVERYBODY, LEAD, NOW, POLICY, REP, climbed, clock, handoff, planned, waiver
from decide_cases import (
    AT_ONCE,
    DAY,
    ENFORCE_FROM,
    HOUR,
    HUBSPOT,
    LONG_AGO,
    MARKETER,
    MARKS,
    MINUTE,
    SALESFORCE,
    alert,
    alerts,
    audit,
    context,
    delivered,
    is_quiet,
    known,
    look,
    marks,
    records,
    shows,
    side,
    statuses,
    writes,
)

from syncd.core.context import Context
from syncd.core.decide import due_at
from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision
from syncd.domain.handoff import ClockName, Handoff, HandoffState, Rung
from syncd.domain.lead import Contest, Lead
from syncd.domain.mapping import Mark
from syncd.domain.names import OWNER, STAGE, RecordId, System
from syncd.domain.policy import AcceptNeeds, Mode
from syncd.domain.record import Activity
from syncd.domain.stage import Actor, Stage
from syncd.domain.values import Unreadable
from syncd.domain.verdict import COOL_OFF_RULE

OPEN = handoff()


WARNED = climbed(OPEN, Rung.WARN)
BREACHED = climbed(OPEN, Rung.WARN, Rung.BREACH)
WARN_AT, DUE_AT, EXPIRES_AT = (
    planned(OPEN, rung) for rung in (Rung.WARN, Rung.BREACH, Rung.RECYCLE)
)


def offered(handoff: Handoff = OPEN) -> Lead:
    """An MQL with an open handoff."""
    return replace(known(Stage.MQL), handoff=handoff)


def overdue() -> Lead:
    return offered(BREACHED)


def at_its_end(lead: Lead) -> Lead:
    """With nothing left of its handoff but to recycle it, now."""
    assert lead.handoff
    over = replace(clock(lead.handoff), steps=((Rung.RECYCLE, NOW),))
    return replace(lead, handoff=replace(lead.handoff, clocks=(over,)))


def past(deadline: datetime) -> Context:
    """A minute after, with both CRMs read that far."""
    now = deadline + MINUTE
    return context(now, fresh=now)


def closed(found: Decision) -> list[HandoffState]:
    return [x.state for x in found.closed]


def to_mql(by: Actor = MARKETER, at: datetime = NOW, **values: str | None) -> Decision:
    before = known(Stage.LEAD, **values)
    return look(before, shows(before, HUBSPOT, Stage.MQL, by=by, at=at))


# --- opening -----------------------------------------------------------------------------


def test_a_handoff_opens_at_mql_and_the_receiver_is_told() -> None:
    found = to_mql()

    assert found.lead.handoff
    assert (found.lead.handoff.owner, clock(found.lead.handoff).started_at) == (REP.owner, NOW)
    said = alert(found, AlertKind.HANDOFF).alert
    assert said.to == REP.owner
    facts: Mapping[str, str] = dict(said.facts)
    assert {"Source", "Owner", "Accept by"} <= facts.keys()
    assert any("at least 50 employees" in line for line in said.why)
    assert audit(found) == [AuditKind.HANDOFF]


def test_an_owner_who_got_the_lead_after_it_was_offered_is_not_blamed_for_the_time_before() -> None:
    before = known(Stage.LEAD, owner="queue:Inbound")
    given = NOW + 20 * MINUTE
    seen = (
        shows(before, HUBSPOT, Stage.MQL, by=MARKETER, at=NOW),
        shows(before, SALESFORCE, at=given, by=None, owner=REP.owner),
    )

    found = look(before, *seen, now=given + MINUTE).lead.handoff

    assert found
    assert (found.opened_at, found.owner) == (NOW, REP.owner)
    assert clock(found).started_at == given
    assert [(x.name, x.stopped_at) for x in found.clocks if not x.is_running] == [
        (ClockName.ASSIGN, given)
    ]


def test_an_owner_who_got_the_lead_before_it_was_offered_answers_from_the_offer_on() -> None:
    before = known(Stage.LEAD, owner="queue:Inbound")
    seen = (
        shows(before, SALESFORCE, at=NOW - MINUTE, by=None, owner=REP.owner),
        shows(before, HUBSPOT, Stage.MQL, by=MARKETER, at=NOW),
    )

    found = look(before, *seen, now=NOW + MINUTE).lead.handoff

    assert found
    assert [(x.name, x.started_at) for x in found.clocks] == [(ClockName.ACCEPT, NOW)]


@pytest.mark.parametrize("owner", [None, "queue:Inbound"])
def test_a_handoff_opens_assigned_or_not_and_a_queue_counts_as_unassigned(
    owner: str | None,
) -> None:
    found = to_mql(owner=owner)

    assert found.lead.handoff
    assert (found.lead.handoff.owner, found.lead.handoff.state) == (None, HandoffState.OPENED)
    assert alert(found, AlertKind.HANDOFF).alert.to == POLICY.alerts.manager


def test_the_alert_says_what_is_missing() -> None:
    before = known(Stage.LEAD, employees=10)
    flagging = replace(AT_ONCE, modes={Stage.MQL: Mode.FLAG})

    found = look(before, shows(before, HUBSPOT, Stage.MQL), ctx=context(rules=flagging))

    why = alert(found, AlertKind.HANDOFF).alert.why
    assert any(line.startswith("Missing:") and "50 employees" in line for line in why)


@pytest.mark.parametrize("stage", [Stage.SAL, Stage.SQL, Stage.NURTURE])
def test_no_handoff_opens_at_another_stage(stage: Stage) -> None:
    before = known(Stage.LEAD)

    assert look(before, shows(before, HUBSPOT, stage)).lead.handoff is None


@pytest.mark.parametrize("higher", [Stage.SAL, Stage.SQL])
def test_coming_down_to_mql_offers_nothing(higher: Stage) -> None:
    before = known(higher)

    assert look(before, shows(before, HUBSPOT, Stage.MQL)).lead.handoff is None


def test_a_move_from_before_enforce_from_offers_nothing() -> None:
    before = known(Stage.LEAD)
    early = replace(
        before,
        sides={
            k: replace(v, stage_since=LONG_AGO, seen=replace(v.seen, modified_at=LONG_AGO))
            for k, v in before.sides.items()
        },
    )

    found = look(early, shows(early, HUBSPOT, Stage.MQL, at=ENFORCE_FROM - MINUTE))

    assert (found.lead.stage, found.lead.handoff) == (Stage.MQL, None)


def test_a_second_mql_move_leaves_the_open_handoff_alone() -> None:
    lead = replace(offered(), stage=Stage.MQL)
    moved = replace(lead, sides={**lead.sides, HUBSPOT: side(HUBSPOT, Stage.LEAD)})

    found = look(moved, shows(moved, HUBSPOT, Stage.MQL))

    assert found.lead.handoff
    assert found.lead.handoff.id == OPEN.id


def test_a_move_found_long_after_it_was_made_starts_the_clock_when_it_is_found() -> None:
    found = to_mql(at=NOW - 36 * MINUTE)

    assert found.lead.handoff
    assert found.lead.handoff.opened_at == NOW


# --- closing -----------------------------------------------------------------------------


def test_at_sal_it_is_accepted_and_stays_open() -> None:
    lead = offered()

    found = look(lead, shows(lead, SALESFORCE, Stage.SAL))

    assert (closed(found), found.lead.handoff and found.lead.handoff.state) == (
        [],
        HandoffState.ACCEPTED,
    )
    (update,) = statuses(found)
    assert update.alert_key == f"alert:handoff:{OPEN.id}"
    assert update.status.startswith("Accepted by rep@corp.example")


@pytest.mark.parametrize("stage", [Stage.SQL, Stage.OPPORTUNITY])
def test_from_sql_on_it_is_qualified_and_over(stage: Stage) -> None:
    lead = offered()

    found = look(lead, shows(lead, SALESFORCE, stage))

    assert closed(found) == [HandoffState.QUALIFIED]
    assert found.lead.handoff is None
    assert [x.to for x in found.closed[0].changes][-2:] == [
        HandoffState.ACCEPTED,
        HandoffState.QUALIFIED,
    ]


@pytest.mark.parametrize("stage", [Stage.LEAD, Stage.NURTURE, Stage.DISQUALIFIED])
def test_rejected_means_a_stage_below_mql(stage: Stage) -> None:
    lead = offered()

    found = look(lead, shows(lead, SALESFORCE, stage))

    assert closed(found) == [HandoffState.REJECTED]
    assert stage in found.closed[0].closed_because


def unqualified(owner: str = "rep@corp.example") -> Lead:
    sides = tuple(side(x, Stage.MQL, budget_confirmed=False, owner=owner) for x in System)
    opened = OPEN if owner.startswith("rep") else handoff(owner=None)
    return replace(known(Stage.MQL, *sides), handoff=opened)


def test_a_blocked_sql_attempt_by_the_owner_counts_as_acceptance() -> None:
    lead = unqualified()

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL, by=REP), ctx=context(rules=AT_ONCE))

    assert found.lead.handoff
    assert found.lead.handoff.state is HandoffState.ACCEPTED
    assert (found.lead.stage, alerts(found)) == (Stage.MQL, [AlertKind.BLOCKED])


@pytest.mark.parametrize(
    ("owner", "by"),
    [("rep@corp.example", MARKETER), ("queue:Inbound", REP)],
    ids=["by somebody else", "of a queue"],
)
def test_a_blocked_attempt_by_anybody_else_accepts_nothing(owner: str, by: Actor) -> None:
    lead = unqualified(owner)

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL, by=by), ctx=context(rules=AT_ONCE))

    assert found.lead.handoff
    assert not found.lead.handoff.state.is_accepted


def test_a_handoff_of_a_lead_that_is_gone_everywhere_is_superseded() -> None:
    lead = replace(known(Stage.MQL, side(SALESFORCE, Stage.MQL)), handoff=OPEN)
    gone = shows(lead, SALESFORCE)

    found = look(lead, replace(gone, snapshot=replace(gone.snapshot, deleted=True)))

    assert closed(found) == [HandoffState.SUPERSEDED]


# --- owners and activities ---------------------------------------------------------------


def test_the_first_assignment_ends_the_systems_own_delay() -> None:
    lead = replace(known(Stage.MQL, owner=None), handoff=handoff(owner=None))

    found = look(
        lead,
        shows(lead, SALESFORCE, at=NOW + MINUTE, owner="new@corp.example"),
        now=NOW + 3 * MINUTE,
    ).lead.handoff

    assert found
    assert (found.owner, found.state) == ("new@corp.example", HandoffState.ASSIGNED)
    assert [x.stopped_at for x in found.clocks if x.name is ClockName.ASSIGN] == [NOW + MINUTE]
    assert clock(found).started_at == NOW + MINUTE


def test_a_lead_given_back_to_a_queue_waits_for_an_owner_since_then() -> None:
    lead = offered()

    found = look(
        lead, shows(lead, SALESFORCE, at=NOW + MINUTE, owner="queue:In"), now=NOW + 9 * MINUTE
    )

    assert clock(found.lead.handoff, ClockName.ASSIGN).started_at == NOW + MINUTE
    assert AlertKind.REASSIGNED not in alerts(found)


def test_an_owner_who_cannot_be_read_is_not_nobody() -> None:
    lead = offered()
    unknown = Unreadable("what Salesforce shows is not an owner syncd knows there")

    found = look(
        lead,
        shows(lead, SALESFORCE, at=NOW + MINUTE, owner=unknown),
        shows(lead, HUBSPOT, at=NOW + MINUTE, owner=None),
        now=NOW + 9 * MINUTE,
    )

    assert found.lead.handoff == lead.handoff


def test_an_assignment_found_long_after_it_was_made_starts_the_clock_when_it_is_found() -> None:
    lead = replace(known(Stage.MQL, owner=None), handoff=handoff(owner=None))

    found = look(
        lead, shows(lead, SALESFORCE, at=NOW + MINUTE, owner="new@corp.example"), now=NOW + HOUR
    )

    assert clock(found.lead.handoff).started_at == NOW + HOUR


def test_where_saying_yes_is_enough_by_now_whoever_said_it_has_kept_the_promise() -> None:
    strict = replace(EVERYBODY, accept_needs=AcceptNeeds.ACTIVITY)
    before = handoff(policy=replace(POLICY, segments=(strict,)))
    lead = replace(known(Stage.MQL), handoff=before)
    said = look(
        lead,
        shows(lead, SALESFORCE, Stage.SAL),
        ctx=context(NOW + HOUR, rules=replace(POLICY, segments=(strict,))),
    ).lead
    assert said.handoff
    assert said.handoff.running(ClockName.ACCEPT)

    found = look(said, ctx=context(NOW + 2 * HOUR, rules=POLICY)).lead.handoff

    assert found
    assert not found.running(ClockName.ACCEPT)


def call(at: datetime) -> Activity:
    return Activity(
        system=SALESFORCE,
        id="1",
        record_id=RecordId("00Q1"),
        kind="call",
        at=at,
        owner_id="005",
        by_syncd=False,
    )


@pytest.mark.parametrize("stage", [Stage.NURTURE, Stage.SQL])
def test_a_touch_is_noted_on_the_handoff_that_ends_with_the_same_look(stage: Stage) -> None:
    lead = offered()
    ended = shows(lead, SALESFORCE, stage, at=NOW + 2 * MINUTE)

    found = look(lead, ended, now=NOW + 3 * MINUTE, activities=[call(NOW + MINUTE)])

    (over,) = found.closed
    assert (over.first_touch_at, over.first_touch_by) == (NOW + MINUTE, "005")
    assert found.lead.unjudged == ()


def test_a_touch_is_noted_on_the_handoff_whose_record_is_found_gone_with_the_same_look() -> None:
    lead = replace(known(Stage.MQL, side(SALESFORCE, Stage.MQL)), handoff=OPEN)
    gone = shows(lead, SALESFORCE, at=NOW + 2 * MINUTE)
    gone = replace(gone, snapshot=replace(gone.snapshot, deleted=True))

    found = look(lead, gone, now=NOW + 3 * MINUTE, activities=[call(NOW + MINUTE)])

    assert [x.first_touch_at for x in found.closed] == [NOW + MINUTE]


def test_a_call_after_the_end_belongs_to_no_handoff_that_is_over() -> None:
    lead = offered()

    found = look(
        lead,
        shows(lead, SALESFORCE, Stage.NURTURE),
        now=NOW + HOUR,
        activities=[call(NOW + MINUTE)],
    )

    assert [x.first_touch_at for x in found.closed] == [None]


def test_a_touch_is_noted_on_the_open_handoff() -> None:
    found = look(offered(), now=NOW + HOUR, activities=[call(NOW + MINUTE)])

    assert found.lead.handoff
    assert found.lead.handoff.first_touch_at == NOW + MINUTE
    assert found.actions == ()


# --- the clock ---------------------------------------------------------------------------


def test_a_warning_then_a_breach_then_the_end_each_once() -> None:
    lead = offered()
    told = []
    for deadline in (WARN_AT, DUE_AT, EXPIRES_AT):
        for _ in range(2):
            found = look(lead, ctx=past(deadline))
            told += alerts(found)
            lead = found.lead

    assert told == [AlertKind.SLA_WARNING, AlertKind.SLA_BREACH, AlertKind.RECYCLED]
    assert lead.handoff is None


def test_the_next_deadline_is_when_the_lead_wants_a_decision() -> None:
    lead = offered()

    assert due_at(lead, NOW) == WARN_AT
    assert due_at(look(lead, ctx=past(WARN_AT)).lead, NOW) == DUE_AT
    assert due_at(overdue(), NOW) == EXPIRES_AT
    assert due_at(known(), NOW) is None


@pytest.mark.parametrize("deadline", [WARN_AT, DUE_AT, EXPIRES_AT])
@pytest.mark.parametrize("stale", [None, timedelta(0), timedelta(hours=5)])
def test_no_deadline_is_judged_on_stale_data(deadline: datetime, stale: timedelta | None) -> None:
    lead = offered({WARN_AT: OPEN, DUE_AT: WARNED, EXPIRES_AT: BREACHED}[deadline])
    fresh = None if stale is None else deadline - stale

    found = look(lead, ctx=context(deadline + DAY, fresh=fresh))

    assert found.actions == ()
    assert found.lead == lead


def test_a_move_seen_with_the_deadline_comes_first() -> None:
    lead = overdue()
    seen = shows(lead, SALESFORCE, Stage.SAL, at=EXPIRES_AT - MINUTE)

    found = look(lead, seen, ctx=past(EXPIRES_AT))

    assert found.lead.handoff
    assert found.lead.handoff.state is HandoffState.ACCEPTED
    assert records(found, WriteKind.RECYCLE) == ()


def test_after_downtime_the_end_comes_once_and_says_that_it_is_late() -> None:
    found = look(overdue(), ctx=past(EXPIRES_AT + DAY))

    assert closed(found) == [HandoffState.EXPIRED]
    assert found.closed[0].closed_because == "late"
    assert any("late" in line for line in alert(found, AlertKind.RECYCLED).alert.why)


# --- recycling ---------------------------------------------------------------------------


def test_at_expiry_every_side_is_recycled() -> None:
    found = look(overdue(), ctx=past(EXPIRES_AT))

    for system in System:
        assert writes(found, system) == {STAGE: Stage.NURTURE, OWNER: "queue:Nurture"}
        assert marks(found, system)[MARKS[Mark.RECYCLES]] == 1
        assert marks(found, system)[MARKS[Mark.RECYCLE_REASON]] == "not accepted in time"
    assert (closed(found), alerts(found)) == ([HandoffState.EXPIRED], [AlertKind.RECYCLED])
    assert AuditKind.RECYCLED in audit(found)


def test_a_recycled_lead_is_back_in_nurture_for_another_round() -> None:
    lead = replace(overdue(), waivers=(waiver("budget-confirmed"),))

    found = look(lead, ctx=past(EXPIRES_AT)).lead

    assert (found.stage, found.cycle, found.recycles) == (Stage.NURTURE, 2, 1)
    assert (found.waivers, found.handoff) == ((), None)
    assert found.cool_off_until == EXPIRES_AT + MINUTE + 30 * DAY


def test_a_recycle_that_was_delivered_is_quiet() -> None:
    now = EXPIRES_AT + MINUTE
    settled = delivered(look(overdue(), ctx=past(EXPIRES_AT)), at=now)

    echo = (shows(settled, x, at=now + MINUTE) for x in System)
    found = look(settled, *echo, ctx=past(EXPIRES_AT + HOUR))

    assert is_quiet(found)
    assert {x.baseline[STAGE] for x in settled.sides.values()} == {Stage.NURTURE}


def test_recycling_calls_back_a_stage_that_is_still_on_its_way() -> None:
    """The MQL move never reached Salesforce, which still shows nurture."""
    before = known(Stage.NURTURE)
    lead = look(before, shows(before, HUBSPOT, Stage.MQL, by=MARKETER)).lead

    found = look(at_its_end(lead), ctx=past(NOW))

    assert found.lead.sides[SALESFORCE].pending[STAGE].writes is Stage.NURTURE


def test_without_a_nurture_owner_the_owner_stays() -> None:
    keeping = replace(POLICY, recycle=replace(POLICY.recycle, owner=None))
    now = EXPIRES_AT + MINUTE

    found = look(overdue(), ctx=context(now, fresh=now, rules=keeping))

    assert writes(found, HUBSPOT) == {STAGE: Stage.NURTURE}


def test_a_locked_side_is_not_recycled_and_a_fixed_lead_never() -> None:
    lead = overdue()
    target = lead.sides[SALESFORCE]
    fixed = replace(target, seen=replace(target.seen, fixed="it has an open deal"))

    found = look(replace(lead, sides={**lead.sides, SALESFORCE: fixed}), ctx=past(EXPIRES_AT))

    assert (closed(found), records(found), alerts(found)) == ([HandoffState.SUPERSEDED], (), [])
    assert found.closed[0].closed_because == "it has an open deal"


def test_a_contested_lead_is_not_recycled() -> None:
    contest = Contest(since=NOW, to_stage=Stage.SQL, actor=REP, times=3)

    found = look(replace(overdue(), contest=contest), ctx=past(EXPIRES_AT))

    assert (found.actions, closed(found)) == ((), [])


def test_an_owner_that_cannot_be_read_is_not_written_over() -> None:
    lead = overdue()
    blurred = shows(lead, HUBSPOT, owner=Unreadable("unknown user"))

    found = look(lead, blurred, ctx=past(EXPIRES_AT))

    assert writes(found, HUBSPOT) == {STAGE: Stage.NURTURE}


# --- coming round again ------------------------------------------------------------------


def recycled() -> Lead:
    now = EXPIRES_AT + MINUTE
    return delivered(look(overdue(), ctx=past(EXPIRES_AT)), at=now)


def test_within_the_cool_off_a_recycled_lead_is_not_mql_again() -> None:
    lead = recycled()
    at = EXPIRES_AT + DAY

    found = look(lead, shows(lead, HUBSPOT, Stage.MQL, at=at), ctx=context(at, rules=AT_ONCE))

    assert [f.rule for v in found.verdicts for f in v.findings] == [COOL_OFF_RULE]
    assert writes(found, HUBSPOT) == {STAGE: Stage.NURTURE}


def test_a_recycled_lead_that_returns_is_the_next_cycle_and_offered_again() -> None:
    lead = recycled()
    at = EXPIRES_AT + 31 * DAY

    found = look(lead, shows(lead, HUBSPOT, Stage.MQL, at=at), ctx=context(at, rules=AT_ONCE))

    assert found.lead.handoff
    assert (found.lead.handoff.cycle, found.lead.stage) == (2, Stage.MQL)
    assert ("Round", "2") in alert(found, AlertKind.HANDOFF).alert.facts


def test_a_refused_move_of_a_recycled_lead_must_pass_every_gate_again() -> None:
    before = unqualified()
    blocked = look(
        before, shows(before, SALESFORCE, Stage.SQL, by=MARKETER), ctx=context(rules=AT_ONCE)
    )
    lead = delivered(blocked)
    gone_round = delivered(look(at_its_end(lead), ctx=past(NOW)), at=NOW + 2 * MINUTE)

    confirmed = (shows(gone_round, x, at=NOW + HOUR, budget_confirmed=True) for x in System)
    found = look(gone_round, *confirmed, ctx=context(NOW + HOUR, rules=AT_ONCE))

    assert gone_round.refusal
    assert AlertKind.QUALIFIES not in alerts(found)  # it has not cooled off


def test_a_handoff_belongs_to_its_lead_and_round() -> None:
    found = to_mql().lead.handoff

    assert isinstance(found, Handoff)
    assert (found.lead_id, found.cycle, found.state) == (LEAD, 1, HandoffState.ASSIGNED)
