"""The life of a handoff as values: what may follow what, on which evidence, on which clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from core_cases import BERLIN, EVERYBODY, NOW, POLICY, climbed, clock, handoff, planned

from syncd.core.delays import delays
from syncd.core.handoff import (
    MOVES,
    accept,
    by_syncd,
    changed,
    close,
    due_rung,
    give,
    reject,
    snooze,
    state_with,
    taken,
    touch,
)
from syncd.core.handoff_clocks import replanned
from syncd.domain.calendar import BusinessDays, BusinessHours, Elapsed, ElapsedMonths, Span
from syncd.domain.handoff import (
    Change,
    ClockName,
    Handoff,
    HandoffState,
    Proof,
    Rejection,
    Rung,
)
from syncd.domain.names import RecordId, System
from syncd.domain.policy import AcceptNeeds, Ladder, Policy, Segment
from syncd.domain.record import Activity

REP, OTHER = "rep@corp.example", "other@corp.example"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DEMANDING = replace(
    EVERYBODY,
    touch_within=BusinessHours(6 * HOUR),
    dispose_within=BusinessDays(5),
    ladder=replace(
        EVERYBODY.ladder,
        escalate_after=BusinessHours(HOUR),
        reassign_after=BusinessHours(2 * HOUR),
        reassign_to=(OTHER,),
    ),
)
"""Promises all there is to promise."""


def promising(segment: Segment) -> Policy:
    return replace(POLICY, segments=(segment,), snooze=BusinessHours(2 * HOUR))


ALL = promising(DEMANDING)


def how(to: HandoffState, at: datetime, owner: str | None = None, by: str = REP) -> Change:
    return Change(to=to, at=at, seen_at=at, by=by, proof=Proof.RECORD, ref="t-1", owner=owner)


def given(before: Handoff, owner: str | None, at: datetime, policy: Policy = ALL) -> Handoff:
    return give(before, how(state_with(before, owner), at, owner), policy=policy)


def accepted(before: Handoff, at: datetime, policy: Policy = ALL) -> Handoff:
    return accept(before, how(HandoffState.ACCEPTED, at), policy=policy)


def activity(
    minutes: float,
    *,
    owner_id: str = "005",
    by_syncd: bool = False,
    reached: bool = True,
    automated: bool = False,
) -> Activity:
    return Activity(
        system=System.SALESFORCE,
        id=f"call-{minutes}",
        record_id=RecordId("00Q1"),
        kind="call",
        at=NOW + minutes * MINUTE,
        owner_id=owner_id,
        by_syncd=by_syncd,
        reached=reached,
        automated=automated,
    )


def touched(before: Handoff, *done: Activity, policy: Policy = ALL) -> Handoff:
    return touch(before, done, now=NOW + 10 * HOUR, policy=policy)


def stops(found: Handoff, name: ClockName) -> list[datetime | None]:
    return [x.stopped_at for x in found.clocks if x.name is name]


# --- the states --------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), list(product(HandoffState, HandoffState)))
def test_a_state_follows_another_only_along_the_table(
    before: HandoffState, after: HandoffState
) -> None:
    state = replace(handoff(), state=before)

    if after in MOVES[before]:
        assert changed(state, how(after, NOW)).state is after
    else:
        with pytest.raises(ValueError, match="cannot follow"):
            changed(state, how(after, NOW))


def test_what_is_closed_stays_closed_and_all_that_is_open_can_end() -> None:
    ends = {state for state in HandoffState if not state.is_open}

    assert {state for state, moves in MOVES.items() if not moves} == ends
    assert all(HandoffState.SUPERSEDED in MOVES[x] for x in HandoffState if x.is_open)


def test_every_change_keeps_its_evidence() -> None:
    found = accepted(given(handoff(owner=None, policy=ALL), REP, NOW + HOUR), NOW + 2 * HOUR)

    assert [(x.to, x.at, x.owner) for x in found.changes] == [
        (HandoffState.OPENED, NOW, None),
        (HandoffState.ASSIGNED, NOW + HOUR, REP),
        (HandoffState.ACCEPTED, NOW + 2 * HOUR, REP),
    ]
    assert found.changes[0].ref == "t-0"


def test_closing_keeps_why_and_when_and_stops_every_clock() -> None:
    end = by_syncd(HandoffState.SUPERSEDED, at=NOW + MINUTE)

    found = close(handoff(policy=ALL), end, because="the record is gone")

    assert (found.closed_because, found.closed_at) == ("the record is gone", NOW + MINUTE)
    assert (found.next_due(), {x.stopped_at for x in found.clocks}) == (None, {NOW + MINUTE})


def test_a_rejection_is_kept_whole() -> None:
    why = Rejection(reason="bad-timing", objection="next year", note="call in May")

    found = reject(handoff(), how(HandoffState.REJECTED, NOW), why, because="bad-timing")

    assert (found.state, found.rejection) == (HandoffState.REJECTED, why)


def test_what_ends_before_it_opened_ends_when_it_opened() -> None:
    found = close(handoff(), how(HandoffState.REJECTED, NOW - HOUR), because="")

    assert found.closed_at == NOW


# --- owners and their clocks -------------------------------------------------------------


def test_with_an_owner_the_clocks_of_that_owner_run_at_once() -> None:
    found = handoff(policy=ALL)

    assert (found.state, found.owner) == (HandoffState.ASSIGNED, REP)
    assert [(x.name, x.turn, x.started_at) for x in found.clocks] == [
        (ClockName.ACCEPT, 1, NOW),
        (ClockName.TOUCH, 1, NOW),
    ]


def test_without_an_owner_only_the_systems_own_clock_runs() -> None:
    found = handoff(owner=None, policy=ALL)

    assert found.state is HandoffState.OPENED
    assert [x.name for x in found.clocks] == [ClockName.ASSIGN]


def test_the_owners_clocks_begin_with_the_assignment_and_not_before() -> None:
    found = given(handoff(owner=None, policy=ALL), REP, NOW + 2 * HOUR)

    assert stops(found, ClockName.ASSIGN) == [NOW + 2 * HOUR]
    assert clock(found).started_at == NOW + 2 * HOUR
    assert clock(found).due_at == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_a_new_owner_gets_new_clocks() -> None:
    found = given(handoff(policy=ALL), OTHER, NOW + HOUR)

    accepts = [x for x in found.clocks if x.name is ClockName.ACCEPT]
    assert [(x.turn, x.started_at, x.stopped_at) for x in accepts] == [
        (1, NOW, NOW + HOUR),
        (2, NOW + HOUR, None),
    ]
    assert (found.state, found.owner) == (HandoffState.ASSIGNED, OTHER)


def test_a_lead_that_lost_its_owner_waits_for_one_again() -> None:
    found = given(handoff(policy=ALL), None, NOW + HOUR)

    assert (found.state, found.owner) == (HandoffState.OPENED, None)
    assert [x.name for x in found.clocks if x.is_running] == [ClockName.ASSIGN]
    assert clock(found, ClockName.ASSIGN).turn == 2


def test_an_owner_who_comes_after_the_acceptance_still_owes_a_first_touch() -> None:
    found = given(accepted(handoff(policy=ALL), NOW + HOUR), OTHER, NOW + 2 * HOUR)

    assert found.state is HandoffState.ACCEPTED
    running = [(x.name, x.turn) for x in found.clocks if x.is_running]
    assert running == [(ClockName.DISPOSE, 1), (ClockName.TOUCH, 2)]


def test_a_lead_that_sales_took_on_is_never_recycled_for_want_of_an_owner() -> None:
    found = given(accepted(handoff(policy=ALL), NOW + HOUR), None, NOW + 2 * HOUR)

    assert clock(found, ClockName.ASSIGN).step(Rung.RECYCLE) is None
    assert clock(found, ClockName.ASSIGN).step(Rung.ESCALATE)


# --- planning ----------------------------------------------------------------------------


def test_deadlines_are_stored_in_business_time_with_what_they_were_counted_by() -> None:
    found = clock(handoff())  # Tuesday 13:00 in Berlin, open until 17:00

    assert found.steps == (
        (Rung.WARN, datetime(2026, 3, 3, 15, 0, tzinfo=UTC)),
        (Rung.BREACH, datetime(2026, 3, 3, 16, 0, tzinfo=UTC)),
        (Rung.RECYCLE, datetime(2026, 3, 4, 16, 0, tzinfo=UTC)),
    )
    assert (found.calendar, found.version.partition("/")[0]) == ("sales", "c1")


@pytest.mark.parametrize(
    ("promise", "warn_at"),
    [
        (BusinessHours(4 * HOUR), datetime(2026, 3, 3, 15, 0, tzinfo=UTC)),
        (Elapsed(8 * HOUR), datetime(2026, 3, 3, 18, 0, tzinfo=UTC)),
        (BusinessDays(1), datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (ElapsedMonths(1), NOW + 0.75 * timedelta(days=31) - 0.75 * HOUR),
    ],
)
def test_the_warning_comes_when_its_share_of_the_promised_time_has_passed(
    promise: Span, warn_at: datetime
) -> None:
    policy = promising(replace(EVERYBODY, accept_within=promise))

    assert planned(handoff(policy=policy), Rung.WARN) == warn_at


def test_the_rungs_after_the_deadline_count_from_it() -> None:
    found = clock(handoff(policy=ALL))

    assert [rung for rung, _ in found.steps] == list(Rung)
    assert found.step(Rung.ESCALATE) == datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    assert found.step(Rung.REASSIGN) == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_nobodys_working_lead_is_taken_away() -> None:
    found = accepted(handoff(policy=ALL), NOW + HOUR)

    watched = [rung for rung, _ in clock(found, ClockName.DISPOSE).steps]
    assert watched == [Rung.WARN, Rung.BREACH, Rung.ESCALATE]
    assert clock(found, ClockName.TOUCH).step(Rung.RECYCLE) is None


def test_a_lead_is_passed_on_once() -> None:
    found = handoff(policy=ALL)
    passed = climbed(found, Rung.REASSIGN)

    assert clock(given(found, OTHER, NOW + HOUR)).step(Rung.REASSIGN)
    assert clock(given(passed, OTHER, NOW + HOUR)).step(Rung.REASSIGN) is None


def test_the_owners_days_off_are_not_counted_against_them() -> None:
    away = replace(ALL, away={REP: frozenset({NOW.date(), NOW.date() + DAY})})

    assert clock(handoff(policy=away)).due_at == datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
    assert clock(given(handoff(policy=away), OTHER, NOW, away)).due_at == NOW + 4 * HOUR


# --- acceptance and touch ----------------------------------------------------------------


def test_accepting_stops_the_accept_clock_and_starts_that_of_the_disposition() -> None:
    found = accepted(handoff(policy=ALL), NOW + HOUR)

    assert stops(found, ClockName.ACCEPT) == [NOW + HOUR]
    assert clock(found, ClockName.DISPOSE).started_at == NOW + HOUR
    assert clock(found, ClockName.TOUCH).is_running


def test_of_an_owner_who_lost_the_lead_nobody_says_that_they_answered_late() -> None:
    """The owner's change was found after the acceptance it came before."""
    due = handoff(policy=ALL).clocks[0].due_at
    passed_on = given(handoff(policy=ALL), OTHER, due + 2 * HOUR)

    found = accepted(passed_on, due + HOUR)

    accepts = [x for x in found.clocks if x.name is ClockName.ACCEPT]
    assert [x.is_answered for x in accepts] == [False, True]


