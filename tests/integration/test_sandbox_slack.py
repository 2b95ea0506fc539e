"""The sandbox's Slack workspace through the vendor's own clients, over plain HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import SectionBlock
from slack_sdk.models.metadata import Metadata
from slack_sdk.webhook import WebhookClient

from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import System
from syncd.sandbox.slack import rest
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN, WEBHOOK_PATH, Workspace
from syncd.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A world, and a client of its workspace."""

    world: World
    url: str
    client: WebClient

    @property
    def workspace(self) -> Workspace:
        return self.world.slack


@pytest.fixture
def desk() -> Iterator[Desk]:
    world = World()
    running = serve_front(rest.app(world), world, System.SLACK)
    client = WebClient(DEFAULT_TOKEN, base_url=f"{running.url}/api/", retry_handlers=[])
    yield Desk(world=world, url=running.url, client=client)
    running.stop()


def test_the_bot_learns_who_it_is(desk: Desk) -> None:
    answer = desk.client.auth_test()

    assert (answer["ok"], answer["user_id"]) == (True, desk.workspace.bot.id)


def test_a_posted_message_keeps_its_blocks_and_its_metadata(desk: Desk) -> None:
    key = Metadata("handoff_opened", {"key": "t-17"})

    answer = desk.client.chat_postMessage(
        channel="#general", text="hello", blocks=[SectionBlock(text="hello")], metadata=key
    )

    (message,) = desk.workspace.messages
    assert answer["ts"] == message.ts
    assert message.blocks[0]["type"] == "section"
    assert message.metadata == {"event_type": "handoff_opened", "event_payload": {"key": "t-17"}}


def test_history_shows_metadata_only_to_those_who_ask_for_it(desk: Desk) -> None:
    channel = desk.workspace.general.id
    desk.client.chat_postMessage(channel=channel, text="a", metadata=Metadata("fact", {"key": "1"}))

    told = desk.client.conversations_history(channel=channel, include_all_metadata=True)
    silent = desk.client.conversations_history(channel=channel)

    assert told["messages"][0]["metadata"]["event_payload"] == {"key": "1"}
    assert "metadata" not in silent["messages"][0]


def test_history_comes_newest_first_in_pages(desk: Desk) -> None:
    channel = desk.workspace.general.id
    for text in ("one", "two", "three"):
        desk.client.chat_postMessage(channel=channel, text=text)

    pages = [
        [said["text"] for said in page["messages"]]
        for page in desk.client.conversations_history(channel=channel, limit=2)
    ]

    assert pages == [["three", "two"], ["one"]]


def test_a_changed_message_keeps_its_stamp_and_loses_its_text(desk: Desk) -> None:
    posted = desk.client.chat_postMessage(channel="general", text="offered")

    desk.client.chat_update(channel=posted["channel"], ts=posted["ts"], text="accepted")

    (message,) = desk.workspace.messages
    assert (message.ts, message.text, message.edits) == (posted["ts"], "accepted", 1)


def test_a_person_is_found_by_email_and_written_to(desk: Desk) -> None:
    ann = desk.workspace.add_user("ann", "ann@example.com", "Ann Lee")

    found = desk.client.users_lookupByEmail(email="Ann@example.com")
    opened = desk.client.conversations_open(users=found["user"]["id"])
    desk.client.chat_postMessage(channel=opened["channel"]["id"], text="for you")

    (message,) = desk.workspace.messages
    assert desk.workspace.channels[message.channel].user == ann.id


def test_everyone_is_listed_with_the_bot_marked(desk: Desk) -> None:
    desk.workspace.add_user("ann", "ann@example.com", "Ann Lee")

    members = desk.client.users_list()["members"]

    assert [(member["name"], member["is_bot"]) for member in members] == [
        ("syncd", True),
        ("ann", False),
    ]


@pytest.mark.parametrize(
    ("channel", "text", "error"),
    [
        ("nowhere", "hi", "channel_not_found"),
        ("old", "hi", "is_archived"),
        ("private", "hi", "not_in_channel"),
        ("general", "", "no_text"),
        ("general", "x" * 40_001, "msg_too_long"),
    ],
)
def test_a_refused_message_is_a_200_that_says_why(
    desk: Desk, channel: str, text: str, error: str
) -> None:
    desk.workspace.add_channel("old").is_archived = True
    desk.workspace.add_channel("private").has_bot = False

    with pytest.raises(SlackApiError) as refused:
        desk.client.api_call("chat.postMessage", json={"channel": channel, "text": text})

    assert refused.value.response["error"] == error
    assert refused.value.response.status_code == 200
    assert desk.workspace.messages == []


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-someone-else", "invalid_auth")]
)
def test_a_bad_token_is_a_200_that_says_so(desk: Desk, token: str, error: str) -> None:
    stranger = WebClient(token, base_url=f"{desk.url}/api/")

    with pytest.raises(SlackApiError) as refused:
        stranger.auth_test()

    assert refused.value.response["error"] == error


def test_more_than_a_message_a_second_is_refused_until_the_time_it_names(desk: Desk) -> None:
    burst = desk.workspace.settings.burst
    for number in range(burst):
        desk.client.chat_postMessage(channel="general", text=str(number))

    with pytest.raises(SlackApiError) as refused:
        desk.client.chat_postMessage(channel="general", text="too much")
    wait = int(refused.value.response.headers["Retry-After"])
    desk.world.advance(timedelta(seconds=wait))
    desk.client.chat_postMessage(channel="general", text="in time")

    assert refused.value.response.status_code == 429
    assert [message.text for message in desk.workspace.messages][burst:] == ["in time"]


def test_one_busy_channel_does_not_slow_another(desk: Desk) -> None:
    desk.workspace.settings.burst = 1
    desk.workspace.add_channel("sales")

    desk.client.chat_postMessage(channel="general", text="a")
    desk.client.chat_postMessage(channel="sales", text="b")

    assert len(desk.workspace.messages) == 2


def test_an_incoming_webhook_answers_plain_ok(desk: Desk) -> None:
    answer = WebhookClient(desk.url + WEBHOOK_PATH).send(text="from a hook")

    assert (answer.status_code, answer.body) == (200, "ok")
    assert [said.text for said in desk.workspace.said_in(desk.workspace.general.id)] == [
        "from a hook"
    ]


def test_an_unknown_webhook_is_a_404_in_plain_words(desk: Desk) -> None:
    answer = WebhookClient(f"{desk.url}/services/T0/B0/gone").send(text="lost")

    assert (answer.status_code, answer.body) == (404, "no_service")


def test_the_journal_knows_every_message_and_its_metadata(desk: Desk) -> None:
    desk.client.chat_postMessage(
        channel="general", text="hello", metadata=Metadata("fact", {"key": "1"})
    )

    (entry,) = [entry for entry in desk.world.journal if entry.system is System.SLACK]
    assert entry.after["text"] == "hello"
    assert entry.after["metadata"]["event_payload"] == {"key": "1"}
