"""Speed to lead: whose delay it was, in business time and on the wall; who was never contacted."""

from typing import Any

from fact_cases import a_round, at, facts, scope
from table_reading import cell, counts, keys, parts

from syncd.domain.handoff import ClockName, HandoffState
from syncd.domain.targets import Targets
from syncd.measure.answering import ANSWERS, ENDS
from syncd.measure.promises_kept import PROMISES, PROMISES_BY_MONTH
from syncd.measure.speed import BANDS, SPEED, SPEED_BY_MONTH

TAKEN_UP: dict[str, Any] = {
    "offered_at": at(5, 16),
    "assigned_at": at(5, 17),
    "accepted_at": at(6, 9),
    "touched_at": at(6, 10),
    "state": HandoffState.TOUCHED.value,
    "assign_business_s": 1800,
    "accept_business_s": 600,
    "touch_business_s": 4200,
}
"""Offered at four, somebody's at five, accepted and called the next morning."""


def offered(state: HandoffState, **said: Any) -> dict[str, Any]:
    return {"offered_at": at(5), "state": state.value, **said}


def many(said: dict[str, Any], count: int = 10) -> list[dict[str, Any]]:
    return [a_round(f"l-{n}", **said) for n in range(count)]


def test_the_systems_delay_and_the_owners_are_told_apart() -> None:
    table = SPEED.table(facts(many(TAKEN_UP)), scope())

    told = {
        x: (cell(table, x, "median").value, cell(table, x, "median-raw").value) for x in keys(table)
    }
    assert told == {
        "system": (1800, 3600),
        "accept": (600, 16 * 3600),
        "touch": (4200, 17 * 3600),
        "whole": (6000, 18 * 3600),
    }


def test_what_was_done_before_there_was_an_owner_took_the_owner_no_time() -> None:
    early = TAKEN_UP | {"touched_at": at(5, 16, 30), "touch_business_s": 0}

    table = SPEED.table(facts(many(early)), scope())

    assert cell(table, "touch", "median-raw").value == cell(table, "touch", "median").value == 0
    assert cell(table, "whole", "median-raw").value == 1800
    assert cell(table, "whole", "median").n == 0


def test_a_contact_while_nobody_owned_the_lead_is_in_no_band_of_business_time() -> None:
    early = TAKEN_UP | {"touched_at": at(5, 16, 30), "touch_business_s": 0}

    table = BANDS.table(facts(many(early)), scope())

    shares = {x: parts(table, x)["band-1"] for x in ("business", "owner")}
    assert shares == {"business": (0, 0), "owner": (0, 0)}
    assert parts(table, "raw")["band-2"] == (10, 10)


def test_a_delay_that_has_not_ended_is_not_counted() -> None:
    waiting = TAKEN_UP | {"touched_at": None}

    table = SPEED.table(facts(many(waiting)), scope())

    assert (cell(table, "touch", "median").n, cell(table, "accept", "median").n) == (0, 10)


def test_each_delay_lies_in_one_band_and_its_end_in_the_next() -> None:
    delays = [(0, 299), (300, 0), (1800, 1799), (1800, 1800), (3600, 25_200), (0, 90_000)]
    rounds = [
        a_round(f"l-{n}", **TAKEN_UP | {"assign_business_s": system, "touch_business_s": owner})
        for n, (system, owner) in enumerate(delays)
    ]
    never = a_round("never", **offered(HandoffState.EXPIRED))
    waiting = a_round("waits", **offered(HandoffState.OPENED))

    table = BANDS.table(facts([*rounds, never, waiting]), scope())

    assert parts(table, "business") == {
        "band-1": (1, 8),
        "band-2": (2, 8),
        "band-3": (1, 8),
        "band-4": (2, 8),
        "never": (1, 8),
        "waiting": (1, 8),
    }


