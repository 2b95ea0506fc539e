"""The Slack adapter against the sandbox's workspace, over plain HTTP, on good and bad days."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from socket import socket
from typing import Any

import pytest
from world_time import WorldTime

from syncd.adapters.slack.connect import connect_slack
from syncd.adapters.slack.connection import BotConnection, WebhookConnection
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.names import ActionKey
from syncd.errors import AuthError, ConfigError, LostAnswer, PermanentError, TransientError
from syncd.ports import Messenger, Posted
from syncd.sandbox.faults import Fault
from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import System
from syncd.sandbox.slack import rest
from syncd.sandbox.slack.things import Channel, Message, Post
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN, WEBHOOK_PATH
from syncd.sandbox.world import World

POST = "chat.postMessage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A workspace with a sales channel, and both ways into it."""

    world: World
    sales: Channel
    url: str
    bot: Messenger
    webhook: Messenger

    def said(self) -> list[Message]:
        return self.world.slack.said_in(self.sales.id)

    def alert(self, name: str, **more: Any) -> SendAlert:
        words = {"title": f"{name} was handed to you", "summary": name, **more}
        alert = Alert(kind=AlertKind.HANDOFF, at=self.world.now(), **words)
        return SendAlert(key=ActionKey(f"alert:{name}"), lead_id=None, alert=alert)

    def arm(self, match: str, kind: str, **more: Any) -> None:
        spec = {"match": match, "kind": kind, **more}
        self.world.faults[System.SLACK].arm(Fault.from_json(spec))

    def calls(self, method: str) -> int:
        return self.world.requests.count(System.SLACK, f"POST /api/{method}")

    def restarted(self) -> Messenger:
        """A bot that remembers nothing."""
        connection = BotConnection(bot_token=DEFAULT_TOKEN, base_url=f"{self.url}/api/")
        return connect_slack(connection, clock=WorldTime(self.world))


@pytest.fixture
def room() -> Iterator[Room]:
    world = World()
    running = serve_front(rest.app(world), world, System.SLACK)
    sales = world.slack.add_channel("sales")
    world.slack.webhooks[WEBHOOK_PATH] = sales.id
    bot = BotConnection(
        bot_token=DEFAULT_TOKEN, base_url=f"{running.url}/api/", listens=True, timeout_seconds=1
    )
    webhook = WebhookConnection(url=running.url + WEBHOOK_PATH, timeout_seconds=1)
    yield Room(
        world=world,
        sales=sales,
        url=running.url,
        bot=connect_slack(bot, clock=WorldTime(world)),
        webhook=connect_slack(webhook, clock=WorldTime(world)),
    )
    running.stop()


# -- posting -------------------------------------------------------------------


def test_an_alert_is_posted_with_its_kind_and_key(room: Room) -> None:
    room.bot.send("#sales", [room.alert("ada")])

    [message] = room.said()
    assert message.text == "🤝 ada"
    assert message.blocks[0]["text"]["text"] == "🤝 ada was handed to you"
    assert message.metadata == {
        "event_type": "syncd_alert",
        "event_payload": {"kind": "handoff", "keys": ["alert:ada"]},
    }


def test_several_alerts_are_one_message_with_all_keys(room: Room) -> None:
    room.bot.send("#sales", [room.alert("ada"), room.alert("bo")])

    [message] = room.said()
    assert message.metadata is not None
    assert message.metadata["event_payload"]["keys"] == ["alert:ada", "alert:bo"]


def test_a_flood_is_parted_so_that_the_keys_fit(room: Room) -> None:
    room.bot.send("#sales", [room.alert(f"lead {number}") for number in range(250)])

    assert len(room.said()) == 3


def test_the_receiver_is_mentioned_and_looked_up_once(room: Room) -> None:
    ann = room.world.slack.add_user("ann", "ann@example.com", "Ann Lee")

    room.bot.send("#sales", [room.alert("ada", to="ann@example.com")])
    room.bot.send("#sales", [room.alert("bo", to="ann@example.com")])

    assert all(f"<@{ann.id}>" in m.blocks[1]["text"]["text"] for m in room.said())
    assert room.calls("users.lookupByEmail") == 1


def test_a_receiver_slack_does_not_know_is_named_and_not_asked_again(room: Room) -> None:
    for name in ("ada", "bo"):
        room.bot.send("#sales", [room.alert(name, to="who@example.com")])

    assert room.said()[0].blocks[1]["text"]["text"] == "For who@example.com"
    assert room.calls("users.lookupByEmail") == 1