@pytest.mark.parametrize(("second", "at"), [(2 * HOUR, HOUR), (HOUR / 2, HOUR / 2)])
def test_said_twice_it_is_one_acceptance_the_earlier(second: timedelta, at: timedelta) -> None:
    once = accepted(handoff(policy=ALL), NOW + HOUR)

    twice = accepted(once, NOW + second)

    assert [x.at for x in twice.changes if x.to is HandoffState.ACCEPTED] == [NOW + at]
    assert stops(twice, ClockName.ACCEPT) == [NOW + at]
    assert clock(twice, ClockName.DISPOSE) == clock(once, ClockName.DISPOSE)


def test_the_first_touch_is_the_earliest_by_a_person() -> None:
    found = touched(handoff(policy=ALL), activity(9, owner_id="006"), activity(5))

    assert (found.first_touch_at, found.first_touch_by) == (NOW + 5 * MINUTE, "005")
    assert stops(found, ClockName.TOUCH) == [NOW + 5 * MINUTE]


@pytest.mark.parametrize(
    "nothing",
    [
        activity(5, by_syncd=True),
        activity(5, automated=True),
        activity(5, owner_id=""),
        activity(-1),
        activity(601),
    ],
    ids=["syncd's own", "automated", "nobody's", "before the handoff", "future-dated"],
)
def test_what_no_person_did_since_then_is_no_touch(nothing: Activity) -> None:
    before = handoff(policy=ALL)

    assert touched(before, nothing) is before