def test_never_contacted_is_who_was_over_without_a_contact() -> None:
    rounds = [
        a_round("l-1", **offered(HandoffState.EXPIRED)),
        a_round("l-2", **offered(HandoffState.REJECTED, attempted_at=at(6))),
        a_round("l-3", **offered(HandoffState.QUALIFIED, touched_at=at(6))),
        a_round("l-4", **offered(HandoffState.ASSIGNED)),
        a_round("l-5", **offered(HandoffState.SUPERSEDED)),
    ]

    table = ENDS.table(facts(rounds), scope())

    assert parts(table, "untouched")["over"] == (2, 3)
    assert parts(table, "untried")["over"] == (1, 3)
    assert parts(table, "share") == {
        "over": (3, 5),
        "qualified": (1, 5),
        "rejected": (1, 5),
        "recycled": (1, 5),
        "open": (1, 5),
        "otherwise": (1, 5),
    }


def test_each_offer_of_a_lead_that_came_back_is_a_handoff() -> None:
    rounds = [a_round("l-1", cycle, **TAKEN_UP) for cycle in (1, 2)]

    assert counts(ANSWERS.table(facts(rounds), scope()), "handoffs")["offered"] == 2


def test_steps_to_the_first_contact_leave_out_what_was_settled_otherwise() -> None:
    rounds = [
        a_round("l-1", **TAKEN_UP),
        a_round("l-2", **offered(HandoffState.ACCEPTED, accepted_at=at(6), assigned_at=at(5))),
        a_round("l-3", **offered(HandoffState.EXPIRED, assigned_at=at(5))),
        a_round("l-4", **offered(HandoffState.SUPERSEDED)),
    ]

    table = ANSWERS.table(facts(rounds), scope())

    steps = parts(table, "step")
    assert (steps["assigned"], steps["accepted"], steps["touched"]) == ((3, 3), (2, 3), (1, 2))


def test_months_of_speed_are_those_of_the_offer() -> None:
    table = SPEED_BY_MONTH.table(facts(many(TAKEN_UP)), scope(end=at(20, month=11)))

    assert cell(table, "2026-10", "touch-median").value == 4200
    assert cell(table, "2026-11", "touch-median").n == 0


def test_never_contacted_in_a_month_is_of_the_months_handoffs_that_are_over() -> None:
    rounds = [
        a_round("l-1", **offered(HandoffState.EXPIRED)),
        a_round("l-2", **offered(HandoffState.QUALIFIED, touched_at=at(6))),
        a_round("l-3", **offered(HandoffState.ASSIGNED)),
        a_round("l-4", **offered(HandoffState.EXPIRED) | {"offered_at": at(2, month=11)}),
    ]

    table = SPEED_BY_MONTH.table(facts(rounds), scope())

    assert parts(table, "untouched")["2026-10"] == (1, 2)


def promised(lead_id: str, **said: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"accept_due_at": at(6), "state": HandoffState.ACCEPTED.value}
    return a_round(lead_id, **usual | said)


PROMISED = (
    promised("kept", accept_missed=False),
    promised("late", accept_missed=True),
    promised("taken", accept_missed=True, state=HandoffState.EXPIRED.value),
    promised("gone", accept_missed=False, state=HandoffState.EXPIRED.value),
    promised("runs"),
    promised("other", accept_due_at=at(6, month=11), accept_missed=True),
)


def test_promises_are_kept_missed_or_run_by_when_they_fell_due() -> None:
    table = PROMISES.table(facts(PROMISED), scope())

    found = {x: cell(table, "accept", x).n for x in ("promised", "missed", "running", "recycled")}
    assert found == {"promised": 5, "missed": 2, "running": 1, "recycled": 1}
    assert parts(table, "kept")["accept"] == (2, 4)
    assert cell(table, "touch", "promised").n == 0


def test_a_promise_that_was_never_made_does_not_run() -> None:
    table = PROMISES.table(facts([promised("l", touch_due_at=None)]), scope())

    assert [cell(table, x, "running").n for x in ("accept", "touch")] == [1, 0]


def test_promises_are_held_against_their_target() -> None:
    targets = Targets(in_time={ClockName.ACCEPT: 0.9})

    table = PROMISES.table(facts(PROMISED), scope(targets=targets))

    assert cell(table, "accept", "kept").target == 0.9


def test_promises_month_by_month_are_those_of_the_month_alone() -> None:
    table = PROMISES_BY_MONTH.table(facts(PROMISED), scope(end=at(20, month=11)))

    assert (parts(table, "accept")["2026-10"], parts(table, "accept")["2026-11"]) == (
        (2, 4),
        (0, 1),
    )
