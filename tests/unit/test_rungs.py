"""The rungs of the ladder as decided with a lead: who is told, who gets it next."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from core_cases import EVERYBODY, NOW, POLICY, climbed, clock, handoff, planned
from decide_cases import (
    HUBSPOT,
    MINUTE,
    SALESFORCE,
    alert,
    alerts,
    context,
    delivered,
    known,
    look,
    records,
    shows,
    statuses,
    writes,
)

from syncd.core.context import Context
from syncd.domain.action import WriteKind
from syncd.domain.alert import Act, AlertKind
from syncd.domain.calendar import BusinessHours
from syncd.domain.decision import Decision
from syncd.domain.handoff import ClockName, Handoff, HandoffState, Proof, Rung
from syncd.domain.lead import Lead, Round
from syncd.domain.names import OWNER, RecordId, System
from syncd.domain.policy import Ladder, Policy
from syncd.domain.record import Activity, Directory, Person
from syncd.domain.stage import Stage

REP, HEIR, SPARE, QUEUE = "rep@corp.example", "heir@corp.example", "spare@corp.example", "queue:In"
BOSS, HEAD = "boss@corp.example", "manager@corp.example"
HOUR = timedelta(hours=1)
LADDER = Ladder(
    warn_at=0.75,
    escalate_after=BusinessHours(HOUR),
    reassign_after=BusinessHours(2 * HOUR),
    reassign_to=(HEIR, SPARE),
    recycle_after=BusinessHours(8 * HOUR),
)
SEGMENT = replace(EVERYBODY, touch_within=BusinessHours(12 * HOUR), ladder=LADDER, manager=BOSS)


def promising(*reassign_to: str, away: Collection[str] = ()) -> Policy:
    ladder = replace(LADDER, reassign_to=reassign_to or LADDER.reassign_to)
    days = {who: frozenset(NOW.date() + timedelta(days=x) for x in range(9)) for who in away}
    return replace(POLICY, segments=(replace(SEGMENT, ladder=ladder),), away=days)


OPEN = handoff(policy=promising())


def person(owner: str, *, active: bool = True) -> Person:
    return Person(
        id=owner,
        owner=owner,
        name=owner,
        email=None,
        active=active,
        is_queue=owner.startswith("queue:"),
    )


def staff(*people: Person) -> dict[System, Directory]:
    by_owner = {x.owner: x for x in people}
    return dict.fromkeys(System, Directory(by_id=by_owner, by_user_id={}, by_owner=by_owner))


EVERYONE = staff(*map(person, (REP, HEIR, SPARE, QUEUE)))


def at(
    rung: Rung,
    *done: Rung,
    rules: Policy | None = None,
    people: dict[System, Directory] | None = None,
    start: Handoff | None = None,
) -> Decision:
    """A minute after this rung is planned, those named before it done."""
    before = climbed(start or OPEN, *done)
    lead = replace(known(Stage.MQL), handoff=before)
    name = ClockName.ACCEPT if before.owner else ClockName.ASSIGN
    return look(lead, ctx=past(planned(before, rung, name), rules or promising(), people))


def past(
    deadline: datetime, rules: Policy, people: dict[System, Directory] | None = None
) -> Context:
    now = deadline + MINUTE
    ctx = context(now, fresh=now, rules=rules)
    return replace(ctx, people=EVERYONE if people is None else people)


def reassigned(**given: object) -> Decision:
    return at(Rung.REASSIGN, Rung.WARN, Rung.BREACH, Rung.ESCALATE, **given)  # type: ignore[arg-type]  # as `at` takes them


# --- who is told -------------------------------------------------------------------------


def test_the_owner_is_warned_and_can_answer_at_once() -> None:
    told = alert(at(Rung.WARN), AlertKind.SLA_WARNING).alert

    assert told.to == REP
    assert told.acts == (Act.ACCEPT, Act.REJECT, Act.SNOOZE, Act.NOT_USEFUL)
    assert (told.subject, told.thread) == (OPEN.id, OPEN.id)


def test_a_breach_goes_to_the_segments_manager_and_then_to_the_policys() -> None:
    breach = alert(at(Rung.BREACH, Rung.WARN), AlertKind.SLA_BREACH).alert
    escalated = alert(at(Rung.ESCALATE, Rung.WARN, Rung.BREACH), AlertKind.ESCALATED).alert

    assert (breach.to, escalated.to) == (BOSS, HEAD)
    assert "Otherwise it is passed on" in breach.next_step


def test_a_manager_who_is_away_is_passed_over() -> None:
    found = at(Rung.BREACH, Rung.WARN, rules=promising(away=(BOSS,)))

    assert alert(found, AlertKind.SLA_BREACH).alert.to == HEAD


def test_a_missed_touch_says_so_and_says_that_somebody_tried() -> None:
    call = Activity(
        system=SALESFORCE,
        id="1",
        record_id=RecordId("00Q1"),
        kind="call",
        at=NOW + MINUTE,
        owner_id="005",
        by_syncd=False,
        reached=False,
    )
    lead = look(replace(known(Stage.MQL), handoff=OPEN), activities=[call], now=NOW + HOUR).lead
    lead = look(lead, shows(lead, SALESFORCE, Stage.SAL, at=NOW + HOUR), now=NOW + HOUR).lead
    due = planned(lead.handoff, Rung.BREACH, ClockName.TOUCH)

    told = alert(look(lead, ctx=past(due, promising())), AlertKind.SLA_BREACH).alert

    assert told.title == "Nobody got in touch with Jane Doe in time"
    assert "Nobody has reached the lead yet, but somebody tried once." in told.why
    assert told.acts == (Act.REJECT, Act.NOT_USEFUL)


def accepted_after(deadline: timedelta) -> Lead:
    """Accepted so long after the deadline, before syncd had looked."""
    at = planned(OPEN, Rung.BREACH) + deadline
    lead = replace(known(Stage.MQL), handoff=climbed(OPEN, Rung.WARN))
    return look(lead, shows(lead, SALESFORCE, Stage.SAL, at=at), now=at + MINUTE).lead


def test_a_breach_that_was_answered_before_syncd_looked_is_told_once_as_answered_late() -> None:
    ctx = past(planned(OPEN, Rung.BREACH) + HOUR, promising())

    found = look(accepted_after(12 * MINUTE), ctx=ctx)

    told = alert(found, AlertKind.SLA_BREACH).alert
    assert told.title == "Jane Doe was accepted 12 minutes late"
    assert told.to == BOSS
    assert told.acts == (Act.NOT_USEFUL,)
    assert alerts(look(found.lead, ctx=ctx)) == []
    assert found.lead.handoff
    assert found.lead.handoff.state is HandoffState.ACCEPTED


def settled_after(deadline: timedelta, stage: Stage) -> Lead:
    """Moved on so long after the deadline to accept it, before syncd had looked."""
    at = planned(OPEN, Rung.BREACH) + deadline
    lead = replace(known(Stage.MQL), handoff=climbed(OPEN, Rung.WARN))
    unread = replace(past(at, promising()), fresh=planned(OPEN, Rung.BREACH))
    return look(lead, shows(lead, SALESFORCE, stage, at=at), ctx=unread).lead


@pytest.mark.parametrize(
    ("stage", "title"),
    [
        (Stage.SQL, "Jane Doe was accepted 12 minutes late"),
        (Stage.NURTURE, "Jane Doe was not accepted in time"),
        (Stage.DISQUALIFIED, "Jane Doe was not accepted in time"),
    ],
)
def test_a_breach_of_a_handoff_that_was_over_before_syncd_looked_is_told_once(
    stage: Stage, title: str
) -> None:
    over, ctx = settled_after(12 * MINUTE, stage), past(planned(OPEN, Rung.BREACH), promising())

    found = look(over, ctx=ctx)

    told = alert(found, AlertKind.SLA_BREACH).alert
    assert (told.title, told.to, told.acts) == (title, BOSS, (Act.NOT_USEFUL,))
    assert [Rung.BREACH in x.taken for x in found.closed[0].clocks] == [True, False]
    assert (found.lead.unjudged, found.due_at) == ((), None)
    assert alerts(look(found.lead, ctx=ctx)) == []


def test_of_several_moves_found_at_once_the_first_to_sales_is_the_acceptance() -> None:
    deadline = planned(OPEN, Rung.BREACH)
    lead = replace(known(Stage.MQL), handoff=climbed(OPEN, Rung.WARN))
    qualified = shows(lead, SALESFORCE, Stage.SQL, at=deadline + HOUR)
    assert qualified.steps
    accepted = replace(qualified.steps[-1], at=deadline - HOUR, stage=Stage.SAL)
    both = replace(qualified, steps=(accepted, *qualified.steps))
    unread = replace(past(deadline + HOUR, promising()), fresh=deadline)

    over = look(lead, both, ctx=unread)

    assert over.closed[0].clocks[0].stopped_at == deadline - HOUR
    assert Rung.BREACH not in [x[0] for clock in over.closed[0].clocks for x in clock.left()]


def test_a_handoff_that_is_over_waits_until_both_crms_were_read_past_its_deadline() -> None:
    deadline = planned(OPEN, Rung.BREACH)
    over = settled_after(12 * MINUTE, Stage.NURTURE)

    found = look(over, ctx=replace(past(deadline, promising()), fresh=deadline))

    assert alerts(found) == []
    assert found.due_at == deadline


@pytest.mark.parametrize("after", [-MINUTE, timedelta()])
def test_a_handoff_that_was_settled_in_time_leaves_nothing_to_judge(after: timedelta) -> None:
    over = settled_after(after, Stage.NURTURE)

    assert over.unjudged == ()


def test_a_promise_of_a_handoff_that_is_over_may_turn_out_to_have_been_kept() -> None:
    deadline = planned(OPEN, Rung.BREACH, ClockName.TOUCH)
    lead = replace(known(Stage.MQL), handoff=climbed(OPEN, Rung.WARN))
    at = deadline + MINUTE
    unread = replace(past(at, promising()), fresh=OPEN.opened_at)
    over = look(lead, shows(lead, SALESFORCE, Stage.SQL, at=at), ctx=unread).lead
    call = Activity(
        system=SALESFORCE,
        id="call",
        record_id=RecordId("00Q1"),
        kind="call",
        at=deadline,
        owner_id="005",
        by_syncd=False,
    )

    later = past(at + HOUR, promising())
    found, without = look(over, activities=[call], ctx=later), look(over, ctx=later)

    assert "accepted" in alert(found, AlertKind.SLA_BREACH).alert.title
    assert (found.lead.unjudged, len(without.lead.unjudged)) == ((), 1)


@pytest.mark.parametrize("after", [-MINUTE, timedelta()])
def test_what_was_accepted_in_time_and_seen_late_is_no_breach(after: timedelta) -> None:
    found = look(accepted_after(after), ctx=past(planned(OPEN, Rung.BREACH) + HOUR, promising()))

    assert alerts(found) == []


def test_a_late_acceptance_is_no_breach_before_both_crms_were_read_past_the_deadline() -> None:
    deadline = planned(OPEN, Rung.BREACH)
    lead = accepted_after(12 * MINUTE)

    found = look(lead, ctx=context(deadline + HOUR, fresh=deadline, rules=promising()))

    assert alerts(found) == []
    assert found.due_at == deadline


def test_a_first_touch_that_came_late_is_told_too() -> None:
    lead = accepted_after(-HOUR)
    due = planned(lead.handoff, Rung.BREACH, ClockName.TOUCH)
    call = Activity(
        system=SALESFORCE,
        id="1",
        record_id=RecordId("00Q1"),
        kind="call",
        at=due + HOUR,
        owner_id="005",
        by_syncd=False,
    )

    found = look(lead, ctx=past(due + 2 * HOUR, promising()), activities=[call])

    told = alert(found, AlertKind.SLA_BREACH).alert
    assert told.title == "Jane Doe was first contacted 1 hour late"


def test_whoever_lost_the_lead_after_the_deadline_is_not_said_to_have_answered_late() -> None:
    at = planned(OPEN, Rung.BREACH) + 12 * MINUTE
    lead = replace(known(Stage.MQL), handoff=climbed(OPEN, Rung.WARN))
    lead = look(lead, shows(lead, SALESFORCE, Stage.MQL, at=at, owner=HEIR), now=at + MINUTE).lead

    found = look(lead, ctx=past(at, promising()))

    assert AlertKind.SLA_BREACH not in alerts(found)


def test_whoever_gets_a_lead_next_reads_how_earlier_rounds_ended() -> None:
    past_round = Round(cycle=1, opened_at=NOW, closed_at=NOW, owner=SPARE, why="no budget")
    before = replace(known(Stage.LEAD), rounds=(past_round,))

    found = look(before, shows(before, HUBSPOT, Stage.MQL))

    why = alert(found, AlertKind.HANDOFF).alert.why
    assert any("Round 1: with spare@corp.example" in line and "no budget" in line for line in why)


# --- passing on --------------------------------------------------------------------------


def test_a_lead_nobody_acts_on_is_passed_on_on_every_side() -> None:
    found = reassigned()

    for system in System:
        assert writes(found, system) == {OWNER: HEIR}
    passed = found.lead.handoff
    assert passed
    assert (passed.owner, passed.state) == (HEIR, HandoffState.ASSIGNED)
    assert (passed.changes[-1].by, passed.changes[-1].proof) == ("syncd", Proof.CLOCK)
    assert (clock(passed).turn, clock(passed).step(Rung.REASSIGN)) == (2, None)
    told = alert(found, AlertKind.REASSIGNED).alert
    assert (told.to, told.facts[0]) == (HEIR, ("Before", REP))


def test_passing_on_is_a_class_of_its_own_for_the_brake() -> None:
    assert {x.kind for x in records(reassigned())} == {WriteKind.REASSIGN}


@pytest.mark.parametrize(
    ("rules", "people"),
    [
        (promising(away=(HEIR,)), EVERYONE),
        (promising(), staff(person(HEIR, active=False), person(SPARE))),
        (promising(), staff(person(SPARE))),
        (promising(REP, SPARE), EVERYONE),
    ],
    ids=["away", "inactive", "unknown", "has it already"],
)
def test_who_cannot_take_it_is_passed_over(rules: Policy, people: dict[System, Directory]) -> None:
    found = reassigned(rules=rules, people=people).lead.handoff

    assert found
    assert found.owner == SPARE


def test_where_nobody_can_take_it_the_manager_is_told_and_it_stays() -> None:
    found = reassigned(people=staff(person(HEIR, active=False)))

    assert (records(found), alerts(found)) == ((), [AlertKind.REASSIGNED])
    assert found.lead.handoff
    assert found.lead.handoff.owner == REP
    assert Rung.REASSIGN in clock(found.lead.handoff).taken


def test_passed_on_to_a_queue_it_waits_for_an_owner() -> None:
    found = reassigned(rules=promising(QUEUE)).lead.handoff

    assert found
    assert (found.owner, found.state) == (None, HandoffState.OPENED)
    assert clock(found, ClockName.ASSIGN).is_running


ROBIN = "queue:Robin"


def unowned(*reassign_to: str) -> Decision:
    """A lead in a queue that nobody took in time, at the moment it is passed on."""
    rules = promising(*reassign_to)
    start = handoff(owner=None, policy=rules)
    waits = climbed(start, Rung.WARN, Rung.BREACH, Rung.ESCALATE)
    lead = replace(known(Stage.MQL, owner=ROBIN), handoff=waits)
    people = staff(*map(person, (REP, HEIR, SPARE, QUEUE, ROBIN)))
    return look(lead, ctx=past(planned(waits, Rung.REASSIGN, ClockName.ASSIGN), rules, people))


def test_passed_on_from_queue_to_queue_it_goes_on_waiting_and_is_recycled_when_promised() -> None:
    found = unowned(QUEUE)

    assert found.lead.handoff
    assert writes(found, SALESFORCE) == {OWNER: QUEUE}
    waiting = clock(found.lead.handoff, ClockName.ASSIGN)
    assert (found.lead.handoff.state, waiting.started_at) == (HandoffState.OPENED, NOW)
    assert [rung for rung, _ in waiting.left()] == [Rung.RECYCLE]


def test_the_queue_that_has_a_lead_is_passed_over() -> None:
    found = unowned(ROBIN, HEIR).lead.handoff

    assert found
    assert found.owner == HEIR


def test_nobody_gets_a_lead_before_it_is_known_who_is_there() -> None:
    found = reassigned(people={})

    assert (records(found), found.lead.handoff and found.lead.handoff.owner) == ((), REP)


def test_a_lead_that_was_passed_on_stays_with_its_new_owner() -> None:
    lead = delivered(reassigned())
    later = planned(OPEN, Rung.REASSIGN) + 5 * MINUTE
    echo = (shows(lead, x, at=later) for x in System)

    found = look(lead, *echo, ctx=past(later, promising()))

    assert found.lead.handoff
    assert (found.lead.handoff.owner, found.actions) == (HEIR, ())


# --- what messages say afterwards --------------------------------------------------------


def test_every_message_that_offered_something_says_what_became_of_it() -> None:
    lead: Lead = replace(known(Stage.MQL), handoff=climbed(OPEN, Rung.WARN, Rung.BREACH))

    found = look(lead, shows(lead, SALESFORCE, Stage.SAL), now=NOW + 5 * HOUR)

    assert [x.alert_key for x in statuses(found)] == [
        f"alert:handoff:{OPEN.id}",
        f"alert:sla-warning:{OPEN.id}:accept:1",
        f"alert:sla-breach:{OPEN.id}:accept:1",
        f"alert:sla-warning:{OPEN.id}:touch:1",
        f"alert:sla-breach:{OPEN.id}:touch:1",
    ]
