"""The sandbox's Slack where people act: Socket Mode, clicks, forms, whispers and threads,
through the vendor's own clients."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from threading import Condition
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from syncd.adapters.slack.line import Line
from syncd.adapters.slack.manners import silent
from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import System
from syncd.sandbox.slack import rest
from syncd.sandbox.slack.things import Message, Post, User
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN, DEFAULT_TOKEN, Workspace
from syncd.sandbox.world import World

KEY = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
BUTTON = {
    "type": "button",
    "action_id": "accept",
    "value": "lead 7",
    "text": {"type": "plain_text", "text": "Accept"},
}
ROW = {"type": "actions", "elements": [BUTTON]}
FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "why",
    "title": {"type": "plain_text", "text": "Why?"},
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": {"type": "plain_text", "text": "Reason"},
            "element": {
                "type": "static_select",
                "action_id": "given",
                "options": [
                    {"text": {"type": "plain_text", "text": "Wrong fit"}, "value": "wrong-fit"}
                ],
            },
        },
        {
            "type": "input",
            "block_id": "note",
            "optional": True,
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "given"},
        },
    ],
}


@dataclass(slots=True)
class App:
    """An app that acknowledges at once what it hears."""

    heard: list[SocketModeRequest] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    changed: Condition = field(default_factory=Condition)

    def take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = self.answers.get(str(request.payload["type"]))
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))
        with self.changed:
            self.heard.append(request)
            self.changed.notify_all()

    def wait(self, number: int = 1) -> SocketModeRequest:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.heard) >= number, timeout=5)
            return self.heard[number - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    world: World
    client: WebClient
    socket: Line
    app: App
    ann: User

    @property
    def workspace(self) -> Workspace:
        return self.world.slack

    def message(self) -> Message:
        post = Post(text="a lead", blocks=[ROW])
        return self.workspace.post("general", post, self.workspace.bot)

    def trigger(self) -> str:
        self.workspace.click(self.ann, self.message(), "accept")
        return str(self.app.wait().payload["trigger_id"])


@pytest.fixture
def desk() -> Iterator[Desk]:
    world, app = World(), App()
    running = serve_front(rest.app(world), world, System.SLACK)
    client = WebClient(DEFAULT_TOKEN, base_url=f"{running.url}/api/", retry_handlers=[])
    socket = Line(DEFAULT_APP_TOKEN, client, logger=silent(), ping_interval=0.2)
    socket.socket_mode_request_listeners.append(app.take)
    socket.connect()
    assert world.slack.sockets.wait_for_lines(1, seconds=5)
    yield Desk(
        world=world,
        client=client,
        socket=socket,
        app=app,
        ann=world.slack.add_user("ann", "ann@example.com", "Ann Lee"),
    )
    socket.close()
    running.stop()


def test_a_click_reaches_the_app_and_is_acknowledged(desk: Desk) -> None:
    message = desk.message()

    envelope = desk.workspace.click(desk.ann, message, "accept")

    payload = desk.app.wait().payload
    assert payload["actions"][0]["value"] == "lead 7"
    assert payload["user"]["id"] == desk.ann.id
    assert payload["container"]["message_ts"] == message.ts
    assert envelope.answered.wait(5)


def test_a_button_that_is_not_there_cannot_be_clicked(desk: Desk) -> None:
    with pytest.raises(ValueError, match="offers no reject"):
        desk.workspace.click(desk.ann, desk.message(), "reject")


def test_an_envelope_can_come_again(desk: Desk) -> None:
    envelope = desk.workspace.click(desk.ann, desk.message(), "accept")
    desk.app.wait()

    desk.workspace.sockets.send_again(envelope)

    assert desk.app.wait(2).envelope_id == desk.app.wait(1).envelope_id


def test_while_nobody_listens_a_click_goes_nowhere(desk: Desk) -> None:
    desk.socket.auto_reconnect_enabled = False
    desk.workspace.sockets.cut()
    assert desk.workspace.sockets.wait_for_lines(0, seconds=5)

    envelope = desk.workspace.click(desk.ann, desk.message(), "accept")

    assert envelope.sent == 0


def test_an_app_that_is_asked_to_connect_anew_does(desk: Desk) -> None:
    first = desk.socket.session_id()

    desk.workspace.sockets.refresh()

    assert desk.workspace.sockets.wait_for_lines(1, seconds=5)
    desk.workspace.click(desk.ann, desk.message(), "accept")
    desk.app.wait()
    assert desk.socket.session_id() != first


def test_a_ticket_opens_one_line(desk: Desk) -> None:
    used = urlsplit(str(desk.socket.wss_uri))
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}

    with closing(HTTPConnection(used.netloc, timeout=5)) as again:
        again.request("GET", f"{used.path}?{used.query}", headers={**upgrade, **KEY})

        assert again.getresponse().status == 408


def test_only_the_apps_own_token_opens_a_line(desk: Desk) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        desk.client.apps_connections_open(app_token=DEFAULT_TOKEN)


def test_a_form_opens_with_a_fresh_trigger_once(desk: Desk) -> None:
    trigger = desk.trigger()

    desk.client.views_open(trigger_id=trigger, view=FORM)

    [view] = desk.workspace.people.views.values()
    assert view.user_id == desk.ann.id
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        desk.client.views_open(trigger_id=trigger, view=FORM)


def test_a_trigger_lives_three_seconds(desk: Desk) -> None:
    trigger = desk.trigger()
    desk.world.advance(timedelta(seconds=4))

    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        desk.client.views_open(trigger_id=trigger, view=FORM)


def test_a_form_that_slack_would_not_draw_is_refused(desk: Desk) -> None:
    form = {**FORM, "title": {"type": "plain_text", "text": "x" * 25}}

    with pytest.raises(SlackApiError, match="title is longer"):
        desk.client.views_open(trigger_id=desk.trigger(), view=form)


def test_what_is_filled_in_reaches_the_app(desk: Desk) -> None:
    desk.client.views_open(trigger_id=desk.trigger(), view=FORM)
    [view] = desk.workspace.people.views.values()

    envelope = desk.workspace.submit(view, {"reason": "wrong-fit", "note": "too small"})

    values = desk.app.wait(2).payload["view"]["state"]["values"]
    assert values["reason"]["given"]["selected_option"]["value"] == "wrong-fit"
    assert values["note"]["given"]["value"] == "too small"
    assert envelope.answered.wait(5)
    assert not view.is_open


def test_a_form_the_app_finds_fault_with_stays_open(desk: Desk) -> None:
    desk.client.views_open(trigger_id=desk.trigger(), view=FORM)
    [view] = desk.workspace.people.views.values()
    desk.app.answers["view_submission"] = {
        "response_action": "errors",
        "errors": {"note": "say more"},
    }

    envelope = desk.workspace.submit(view, {"reason": "wrong-fit"})

    assert envelope.answered.wait(5)
    assert view.errors == {"note": "say more"}
    assert view.is_open


def test_slack_lets_no_required_field_go_empty_and_nothing_else_be_chosen(desk: Desk) -> None:
    desk.client.views_open(trigger_id=desk.trigger(), view=FORM)
    [view] = desk.workspace.people.views.values()

    with pytest.raises(ValueError, match="reason is required"):
        desk.workspace.submit(view, {"note": "x"})
    with pytest.raises(ValueError, match="not offered"):
        desk.workspace.submit(view, {"reason": "mood"})


def controls(desk: Desk, method: str, path: str, **asked: Any) -> Any:
    """The sandbox's own paths, as curl would ask them."""
    front = urlsplit(desk.client.base_url)
    with closing(HTTPConnection(front.netloc, timeout=5)) as asking:
        asking.request(method, f"/_sandbox/{path}", body=json.dumps(asked))
        return json.loads(asking.getresponse().read())


