from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from core_cases import NOW, POLICY, handoff, lead, transition

from syncd.core.handoff import (
    Breach,
    Expire,
    Nothing,
    Warn,
    assign,
    close,
    due_step,
    open_handoff,
    touch,
)
from syncd.domain.calendar import BusinessDays, Elapsed, ElapsedMonths, Span
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.names import RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Activity

REP, OTHER = "rep@corp.example", "other@corp.example"
MINUTE = timedelta(minutes=1)


def promising(accept_within: Span) -> Policy:
    return replace(POLICY, handoff=replace(POLICY.handoff, accept_within=accept_within))


def activity(
    minutes: float, *, owner_id: str = "005", by_syncd: bool = False, id_: str = "1"
) -> Activity:
    return Activity(
        system=System.SALESFORCE,
        id=id_,
        record_id=RecordId("00Q1"),
        kind="call",
        at=NOW + minutes * MINUTE,
        owner_id=owner_id,
        by_syncd=by_syncd,
    )


def opened(policy: Policy = POLICY, owner: str | None = REP) -> Handoff:
    return open_handoff(lead(), transition(), owner=owner, policy=policy)


def test_a_handoff_stores_its_deadlines_in_business_time_with_the_calendars_version() -> None:
    found = opened()  # Tuesday 13:00 in Berlin, open until 17:00

    assert found.opened_at == NOW
    assert found.due_at == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
    assert found.expires_at == datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
    assert (found.calendar_version, found.state) == ("c1", HandoffState.OPEN)


@pytest.mark.parametrize(
    ("promise", "warn_at"),
    [
        (POLICY.handoff.accept_within, datetime(2026, 3, 3, 15, 0, tzinfo=UTC)),
        (Elapsed(timedelta(hours=8)), datetime(2026, 3, 3, 18, 0, tzinfo=UTC)),
        (BusinessDays(1), datetime(2026, 3, 4, 10, 0, tzinfo=UTC)),
        (ElapsedMonths(1), NOW + 0.75 * timedelta(days=31) - 0.75 * timedelta(hours=1)),
    ],
)
def test_the_warning_comes_when_its_share_of_the_promised_time_has_passed(
    promise: Span, warn_at: datetime
) -> None:
    assert opened(promising(promise)).warn_at == warn_at


def test_a_handoff_with_an_owner_is_assigned_at_once() -> None:
    assert opened().assigned_at == NOW


def test_a_handoff_without_an_owner_waits_for_one() -> None:
    waiting = opened(owner=None)

    found = assign(waiting, REP, at=NOW + MINUTE)

    assert (waiting.assigned_at, found.assigned_at, found.owner) == (None, NOW + MINUTE, REP)


def test_a_new_owner_does_not_restart_the_first_assignment() -> None:
    found = assign(opened(), OTHER, at=NOW + MINUTE)

    assert (found.owner, found.assigned_at) == (OTHER, NOW)


def test_losing_the_owner_keeps_when_it_was_assigned() -> None:
    found = assign(opened(), None, at=NOW + MINUTE)

    assert (found.owner, found.assigned_at) == (None, NOW)


def test_the_same_owner_changes_nothing() -> None:
    before = opened()

    assert assign(before, REP, at=NOW + MINUTE) is before


def test_the_first_touch_is_the_earliest_by_a_person() -> None:
    found = touch(handoff(), [activity(9, owner_id="006"), activity(5)], now=NOW + 10 * MINUTE)

    assert (found.first_touch_at, found.first_touch_by) == (NOW + 5 * MINUTE, "005")


@pytest.mark.parametrize(
    "no_touch",
    [
        activity(5, by_syncd=True),
        activity(5, owner_id=""),
        activity(-1),
        activity(11),
    ],
    ids=["syncd's own", "nobody's", "before the handoff", "future-dated"],
)
def test_what_is_no_real_activity_by_a_person_since_then_is_no_touch(no_touch: Activity) -> None:
    assert touch(handoff(), [no_touch], now=NOW + 10 * MINUTE).first_touch_at is None