def test_an_attempt_is_kept_apart_from_a_touch() -> None:
    found = touched(handoff(policy=ALL), activity(5, reached=False))

    assert (found.first_attempt_at, found.first_touch_at) == (NOW + 5 * MINUTE, None)
    assert clock(found, ClockName.TOUCH).is_running


def test_a_later_touch_does_not_replace_the_first() -> None:
    before = touched(handoff(policy=ALL), activity(5))

    assert touched(before, activity(7)) is before


def test_an_earlier_touch_read_late_does() -> None:
    found = touched(touched(handoff(policy=ALL), activity(5)), activity(3, owner_id="006"))

    assert (found.first_touch_at, found.first_touch_by) == (NOW + 3 * MINUTE, "006")
    assert stops(found, ClockName.TOUCH) == [NOW + 3 * MINUTE]


@pytest.mark.parametrize("touch_first", [True, False])
def test_accepted_and_touched_in_either_order_it_is_touched(touch_first: bool) -> None:
    found = handoff(policy=ALL)
    if touch_first:
        found = accepted(touched(found, activity(5)), NOW + HOUR)
    else:
        found = touched(accepted(found, NOW + HOUR), activity(90))

    assert found.state is HandoffState.TOUCHED
    assert [x.name for x in found.clocks if x.is_running] == [ClockName.DISPOSE]