def test_a_queue_is_not_looked_up(room: Room) -> None:
    room.bot.send("#sales", [room.alert("ada", to="queue:EMEA")])

    assert room.calls("users.lookupByEmail") == 0


def test_a_bot_that_may_not_look_people_up_still_tells(room: Room) -> None:
    refusal = {"ok": False, "error": "missing_scope"}
    room.arm("lookupByEmail", "status", status=200, body=refusal)

    room.bot.send("#sales", [room.alert("ada", to="ann@example.com")])

    assert len(room.said()) == 1


def test_a_channel_gets_a_message_a_second(room: Room) -> None:
    began = room.world.now()

    for number in range(8):
        room.bot.send("#sales", [room.alert(str(number))])

    assert room.world.now() - began == timedelta(seconds=7)


def test_channels_do_not_wait_for_one_another(room: Room) -> None:
    began = room.world.now()

    room.bot.send("#sales", [room.alert("ada")])
    room.bot.send("#general", [room.alert("bo")])

    assert room.world.now() == began


# -- conversations -------------------------------------------------------------


def test_a_message_tells_where_it_is_and_offers_what_can_be_done(room: Room) -> None:
    posted = room.bot.send("#sales", [room.alert("ada", acts=(Act.ACCEPT,), subject="h-1")])

    [message] = room.said()
    assert posted == Posted(channel_id=room.sales.id, ts=message.ts)
    assert message.blocks[-2]["elements"][0]["action_id"] == "accept"


def test_where_nobody_listens_no_button_is_drawn(room: Room) -> None:
    room.restarted().send("#sales", [room.alert("ada", acts=(Act.ACCEPT,), subject="h-1")])

    [message] = room.said()
    assert all(block["type"] != "actions" for block in message.blocks)


def test_several_in_one_message_offer_nothing(room: Room) -> None:
    room.bot.send("#sales", [room.alert(name, acts=(Act.ACCEPT,)) for name in ("ada", "bo")])

    [message] = room.said()
    assert all(block["type"] != "actions" for block in message.blocks)


def test_an_answer_is_in_the_thread_of_the_first_message(room: Room) -> None:
    first = room.bot.send("#sales", [room.alert("ada")])

    room.bot.send("#elsewhere", [room.alert("bo")], thread=first)

    assert first is not None
    assert [message.thread_ts for message in room.said()] == [None, first.ts]


def test_what_became_of_an_alert_replaces_its_buttons_in_place(room: Room) -> None:
    alert = room.alert("ada", acts=(Act.ACCEPT,), subject="h-1")
    posted = room.bot.send("#sales", [alert])
    assert posted is not None

    settled = replace(alert, alert=replace(alert.alert, acts=()))
    room.bot.update(posted, settled, "Accepted by Ann Lee")

    [message] = room.said()
    assert message.edits == 1
    assert message.blocks[-2]["text"]["text"] == "*Accepted by Ann Lee*"
    assert room.bot.find_sent("#sales", [alert.key]) == {alert.key: posted}


def test_what_can_still_be_answered_keeps_its_buttons_below_what_became_of_it(room: Room) -> None:
    alert = room.alert("ada", acts=(Act.ACCEPT,), subject="h-1")
    posted = room.bot.send("#sales", [alert])
    assert posted is not None

    room.bot.update(posted, alert, "Snoozed by Ann Lee")

    [message] = room.said()
    assert message.blocks[-3]["text"]["text"] == "*Snoozed by Ann Lee*"
    assert message.button("accept")


def test_an_answer_in_a_thread_is_found_there_and_not_in_the_channel(room: Room) -> None:
    first = room.bot.send("#sales", [room.alert("ada")])
    room.arm(POST, "lost_response")
    with pytest.raises(TransientError):
        room.bot.send("#sales", [room.alert("bo")], thread=first)

    found = room.restarted().find_sent("#sales", [ActionKey("alert:bo")], thread=first)

    assert [where.ts for where in (found or {}).values()] == [room.said()[1].ts]
    assert not room.bot.find_sent("#sales", [ActionKey("alert:bo")])