def test_people_can_be_made_to_act_by_url(desk: Desk) -> None:
    desk.message()

    clicked = controls(desk, "POST", "click", user="ann@example.com", action="accept")
    desk.client.views_open(trigger_id=desk.app.wait().payload["trigger_id"], view=FORM)
    [view] = controls(desk, "GET", "views")["views"]
    sent = controls(desk, "POST", "submit", view=view["id"], values={"reason": "wrong-fit"})

    assert (clicked["sent"], sent["sent"]) == (1, 1)
    assert desk.app.wait(2).payload["type"] == "view_submission"


def test_who_is_not_there_cannot_be_made_to_act(desk: Desk) -> None:
    desk.message()

    answer = controls(desk, "POST", "click", user="bo@example.com", action="accept")

    assert answer == {"error": "ValueError: nobody in Slack has the address bo@example.com"}


def test_a_whisper_is_for_one_and_not_in_the_history(desk: Desk) -> None:
    general = desk.workspace.general.id

    desk.client.chat_postEphemeral(channel=general, user=desk.ann.id, text="noted")

    [whisper] = desk.workspace.whispers
    assert (whisper.user, whisper.text) == (desk.ann.id, "noted")
    assert desk.client.conversations_history(channel=general)["messages"] == []


def test_answers_are_in_their_thread_and_not_in_the_channel(desk: Desk) -> None:
    general, first = desk.workspace.general.id, desk.message()

    desk.client.chat_postMessage(channel=general, thread_ts=first.ts, text="breached")

    told = desk.client.conversations_replies(channel=general, ts=first.ts)["messages"]
    history = desk.client.conversations_history(channel=general)["messages"]
    assert [message["text"] for message in told] == ["a lead", "breached"]
    assert [message["text"] for message in history] == ["a lead"]


def test_a_person_is_told_by_id_with_their_address(desk: Desk) -> None:
    user = desk.client.users_info(user=desk.ann.id)["user"]

    assert (user["profile"]["email"], user["team_id"]) == ("ann@example.com", "T0SANDBOX")
    with pytest.raises(SlackApiError, match="user_not_found"):
        desk.client.users_info(user="U9")


def test_a_method_called_too_often_in_a_minute_says_when_to_come_again(desk: Desk) -> None:
    for _ in range(100):
        desk.client.users_info(user=desk.ann.id)

    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        desk.client.users_info(user=desk.ann.id)

    assert caught.value.response.headers["Retry-After"] == "60"
