"""Which troubles are told again, and which are over."""

from datetime import timedelta

from alert_cases import NOON

from syncd.core.troubles import Followed, first_key, follow
from syncd.domain.alert import AlertKind
from syncd.domain.message import Message, MessageState, Why
from syncd.domain.names import ActionKey

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BLIND = ActionKey("alert:blind:hubspot:2026-03-01T10:00:00+00:00")


def told(key: str, ago: timedelta) -> Message:
    return Message(
        key=ActionKey(key),
        kind=AlertKind.BLIND,
        channel="#revops",
        made_at=NOON - ago,
        decided_at=NOON - ago,
        state=MessageState.SENT,
        why=Why.AT_ONCE,
        sent_at=NOON - ago,
    )


def test_a_trouble_that_lasts_is_told_again_after_the_interval() -> None:
    found = follow([told(BLIND, DAY)], {BLIND}, repeat=DAY, now=NOON)

    assert found == Followed(again={BLIND: ActionKey(f"{BLIND}#2")}, over=())


def test_it_is_not_told_again_before() -> None:
    messages = [told(BLIND, 2 * DAY), told(f"{BLIND}#2", DAY - HOUR)]

    assert follow(messages, {BLIND}, repeat=DAY, now=NOON) == Followed(again={}, over=())


def test_each_time_has_a_key_of_its_own_that_names_the_first() -> None:
    messages = [told(BLIND, 2 * DAY), told(f"{BLIND}#2", DAY)]

    found = follow(messages, {BLIND}, repeat=DAY, now=NOON)

    assert found.again == {BLIND: f"{BLIND}#3"}
    assert first_key(found.again[BLIND]) == BLIND


def test_once_it_is_over_every_message_about_it_is_to_say_so() -> None:
    messages = [told(BLIND, 2 * DAY), told(f"{BLIND}#2", DAY)]

    assert follow(messages, (), repeat=DAY, now=NOON) == Followed(again={}, over=tuple(messages))