@pytest.mark.parametrize("code", ["message_not_found", "edit_window_closed"])
def test_a_message_that_cannot_be_changed_is_a_final_refusal(room: Room, code: str) -> None:
    posted = Posted(channel_id=room.sales.id, ts="1.000000")
    room.arm("chat.update", "status", status=200, body={"ok": False, "error": code})

    with pytest.raises(PermanentError, match=code):
        room.bot.update(posted, room.alert("ada"), "over")


def test_changes_keep_to_fifty_a_minute(room: Room) -> None:
    alert = room.alert("ada")
    posted = room.bot.send("#sales", [alert])
    assert posted is not None
    began = room.world.now()

    for number in range(51):
        room.bot.update(posted, alert, str(number))

    assert room.world.now() - began == timedelta(minutes=1)


# -- asking what was posted ----------------------------------------------------


def test_what_was_sent_is_found_and_what_was_not_is_not(room: Room) -> None:
    room.bot.send("#sales", [room.alert("ada"), room.alert("bo")])

    found = room.bot.find_sent("#sales", [ActionKey("alert:bo"), ActionKey("alert:cy")])

    assert set(found or ()) == {"alert:bo"}


def test_a_channel_posted_to_needs_no_looking_up(room: Room) -> None:
    room.bot.send("#sales", [room.alert("ada")])

    room.bot.find_sent("#sales", [ActionKey("alert:ada")])

    assert room.calls("conversations.list") == 0


def test_a_message_whose_answer_was_lost_is_found_even_after_a_restart(room: Room) -> None:
    room.arm(POST, "lost_response")
    with pytest.raises(TransientError):
        room.bot.send("#sales", [room.alert("ada")])

    found = room.restarted().find_sent("#sales", [ActionKey("alert:ada")])

    assert set(found or ()) == {"alert:ada"}


def test_a_message_is_found_below_hundreds_of_others(room: Room) -> None:
    room.world.slack.settings.limited = False
    room.bot.send("#sales", [room.alert("ada")])
    for _ in range(450):
        room.world.slack.post(room.sales.id, Post(text="chat"), room.world.slack.bot)

    assert set(room.bot.find_sent("#sales", [ActionKey("alert:ada")]) or ()) == {"alert:ada"}


def test_other_channels_do_not_count(room: Room) -> None:
    room.bot.send("#general", [room.alert("ada")])

    assert not room.bot.find_sent("#sales", [ActionKey("alert:ada")])


@pytest.mark.parametrize("refusal", ["missing_scope", "channel_not_found"])
def test_where_the_bot_may_not_look_it_cannot_be_asked(room: Room, refusal: str) -> None:
    room.bot.send("#sales", [room.alert("ada")])
    body = {"ok": False, "error": refusal}
    room.arm("conversations.history", "status", status=200, body=body)

    assert room.bot.find_sent("#sales", [ActionKey("alert:ada")]) is None


def test_a_channel_the_bot_does_not_see_holds_nothing(room: Room) -> None:
    assert not room.bot.find_sent("#secret", [ActionKey("alert:ada")])


def test_a_channel_that_cannot_be_reached_is_asked_again_later(room: Room) -> None:
    room.arm("conversations", "reset", times=None)

    with pytest.raises(TransientError):
        room.bot.find_sent("#sales", [ActionKey("alert:ada")])


# -- bad days ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("channel_not_found", AuthError),
        ("is_archived", AuthError),
        ("msg_too_long", PermanentError),
        ("invalid_auth", AuthError),
        ("token_revoked", AuthError),
        ("ratelimited", TransientError),
        ("internal_error", TransientError),
    ],
)
def test_a_refusal_with_status_200_is_told_apart(
    room: Room, code: str, kind: type[Exception]
) -> None:
    room.arm(POST, "status", status=200, body={"ok": False, "error": code})

    with pytest.raises(kind, match=code):
        room.bot.send("#sales", [room.alert("ada")])


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 429, "headers": {"Retry-After": "9"}},
        {"kind": "status", "status": 500, "body": "oops"},
        {"kind": "status", "status": 503, "body": ""},
        {"kind": "html200"},
        {"kind": "truncate"},
        {"kind": "reset"},
        {"kind": "lost_response"},
        {"kind": "hang", "seconds": 1.5},
    ],
    ids=lambda fault: f"{fault['kind']}{fault.get('status', '')}",
)
def test_a_send_is_never_tried_twice(room: Room, fault: dict[str, Any]) -> None:
    room.arm(POST, **fault)

    with pytest.raises(TransientError):
        room.bot.send("#sales", [room.alert("ada")])

    assert room.calls(POST) == 1