CHECKED = promising(replace(DEMANDING, accept_needs=AcceptNeeds.ACTIVITY))


def test_where_acceptance_needs_activity_a_click_alone_stops_nothing() -> None:
    found = accepted(handoff(policy=CHECKED), NOW + HOUR, CHECKED)

    assert found.state is HandoffState.ACCEPTED
    assert clock(found).step(Rung.RECYCLE)


@pytest.mark.parametrize("reached", [True, False])
def test_there_anything_done_by_a_person_completes_it(reached: bool) -> None:
    clicked = accepted(handoff(policy=CHECKED), NOW + HOUR, CHECKED)

    found = touched(clicked, activity(90, reached=reached), policy=CHECKED)

    assert stops(found, ClockName.ACCEPT) == [NOW + 90 * MINUTE]


# --- rungs -------------------------------------------------------------------------------

OPEN = handoff()
WARN_AT, DUE_AT, EXPIRES_AT = (
    planned(OPEN, rung) for rung in (Rung.WARN, Rung.BREACH, Rung.RECYCLE)
)
WARNED, BREACHED = climbed(OPEN, Rung.WARN), climbed(OPEN, Rung.WARN, Rung.BREACH)


def rung_at(state: Handoff, now: datetime) -> tuple[Rung, bool] | None:
    due = due_rung(state, now=now, fresh=now)
    return (due.rung, due.late) if due else None


@pytest.mark.parametrize(
    ("state", "deadline", "rung"),
    [
        (OPEN, WARN_AT, Rung.WARN),
        (WARNED, DUE_AT, Rung.BREACH),
        (BREACHED, EXPIRES_AT, Rung.RECYCLE),
    ],
)
def test_a_rung_is_due_once_its_instant_has_passed_and_not_at_it(
    state: Handoff, deadline: datetime, rung: Rung
) -> None:
    assert rung_at(state, deadline + timedelta(seconds=1)) == (rung, False)
    assert rung_at(state, deadline) is None


def test_a_warning_nobody_can_act_on_any_more_is_skipped() -> None:
    past = DUE_AT + timedelta(seconds=1)
    due = due_rung(OPEN, now=past, fresh=past)

    assert due
    assert due.rung is Rung.BREACH
    assert taken(OPEN, due, at=past).next_due() == EXPIRES_AT


@pytest.mark.parametrize("fresh", [None, DUE_AT - MINUTE, DUE_AT])
def test_no_deadline_is_judged_on_stale_reads(fresh: datetime | None) -> None:
    assert due_rung(WARNED, now=DUE_AT + DAY, fresh=fresh) is None


def test_a_read_through_ahead_of_the_clock_fires_nothing_early() -> None:
    assert due_rung(WARNED, now=DUE_AT, fresh=DUE_AT + DAY) is None


def test_after_downtime_rungs_come_one_by_one_and_late() -> None:
    now = EXPIRES_AT + 2 * DAY

    assert rung_at(OPEN, now) == (Rung.BREACH, True)
    assert rung_at(BREACHED, now) == (Rung.RECYCLE, True)


def test_a_closed_handoff_has_no_clock() -> None:
    over = close(OPEN, by_syncd(HandoffState.SUPERSEDED, at=NOW), because="")

    assert rung_at(over, EXPIRES_AT + DAY) is None


def test_accepted_while_nobody_has_it_it_still_waits_for_an_owner_and_never_expires() -> None:
    found = accepted(handoff(owner=None, policy=ALL), NOW + HOUR)

    waiting = clock(found, ClockName.ASSIGN)
    assert waiting.due_at == NOW + 4 * HOUR
    assert Rung.RECYCLE not in dict(waiting.steps)
    assert not given(found, REP, NOW + 2 * HOUR).running(ClockName.ASSIGN)


# --- snoozing and counting again ---------------------------------------------------------


