"""A Slack workspace: people, channels, and every message ever posted or changed.

It keeps messages and refuses what Slack refuses; it knows nothing of HTTP.
Whoever calls it from a thread holds the world's lock.
"""

from collections.abc import Iterator
from datetime import timedelta

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.journal import CREATED, Actor, ActorKind, Journal, Origin, Subject, System
from syncd.sandbox.slack.forms import Values, View
from syncd.sandbox.slack.limits import unfit_blocks
from syncd.sandbox.slack.people import People
from syncd.sandbox.slack.sockets import Envelope, Sockets
from syncd.sandbox.slack.things import (
    Channel,
    Message,
    Post,
    SlackError,
    TooFast,
    User,
    Whisper,
    WorkspaceSettings,
)
from syncd.sandbox.slack.tiers import Tiers

DEFAULT_TOKEN = "xoxb-0000000001-sandbox"  # noqa: S105 - opens only the sandbox
WEBHOOK_PATH = "/services/T0SANDBOX/B0SANDBOX/000000000000000000000000"
DEFAULT_APP_TOKEN = "xapp-1-A0SANDBOX-0000000001-sandbox"  # noqa: S105 - opens only the sandbox
LONGEST_TEXT = 40_000


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
        self.whispers: list[Whisper] = []
        self.sockets = Sockets()
        self.people = People(clock, journal, self.team_id, self.sockets)
        self._tiers = Tiers()
        self.bot = self.add_user("syncd", "syncd@example.com", "syncd", is_bot=True)
        self.tokens = {DEFAULT_TOKEN: self.bot}
        self.general = self.add_channel("general")
        self.webhooks = {WEBHOOK_PATH: self.general.id}

    def add_user(
        self, name: str, email: str, real_name: str, *, is_bot: bool = False, team_id: str = ""
    ) -> User:
        user = User(
            id=f"U{len(self.users) + 1:08d}",
            name=name,
            email=email.lower(),
            real_name=real_name,
            is_bot=is_bot,
            team_id=team_id,
        )
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, *, user: str | None = None) -> Channel:
        letter = "C" if user is None else "D"
        channel = Channel(id=f"{letter}{len(self.channels) + 1:08d}", name=name, user=user)
        self.channels[channel.id] = channel
        return channel

    def count_call(self, method: str) -> None:
        """TooFast when the method was called too often."""
        if self.settings.limited:
            self._tiers.count(method, self._clock.now())

    def user_by_email(self, email: str) -> User:
        for user in self.users.values():
            if user.email == email.lower() and not user.deleted:
                return user
        raise SlackError("users_not_found")

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def open_with(self, user_id: str) -> Channel:
        """The conversation with one person, opened on first use."""
        user = self.user(user_id)
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

    def whisper(self, channel_name: str, user_id: str, post: Post) -> Whisper:
        """To one person in a channel; nobody else sees it, and no history tells."""
        channel = self._destination(channel_name)
        if not post.text and not post.blocks:
            raise SlackError("no_text")
        whisper = Whisper(
            channel=channel.id,
            user=self.user(user_id).id,
            text=post.text,
            thread_ts=post.thread_ts,
            at=self._clock.now(),
        )
        self.whispers.append(whisper)
        actor = Actor(kind=ActorKind.API, id=self.bot.id, name=self.bot.name)
        subject = Subject(System.SLACK, "whisper", f"{channel.id}:{len(self.whispers)}")
        said = {"channel": channel.name, "user": user_id, "text": post.text}
        self._journal.record(subject, CREATED, before=None, after=said, origin=Origin(actor, "api"))
        return whisper

    def click(self, user: User, message: Message, action_id: str) -> Envelope:
        """As a person who clicks a button; ValueError when the message has no such button."""
        return self.people.click(user, message, self.channels[message.channel], action_id)

    def submit(self, view: View, values: Values) -> Envelope:
        """As the person before whom a form is open, who fills it in and sends it."""
        return self.people.submit(self.users[view.user_id], view, values)

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
        """Messages of one channel but for answers in threads, newest first, between two
        exclusive stamps."""
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        for message in reversed(self.messages):
            late = latest and float(message.ts) >= float(latest)
            told = message.channel == channel_id and message.thread_ts in (None, message.ts)
            if told and not late and float(message.ts) > float(oldest):
                yield message

    def replies(self, channel_id: str, ts: str, *, oldest: str = "0") -> Iterator[Message]:
        """The message a thread began with, then its answers, oldest first."""
        first = self._message(channel_id, ts)
        yield first
        for message in self.messages:
            is_answer = message.channel == channel_id and message.thread_ts == ts
            if is_answer and message is not first and float(message.ts) > float(oldest):
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
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        for message in self.messages:
            if message.channel == channel_id and message.ts == ts:
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
    if unfit := unfit_blocks(post.blocks):
        raise SlackError("invalid_blocks", unfit)
