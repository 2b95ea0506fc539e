"""A Slack workspace: people, channels, and every message ever posted or changed.

It keeps messages and refuses what Slack refuses; it knows nothing of HTTP.
Whoever calls it from a thread holds the world's lock.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.journal import CREATED, Actor, ActorKind, Journal, Origin, Subject, System

DEFAULT_TOKEN = "xoxb-0000000001-sandbox"  # noqa: S105 - opens only the sandbox
WEBHOOK_PATH = "/services/T0SANDBOX/B0SANDBOX/000000000000000000000000"
LONGEST_TEXT = 40_000
MOST_BLOCKS = 50

Json = Mapping[str, Any]


class SlackError(Exception):
    """What the Web API answers with `ok: false`; the text is Slack's error code."""


class TooFast(Exception):
    """A channel got more than a message a second; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: str
    name: str
    email: str
    real_name: str
    is_bot: bool = False
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Channel:
    """A channel, or a conversation with one person if `user` is set."""

    id: str
    name: str
    user: str | None = None
    is_archived: bool = False
    has_bot: bool = True  # whether the bot was invited
    recent: deque[datetime] = field(default_factory=deque)


@dataclass(slots=True, kw_only=True)
class Message:
    """`sender` is a user's id, or the webhook's; `edits` counts later changes."""

    ts: str
    channel: str
    sender: str
    text: str
    blocks: list[Json]
    metadata: Json | None
    thread_ts: str | None
    at: datetime
    edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What a sender wants a message to say."""

    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None


@dataclass(slots=True, kw_only=True)
class WorkspaceSettings:
    """Mutable on purpose: a test changes them in the middle of a story."""

    limited: bool = True
    burst: int = 5  # messages a channel takes at once before a message a second holds


class Workspace:
    """One team. The bot is its first user."""

    def __init__(self, clock: WorldClock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._last_ts = 0
        self.settings = WorkspaceSettings()
        self.team_id = "T0SANDBOX"
        self.team = "Sandbox"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.bot = self.add_user("syncd", "syncd@example.com", "syncd", is_bot=True)
        self.tokens = {DEFAULT_TOKEN: self.bot}
        self.general = self.add_channel("general")
        self.webhooks = {WEBHOOK_PATH: self.general.id}

    def add_user(self, name: str, email: str, real_name: str, *, is_bot: bool = False) -> User:
        user = User(
            id=f"U{len(self.users) + 1:08d}",
            name=name,
            email=email.lower(),
            real_name=real_name,
            is_bot=is_bot,
        )
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, *, user: str | None = None) -> Channel:
        letter = "C" if user is None else "D"
        channel = Channel(id=f"{letter}{len(self.channels) + 1:08d}", name=name, user=user)
        self.channels[channel.id] = channel
        return channel

    def user_by_email(self, email: str) -> User:
        for user in self.users.values():
            if user.email == email.lower() and not user.deleted:
                return user
        raise SlackError("users_not_found")

    def open_with(self, user_id: str) -> Channel:
        """The conversation with one person, opened on first use."""
        user = self.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        for channel in self.channels.values():
            if channel.user == user_id:
                return channel
        return self.add_channel(user.name, user=user_id)

    def post(self, channel_name: str, post: Post, sender: User) -> Message:
        """To a channel by id or `#name`, or to a person by user id; raises SlackError, TooFast."""
        channel = self._destination(channel_name)
        _refuse_unfit(post)
        self._pace(channel)
        return self._append(channel, post, sender.id, sender.name)

    def post_webhook(self, path: str, post: Post) -> Message:
        """As an incoming webhook, to the channel it was made for."""
        if path not in self.webhooks:
            raise SlackError("no_service")
        channel = self.channels[self.webhooks[path]]
        if channel.is_archived:
            raise SlackError("channel_is_archived")
        _refuse_unfit(post)
        self._pace(channel)
        return self._append(channel, post, path.split("/")[3], "incoming-webhook")

    def update(self, channel_id: str, ts: str, post: Post, sender: User) -> Message:
        """Replace what a message of the sender's own says."""
        message = self._message(channel_id, ts)
        if message.sender != sender.id:
            raise SlackError("cant_update_message")
        _refuse_unfit(post)
        before = message.text
        message.text, message.blocks = post.text, list(post.blocks)
        message.metadata = post.metadata or message.metadata
        message.edits += 1
        self._tell(message, "text", before, message.text, sender.name)
        return message

    def history(self, channel_id: str, *, oldest: str = "0", latest: str = "") -> Iterator[Message]:
        """Messages of one channel, newest first, between two exclusive stamps."""
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        for message in reversed(self.messages):
            late = latest and float(message.ts) >= float(latest)
            if message.channel == channel_id and not late and float(message.ts) > float(oldest):
                yield message

    def said_in(self, channel_id: str) -> list[Message]:
        """Everything in a channel, oldest first."""
        return [message for message in self.messages if message.channel == channel_id]

    def _destination(self, name: str) -> Channel:
        if name in self.users:
            return self.open_with(name)
        bare = name.removeprefix("#")
        for channel in self.channels.values():
            if name == channel.id or (channel.user is None and bare == channel.name):
                return _writable(channel)
        raise SlackError("channel_not_found")

    def _pace(self, channel: Channel) -> None:
        """A message a second and channel, after a small burst."""
        now, kept = self._clock.now(), timedelta(seconds=self.settings.burst)
        while channel.recent and channel.recent[0] <= now - kept:
            channel.recent.popleft()
        if self.settings.limited and len(channel.recent) >= self.settings.burst:
            wait = channel.recent[0] + kept - now
            raise TooFast(max(1, -(-wait // timedelta(seconds=1))))
        channel.recent.append(now)

    def _append(self, channel: Channel, post: Post, sender: str, name: str) -> Message:
        message = Message(
            ts=self._next_ts(),
            channel=channel.id,
            sender=sender,
            text=post.text,
            blocks=list(post.blocks),
            metadata=post.metadata,
            thread_ts=post.thread_ts,
            at=self._clock.now(),
        )
        self.messages.append(message)
        said = {"channel": channel.name, "text": post.text, "metadata": post.metadata}
        self._tell(message, CREATED, None, said, name)
        return message

    def _next_ts(self) -> str:
        """Seconds and microseconds; the number that tells messages of a channel apart."""
        micros = int(self._clock.now().timestamp() * 1_000_000)
        self._last_ts = max(micros, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def _message(self, channel_id: str, ts: str) -> Message:
        for message in self.history(channel_id):
            if message.ts == ts:
                return message
        raise SlackError("message_not_found")

    def _tell(self, message: Message, field: str, before: object, after: object, by: str) -> None:
        actor = Actor(kind=ActorKind.API, id=message.sender, name=by)
        subject = Subject(System.SLACK, "message", f"{message.channel}:{message.ts}")
        self._journal.record(
            subject, field, before=before, after=after, origin=Origin(actor, "api")
        )


def _writable(channel: Channel) -> Channel:
    if channel.is_archived:
        raise SlackError("is_archived")
    if not channel.has_bot:
        raise SlackError("not_in_channel")
    return channel


def _refuse_unfit(post: Post) -> None:
    if not post.text and not post.blocks:
        raise SlackError("no_text")
    if len(post.text) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    if len(post.blocks) > MOST_BLOCKS:
        raise SlackError("invalid_blocks")