def test_slacks_wish_to_wait_is_handed_on(room: Room) -> None:
    room.arm(POST, "status", status=429, body={"ok": False}, headers={"Retry-After": "9"})

    with pytest.raises(TransientError) as caught:
        room.bot.send("#sales", [room.alert("ada")])

    assert caught.value.retry_after == timedelta(seconds=9)


def test_a_look_into_the_channel_gets_over_a_passing_fault(room: Room) -> None:
    room.bot.send("#sales", [room.alert("ada")])
    room.arm("conversations.history", "reset")

    assert set(room.bot.find_sent("#sales", [ActionKey("alert:ada")]) or ()) == {"alert:ada"}


def test_an_archived_channel_is_a_reason_to_route_elsewhere(room: Room) -> None:
    room.sales.is_archived = True

    with pytest.raises(AuthError, match="archived"):
        room.bot.send("#sales", [room.alert("ada")])


def test_a_token_is_never_sent_over_plain_http_to_another_machine(room: Room) -> None:
    connection = BotConnection(bot_token="xoxb-1", base_url="http://slack.example.com/api/")

    with pytest.raises(ConfigError, match="https"):
        connect_slack(connection, clock=WorldTime(room.world))


# -- webhooks ------------------------------------------------------------------


def test_a_webhook_posts_to_its_own_channel_whatever_the_route(room: Room) -> None:
    room.webhook.send("#elsewhere", [room.alert("ada", to="ann@example.com")])

    [message] = room.said()
    assert message.text == "🤝 ada"
    assert message.blocks[1]["text"]["text"] == "For ann@example.com"


def test_a_webhook_draws_no_buttons_and_changes_nothing(room: Room) -> None:
    alert = room.alert("ada", acts=(Act.ACCEPT,), subject="h-1")

    posted = room.webhook.send("#sales", [alert])
    room.webhook.update(Posted(channel_id=room.sales.id, ts="1.0"), alert, "over")

    [message] = room.said()
    assert posted is None
    assert message.edits == 0
    assert all(block["type"] != "actions" for block in message.blocks)


def test_a_webhook_cannot_be_asked(room: Room) -> None:
    room.webhook.send("#sales", [room.alert("ada")])

    assert not room.webhook.find_sent("#sales", [ActionKey("alert:ada")])


def test_a_webhook_keeps_to_a_message_a_second(room: Room) -> None:
    began = room.world.now()

    for number in range(3):
        room.webhook.send("#sales", [room.alert(str(number))])

    assert room.world.now() - began == timedelta(seconds=2)


def test_a_removed_webhook_needs_a_person(room: Room) -> None:
    room.world.slack.webhooks.clear()

    with pytest.raises(AuthError, match="new one"):
        room.webhook.send("#sales", [room.alert("ada")])


def test_a_webhook_to_an_archived_channel_wants_a_person(room: Room) -> None:
    room.sales.is_archived = True

    with pytest.raises(AuthError, match="archived"):
        room.webhook.send("#sales", [room.alert("ada")])


@pytest.mark.parametrize("kind", ["html200", "truncate", "reset", "lost_response"])
def test_a_webhook_whose_answer_was_lost_says_so_and_is_not_tried_twice(
    room: Room, kind: str
) -> None:
    room.arm("/services/", kind)

    with pytest.raises(LostAnswer):
        room.webhook.send("#sales", [room.alert("ada")])

    assert room.world.requests.count(System.SLACK) == 1


def test_where_nobody_was_reached_no_answer_is_lost(room: Room) -> None:
    with socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}{WEBHOOK_PATH}"
        webhook = connect_slack(WebhookConnection(url=url), clock=WorldTime(room.world))

        with pytest.raises(TransientError) as caught:
            webhook.send("#sales", [room.alert("ada")])

    assert not isinstance(caught.value, LostAnswer)


def test_a_webhooks_url_is_a_secret_and_never_shown(room: Room) -> None:
    room.arm("/services/", "reset")

    with pytest.raises(TransientError) as caught:
        room.webhook.send("#sales", [room.alert("ada")])

    assert WEBHOOK_PATH not in str(caught.value)
    assert WEBHOOK_PATH not in repr(WebhookConnection(url=room.url + WEBHOOK_PATH))