def test_a_later_touch_does_not_replace_the_first() -> None:
    touched = touch(handoff(), [activity(5)], now=NOW + 10 * MINUTE)

    assert touch(touched, [activity(7)], now=NOW + 10 * MINUTE) is touched


def test_an_earlier_touch_read_late_does() -> None:
    touched = touch(handoff(), [activity(5)], now=NOW + 10 * MINUTE)

    found = touch(touched, [activity(3, owner_id="006")], now=NOW + 10 * MINUTE)

    assert (found.first_touch_at, found.first_touch_by) == (NOW + 3 * MINUTE, "006")


def test_closing_keeps_why_and_when() -> None:
    found = close(handoff(), HandoffState.REJECTED, because="no budget", at=NOW + MINUTE)

    assert (found.state, found.closed_because, found.closed_at) == (
        HandoffState.REJECTED,
        "no budget",
        NOW + MINUTE,
    )


OPEN = handoff()
WARNED = replace(OPEN, warned_at=OPEN.warn_at)
BREACHED = replace(WARNED, breached_at=OPEN.due_at)


@pytest.mark.parametrize(
    ("state", "deadline", "step"),
    [
        (OPEN, OPEN.warn_at, Warn()),
        (WARNED, OPEN.due_at, Breach(late=False)),
        (BREACHED, OPEN.expires_at, Expire(late=False)),
    ],
    ids=["warn", "breach", "expire"],
)
def test_a_step_is_due_once_its_deadline_has_passed_and_not_at_it(
    state: Handoff, deadline: datetime, step: object
) -> None:
    past = deadline + timedelta(seconds=1)

    assert due_step(state, now=past, fresh=past) == step
    assert due_step(state, now=deadline, fresh=deadline) == Nothing()


def test_a_warning_nobody_can_act_on_any_more_is_skipped() -> None:
    past = OPEN.due_at + timedelta(seconds=1)

    assert due_step(OPEN, now=past, fresh=past) == Breach(late=False)


@pytest.mark.parametrize("fresh", [None, OPEN.due_at - MINUTE, OPEN.due_at])
def test_no_deadline_is_judged_on_stale_reads(fresh: datetime | None) -> None:
    step = due_step(WARNED, now=OPEN.due_at + timedelta(days=1), fresh=fresh)

    assert step == Nothing()


def test_a_read_through_ahead_of_the_clock_fires_nothing_early() -> None:
    step = due_step(WARNED, now=OPEN.due_at, fresh=OPEN.due_at + timedelta(days=1))

    assert step == Nothing()


@pytest.mark.parametrize("state", [WARNED, BREACHED])
def test_each_step_comes_once(state: Handoff) -> None:
    just_breached = OPEN.due_at - MINUTE if state is WARNED else OPEN.expires_at

    assert due_step(state, now=just_breached, fresh=just_breached) == Nothing()


def test_after_downtime_steps_come_one_by_one_and_late() -> None:
    now = OPEN.expires_at + timedelta(days=2)

    first = due_step(OPEN, now=now, fresh=now)
    second = due_step(replace(OPEN, breached_at=now), now=now, fresh=now)

    assert (first, second) == (Breach(late=True), Expire(late=True))


def test_a_breached_handoff_is_not_warned_of_any_more() -> None:
    breached = replace(OPEN, breached_at=OPEN.due_at)
    now = OPEN.due_at + MINUTE

    assert due_step(breached, now=now, fresh=now) == Nothing()


def test_a_closed_handoff_has_no_clock() -> None:
    closed = close(OPEN, HandoffState.ACCEPTED, because="", at=NOW)
    now = OPEN.expires_at + timedelta(days=1)

    assert due_step(closed, now=now, fresh=now) == Nothing()
