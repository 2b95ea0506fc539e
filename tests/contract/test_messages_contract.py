"""What every store keeps of alerts: decisions, conversations, troubles, silences, counts."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from store_values import ANNA, BERT, DAY, HOUR, MINUTE, NOW, alert, lead, write
from test_store_contract import ClosableStore, Shelf, commit, open_another, store

from syncd.adapters.store.messages import KEEP_MESSAGES
from syncd.core.keys import short_id
from syncd.domain.alert import AlertKind
from syncd.domain.message import (
    Message,
    MessageState,
    RouteCount,
    RouteNews,
    Silence,
    Why,
)
from syncd.domain.names import ActionKey
from syncd.errors import LeaseLost

__all__ = ["open_another", "store"]  # fixtures


def message(key: str, **more: Any) -> Message:
    """One that waits."""
    plain = Message(
        key=ActionKey(key),
        kind=AlertKind.TWIN,
        channel="#revops",
        made_at=NOW,
        decided_at=NOW,
        state=MessageState.WAITS,
        why=Why.FOR_MORE,
        until=NOW + MINUTE,
    )
    return replace(plain, **more)


def sent(key: str, at: datetime = NOW, **more: Any) -> Message:
    """One in a message of its own."""
    told = {"sent_at": at, "decided_at": at, "post": ActionKey(key), "alone": True}
    posted = {"channel_id": "C1", "ts": "1.5", "until": None}
    return message(key, **{"state": MessageState.SENT, "why": Why.ALONE, **told, **posted, **more})


def silence(name: str = "s1", **more: Any) -> Silence:
    plain = Silence(id=name, by="Ada", reason="x", placed_at=NOW, expires_at=NOW + HOUR)
    return replace(plain, **more)


# --- decisions ---------------------------------------------------------------------------


def test_what_was_decided_comes_back_as_it_was_stored(store: ClosableStore) -> None:
    whole = sent(
        "a",
        lead_id=ANNA,
        thread="ho-1",
        detail="because",
        outcome="Accepted",
        outcome_at=NOW,
        acted=True,
        not_useful_by="Bo",
    )

    commit(store, messages=(whole, message("b")))

    found = store.messages([ActionKey("a"), ActionKey("b"), ActionKey("c")])
    assert found == {"a": whole, "b": message("b")}


def test_a_later_decision_takes_the_place_of_the_one_before(store: ClosableStore) -> None:
    commit(store, messages=(message("a"),))

    commit(store, messages=(sent("a"),))

    assert store.messages([ActionKey("a")]) == {"a": sent("a")}
    assert store.routes(since=NOW - HOUR, now=NOW) == {
        ("#revops", AlertKind.TWIN): RouteNews(told=1)
    }


def test_decisions_are_fenced_by_the_lease(store: ClosableStore, open_another: Shelf) -> None:
    assert open_another().acquire(holder="worker-2", now=NOW + 2 * HOUR, span=HOUR)

    with pytest.raises(LeaseLost):
        commit(store, messages=(message("a"),))


def test_alerts_are_given_whole_while_the_outbox_has_them(store: ClosableStore) -> None:
    commit(store, actions=(alert("a"), write("w")))

    found = store.alerts([ActionKey("a"), ActionKey("w"), ActionKey("none")])

    assert found == {"a": alert("a")}


def test_what_was_decided_long_ago_is_forgotten(store: ClosableStore) -> None:
    commit(store, messages=(sent("old", NOW - KEEP_MESSAGES), sent("kept", NOW)))

    commit(store, now=NOW + MINUTE, messages=(message("new", decided_at=NOW + MINUTE),))

    assert [x.key for x in store.latest(10)] == ["new", "kept"]


def test_what_was_decided_about_an_erased_person_is_forgotten(store: ClosableStore) -> None:
    commit(store, leads=(lead(ANNA),), messages=(sent("a", lead_id=ANNA), sent("b", lead_id=BERT)))
    store.silence(silence(lead_id=ANNA))

    commit(store, erased=(ANNA,))

    assert [x.key for x in store.latest(10)] == ["b"]
    assert store.silences(NOW) == []


# --- routes ------------------------------------------------------------------------------


def test_a_route_tells_how_much_went_it_and_when_several_went_together(
    store: ClosableStore,
) -> None:
    together = {"why": Why.TOGETHER, "alone": False}
    commit(
        store,
        messages=(
            sent("a", NOW - 2 * MINUTE, **together),
            sent("b", NOW - MINUTE, **together),
            sent("c", NOW),
            sent("old", NOW - HOUR),
            sent("other", channel="#sales"),
        ),
    )

    found = store.routes(since=NOW - HOUR, now=NOW)

    assert found == {
        ("#revops", AlertKind.TWIN): RouteNews(told=3, gathered_at=NOW - MINUTE),
        ("#sales", AlertKind.TWIN): RouteNews(told=1),
    }


def test_a_route_tells_when_those_that_are_gathered_leave(store: ClosableStore) -> None:
    commit(
        store,
        messages=(
            message("a", until=NOW + 2 * MINUTE),
            message("b", until=NOW + MINUTE, why=Why.INTERVAL),
            message("due", until=NOW),
            message("night", until=NOW + 1.5 * MINUTE, why=Why.QUIET),
            sent("c"),
        ),
    )

    found = store.routes(since=NOW - HOUR, now=NOW)

    assert found == {("#revops", AlertKind.TWIN): RouteNews(told=3, leaves_at=NOW + MINUTE)}


# --- conversations and troubles ----------------------------------------------------------


def test_the_opening_of_a_conversation_is_its_first_message_that_can_be_answered(
    store: ClosableStore,
) -> None:
    commit(
        store,
        messages=(
            message("waits", thread="t"),
            sent("many", NOW - 3 * MINUTE, thread="t", alone=False),
            sent("unknown", NOW - 2 * MINUTE, thread="t", ts=""),
            sent("second", NOW, thread="t"),
            sent("first", NOW - MINUTE, thread="t"),
            sent("other", NOW - HOUR, thread="u"),
            sent("elsewhere", NOW - HOUR, thread="t", channel="#boss"),
        ),
    )

    found = store.opening("t", "#revops")

    assert found is not None
    assert found.key == "first"
    assert store.opening("v", "#revops") is None


def test_troubles_are_those_told_that_are_not_marked_over(store: ClosableStore) -> None:
    commit(
        store,
        messages=(
            sent("blind", kind=AlertKind.BLIND),
            sent("plan", NOW - MINUTE, kind=AlertKind.HELD_PLAN),
            sent("over", kind=AlertKind.BLIND, outcome="Resolved", outcome_at=NOW),
            message("waits", kind=AlertKind.CONFIG),
            sent("twin"),
        ),
    )

    assert [x.key for x in store.troubles()] == ["plan", "blind"]


# --- silences ----------------------------------------------------------------------------


def test_a_silence_is_in_force_until_it_expires(store: ClosableStore) -> None:
    kinds = silence("s2", kind=AlertKind.TWIN, channel="#sales", expires_at=NOW + MINUTE)
    store.silence(silence())
    store.silence(kinds)

    assert store.silences(NOW) == [kinds, silence()]
    assert store.silences(NOW + MINUTE) == [silence()]


def test_a_silence_can_be_changed_by_any_process(store: ClosableStore, open_another: Shelf) -> None:
    store.silence(silence())

    open_another().silence(silence(expires_at=NOW, lifted_by="Bo"))

    assert store.silences(NOW) == []


# --- for people --------------------------------------------------------------------------


def test_the_latest_decisions_come_first(store: ClosableStore) -> None:
    commit(store, messages=tuple(sent(f"{n}", NOW + n * MINUTE) for n in range(5)))

    assert [x.key for x in store.latest(3)] == ["4", "3", "2"]


def test_an_alert_is_named_by_its_key_or_the_beginning_of_its_short_id(
    store: ClosableStore,
) -> None:
    commit(store, messages=(sent("a"), sent("b")))

    by_key, by_id = store.named("a"), store.named(short_id(ActionKey("b"))[:6])

    assert [x.key for x in (*by_key, *by_id)] == ["a", "b"]
    assert store.named("%") == []


def test_alerts_sent_are_counted_by_route(store: ClosableStore) -> None:
    commit(
        store,
        messages=(
            sent("a", acted=True),
            sent("b", not_useful_by="Bo"),
            sent("c", channel="#sales", acted=True, not_useful_by="Bo"),
            sent("before", NOW - MINUTE),
            sent("after", NOW + DAY),
            message("waits"),
        ),
    )

    found = store.counts(NOW, NOW + DAY)

    assert found == [
        RouteCount(channel="#revops", kind=AlertKind.TWIN, sent=2, acted=1, not_useful=1),
        RouteCount(channel="#sales", kind=AlertKind.TWIN, sent=1, acted=1, not_useful=1),
    ]
