"""A round's handoff as columns: whose delay, which promise, until when a rejected lead sleeps."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from core_cases import EVERYBODY, POLICY, climbed, handoff
from story_cases import at

from syncd.core.handoff import accept, close, give, reject, touch
from syncd.core.handoff_clocks import cut_off
from syncd.domain.calendar import BusinessHours
from syncd.domain.handoff import Change, Handoff, HandoffState, Proof, Rejection, Rung
from syncd.domain.names import RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Activity
from syncd.measure.round_handoff import handoff_cells, last_owner

REP, HEIR = "rep@corp.example", "heir@corp.example"
TOUCHING = replace(
    POLICY,
    segments=(replace(EVERYBODY, touch_within=BusinessHours(timedelta(hours=2))),),
)


def how(to: HandoffState, hours: float, owner: str | None = REP) -> Change:
    return Change(to=to, at=at(hours), seen_at=at(hours), by="x", proof=Proof.RECORD, owner=owner)


def given(found: Handoff, owner: str | None, hours: float, policy: Policy = POLICY) -> Handoff:
    to = HandoffState.ASSIGNED if owner else HandoffState.OPENED
    return give(found, how(to, hours, owner), policy=policy)


def call(hours: float) -> Activity:
    return Activity(
        system=System.SALESFORCE,
        id="1",
        record_id=RecordId("00Q1"),
        kind="call",
        at=at(hours),
        owner_id="005",
        by_syncd=False,
        reached=True,
    )


def test_the_first_promise_that_was_missed_is_told_and_else_that_of_the_last_owner() -> None:
    first = handoff()
    missed = given(climbed(first, Rung.WARN, Rung.BREACH), HEIR, 5)
    again = climbed(missed, Rung.WARN, Rung.BREACH)
    in_time = accept(given(first, HEIR, 1), how(HandoffState.ACCEPTED, 2, HEIR), policy=POLICY)

    for one in (missed, again):
        told = handoff_cells(one, POLICY)
        assert (told["accept_due_at"], told["accept_missed"]) == (at(4), True)
    kept = handoff_cells(in_time, POLICY)
    assert (kept["accept_due_at"], kept["accept_missed"]) == (in_time.clocks[-1].due_at, False)


def test_to_give_a_lead_back_in_time_keeps_the_promise_to_answer() -> None:
    back = reject(handoff(), how(HandoffState.REJECTED, 1), Rejection(reason="x"), because="x")
    late = reject(handoff(), how(HandoffState.REJECTED, 5), Rejection(reason="x"), because="x")

    assert handoff_cells(back, POLICY)["accept_missed"] is False
    assert handoff_cells(late, POLICY)["accept_missed"] is True


def test_a_promise_of_contact_is_kept_by_a_contact_alone() -> None:
    open_ = handoff(policy=TOUCHING)
    called = touch(open_, [call(1)], now=at(2), policy=TOUCHING)
    ended = close(called, how(HandoffState.EXPIRED, 1.5), because="out of time")
    untouched = close(open_, how(HandoffState.EXPIRED, 1.5), because="out of time")
    late = close(open_, how(HandoffState.EXPIRED, 3), because="out of time")

    kept, called_off, missed = (handoff_cells(x, TOUCHING) for x in (ended, untouched, late))
    assert (kept["touch_due_at"], kept["touch_missed"]) == (at(2), False)
    assert called_off["touch_due_at"] is called_off["touch_missed"] is None
    assert missed["touch_missed"] is True


def test_a_lead_that_nobody_ever_had_was_not_assigned_in_time_by_being_over() -> None:
    waits = handoff(owner=None)
    over = close(waits, how(HandoffState.SUPERSEDED, 1), because="merged")

    told, assigned = handoff_cells(over, POLICY), handoff_cells(given(waits, REP, 1), POLICY)
    assert told["assign_due_at"] is told["assign_missed"] is None
    assert (assigned["assign_due_at"], assigned["assign_missed"]) == (at(4), False)
    assert handoff_cells(waits, POLICY)["assign_missed"] is None


def test_days_off_of_the_owner_do_not_count_as_the_owners_delay() -> None:
    away = replace(TOUCHING, away={REP: frozenset({at(24).date()})})
    called = touch(handoff(policy=away), [call(48)], now=at(49), policy=away)

    told = handoff_cells(called, away)
    there = handoff_cells(called, TOUCHING)

    assert there["touch_business_s"] - told["touch_business_s"] == 8 * 3600  # type: ignore[operator]  # both are numbers
    assert told["assign_business_s"] == 0


def test_a_rejected_lead_wakes_as_its_day_begins_where_its_team_is() -> None:
    sleeps = Rejection(reason="later", until=date(2026, 6, 1))
    over = reject(handoff(), how(HandoffState.REJECTED, 1), sleeps, because="x")

    assert handoff_cells(over, POLICY)["wakes_at"] == datetime(2026, 5, 31, 22, tzinfo=UTC)


def test_the_owner_of_a_handoff_is_whoever_had_it_last() -> None:
    passed_on = given(given(handoff(), HEIR, 1), None, 2)

    assert last_owner(passed_on) == HEIR
    assert last_owner(cut_off(handoff(owner=None), at=at(1))) is None


def test_it_was_assigned_when_it_first_had_an_owner() -> None:
    again = given(given(given(handoff(owner=None), REP, 1), None, 2), HEIR, 3)

    assert handoff_cells(again, POLICY)["assigned_at"] == at(1)