def test_a_snooze_puts_off_what_is_left_of_the_owners_clocks_once() -> None:
    before = climbed(handoff(policy=ALL), Rung.WARN)

    found = snooze(before, at=NOW + 4 * HOUR, policy=ALL)

    assert planned(found, Rung.WARN) == WARN_AT
    assert planned(found, Rung.BREACH) == datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="snoozed already"):
        snooze(found, at=NOW + 5 * HOUR, policy=ALL)


def closing(*days: datetime) -> Policy:
    """The same promises on a calendar with these days off."""
    closed = {**BERLIN.closed, **{day.date(): "a day off" for day in days}}
    return promising(replace(DEMANDING, calendar=replace(BERLIN, closed=closed, version="c2")))


def test_counted_by_the_same_nothing_is_counted_again() -> None:
    before = handoff(policy=ALL)

    assert replanned(before, now=NOW, policy=ALL) is before


def test_a_day_off_that_is_learnt_of_puts_off_what_is_left() -> None:
    before = climbed(handoff(policy=ALL), Rung.WARN)

    found = replanned(before, now=NOW + HOUR, policy=closing(NOW))

    assert planned(found, Rung.WARN) == WARN_AT
    assert planned(found, Rung.BREACH) == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    assert clock(found).replanned_at == NOW + HOUR
    assert replanned(found, now=NOW + 2 * HOUR, policy=closing(NOW)) is found


def test_a_snooze_survives_being_counted_again() -> None:
    snoozed = snooze(handoff(policy=ALL), at=NOW + HOUR, policy=ALL)

    found = replanned(snoozed, now=NOW + 2 * HOUR, policy=closing(NOW))

    assert clock(found).due_at == datetime(2026, 3, 4, 14, 0, tzinfo=UTC)


def test_a_shorter_promise_makes_nothing_due_earlier_than_it_was_told() -> None:
    quicker = promising(replace(DEMANDING, accept_within=BusinessHours(HOUR)))
    before = handoff(policy=ALL)

    found = replanned(before, now=NOW + MINUTE, policy=quicker)

    assert clock(found).steps == clock(before).steps


BARE = promising(replace(DEMANDING, ladder=Ladder(warn_at=0.75)))
"""A missed deadline is told, and nothing else follows."""


def test_a_step_that_is_new_follows_the_deadline_its_owner_was_told() -> None:
    quicker = promising(replace(DEMANDING, accept_within=BusinessHours(HOUR)))

    found = replanned(handoff(policy=BARE), now=NOW + MINUTE, policy=quicker)

    assert clock(found).due_at == NOW + 4 * HOUR
    assert planned(found, Rung.RECYCLE) == NOW + 28 * HOUR


def test_a_step_that_is_new_does_not_fall_upon_who_missed_the_deadline_long_ago() -> None:
    missed, later = climbed(handoff(policy=BARE), Rung.WARN, Rung.BREACH), NOW + 7 * DAY

    found = replanned(missed, now=later, policy=ALL)

    assert planned(found, Rung.ESCALATE) == later + HOUR
    assert planned(found, Rung.RECYCLE) == later + DAY


def test_a_calendar_that_opens_earlier_does_and_what_is_past_then_is_late() -> None:
    shut, later = closing(NOW), NOW + 5 * HOUR
    before = handoff(policy=shut)

    found = replanned(before, now=later, policy=ALL)

    assert clock(found).due_at == NOW + 4 * HOUR
    assert clock(found).due_at > later - 61 * MINUTE
    assert rung_at(found, later + MINUTE) == (Rung.BREACH, True)


def test_what_was_counted_again_is_judged_once_all_was_read_since() -> None:
    later = NOW + 5 * HOUR
    found = replanned(handoff(policy=closing(NOW)), now=later, policy=ALL)

    unread = due_rung(found, now=later + MINUTE, fresh=later - MINUTE)
    read = due_rung(found, now=later + MINUTE, fresh=later + MINUTE)

    assert unread is None
    assert read is not None


def test_what_was_promised_by_a_segment_that_is_called_otherwise_now_stays() -> None:
    renamed = promising(replace(DEMANDING, name="all", calendar=closing(NOW).calendar))
    before = handoff(policy=ALL)

    assert replanned(before, now=NOW, policy=renamed) is before


# --- whose delay -------------------------------------------------------------------------


def test_the_time_without_an_owner_is_the_systems_the_rest_the_owners() -> None:
    found = given(handoff(owner=None, policy=ALL), REP, NOW + HOUR)

    waited = delays(found, ALL, now=NOW + 3 * HOUR)

    assert (waited.system, waited.human) == (HOUR, 2 * HOUR)
