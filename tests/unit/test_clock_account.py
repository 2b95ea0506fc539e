"""Whose clock it was, what counted of it, and when nobody can tell any more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core_cases import BERLIN, NOW, POLICY, handoff

from syncd.core.clock_account import ClockAccount, account_of
from syncd.core.handoff import give, snooze
from syncd.domain.calendar import BusinessHours
from syncd.domain.handoff import Change, ClockName, Handoff, HandoffState, Proof, Rung
from syncd.domain.policy import Policy

HOUR = timedelta(hours=1)


def account(found: Handoff, policy: Policy = POLICY, *, number: int = 0) -> ClockAccount:
    """Of its accept clocks, by turn."""
    clocks = [clock for clock in found.clocks if clock.name is ClockName.ACCEPT]
    return account_of(clocks[number], found, policy=policy, now=NOW + 2 * HOUR)


def _counted(told: ClockAccount) -> timedelta:
    """Until the deadline, added up."""
    assert told.reckoned is not None
    entries = (x for x in told.reckoned.entries if x.end <= told.clock.due_at)
    total = sum((x.end - x.start for x in entries if x.why_not is None), timedelta())
    assert total == told.reckoned.counted
    return total


def test_what_counted_until_the_deadline_is_what_was_promised() -> None:
    found = handoff()

    told = account(found)

    assert told.owner == "rep@corp.example"
    assert told.reckoned is not None
    assert told.clock.due_at in {entry.end for entry in told.reckoned.entries}
    assert told.reckoned.entries[-1].end == told.clock.step(Rung.RECYCLE)
    assert _counted(told) == 4 * HOUR
    assert (told.reckoned.spent, told.reckoned.over) == (2 * HOUR, timedelta())


def test_what_came_after_the_deadline_is_told_apart() -> None:
    found = handoff()

    told = account_of(found.clocks[0], found, policy=POLICY, now=found.clocks[0].due_at + 24 * HOUR)

    assert told.reckoned is not None
    assert told.reckoned.spent - told.reckoned.over == 4 * HOUR
    assert told.reckoned.over == 8 * HOUR


def test_an_earlier_turn_is_told_with_the_owner_and_the_days_off_it_had() -> None:
    policy = replace(POLICY, away={"rep@corp.example": frozenset({NOW.date()})})
    given = Change(
        to=HandoffState.ASSIGNED,
        at=NOW + HOUR,
        seen_at=NOW + HOUR,
        by="boss@corp.example",
        proof=Proof.RECORD,
        owner="other@corp.example",
    )
    found = give(handoff(policy=policy), given, policy=policy)

    first, second = account(found, policy), account(found, policy, number=1)

    assert (first.owner, second.owner) == ("rep@corp.example", "other@corp.example")
    assert first.reckoned is not None
    assert "day off of rep@corp.example" in {x.why_not for x in first.reckoned.entries}
    assert _counted(first) == _counted(second) == 4 * HOUR


def test_a_snooze_is_part_of_the_account() -> None:
    policy = replace(POLICY, snooze=BusinessHours(HOUR))
    found = snooze(handoff(policy=policy), at=NOW + HOUR, policy=policy)

    told = account(found, policy)

    assert _counted(told) == 5 * HOUR
    assert told.reckoned is not None
    assert told.reckoned.snoozed == BusinessHours(HOUR)


def test_a_clock_change_on_the_way_is_told() -> None:
    saturday = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    found = handoff()
    moved = replace(found, clocks=())
    opened = give(
        moved, replace(found.changes[-1], at=saturday, owner="rep@corp.example"), policy=POLICY
    )

    told = account(opened)

    assert told.reckoned is not None
    assert told.reckoned.clock_changes == ((datetime(2026, 3, 29, 1, tzinfo=UTC), HOUR),)


def test_nothing_is_made_up_for_a_deadline_that_the_calendar_of_today_does_not_give() -> None:
    found = handoff()
    closed = replace(BERLIN, closed={date(2026, 3, 3): "own closing day"}, version="c2")
    changed = replace(POLICY, segments=(replace(POLICY.segments[-1], calendar=closed),))

    assert account(found, changed).reckoned is None


def test_another_calendar_that_gives_the_same_deadline_explains_it() -> None:
    found = handoff()
    closed = replace(BERLIN, closed={date(2026, 12, 24): "own closing day"}, version="c2")
    changed = replace(POLICY, segments=(replace(POLICY.segments[-1], calendar=closed),))

    assert _counted(account(found, changed)) == 4 * HOUR
