"""Telling people through a Slack bot: messages carry their alerts' keys, so that after a
doubtful send the channel can be asked what it already shows."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from syncd.adapters.slack.blocks import answered, lay_out
from syncd.adapters.slack.buttons import buttons
from syncd.adapters.slack.channels import PAGE, Channels
from syncd.adapters.slack.connection import BotConnection
from syncd.adapters.slack.manners import A_MESSAGE_A_SECOND, FIFTY_A_MINUTE, silent
from syncd.adapters.slack.mentions import Mentions
from syncd.adapters.slack.translate import slack_errors
from syncd.adapters.transport.calls import Calls
from syncd.adapters.transport.governor import Governor
from syncd.adapters.transport.session import require_safe
from syncd.domain.action import SendAlert
from syncd.domain.names import ActionKey
from syncd.errors import AuthError, PermanentError
from syncd.ports import Clock, Posted

EVENT_TYPE = "syncd_alert"
MOST_PER_MESSAGE = 100
"""The keys of more would outgrow a message's metadata."""
LOOK_BACK = timedelta(days=2)
HISTORY_PAGE = 200


class BotMessenger:
    """Implements `Messenger`."""

    def __init__(self, connection: BotConnection, clock: Clock) -> None:
        """ConfigError when the base URL would carry the token in the clear."""
        require_safe(connection.base_url)
        self._client = WebClient(
            token=connection.bot_token,
            base_url=connection.base_url,
            timeout=connection.timeout_seconds,
            retry_handlers=[],
            logger=silent(),
        )
        self._listens = connection.listens
        self._clock = clock
        self._calls = Calls(clock)
        self._pace = Governor(clock, A_MESSAGE_A_SECOND)
        self._pace_of_updates = Governor(clock, FIFTY_A_MINUTE)
        self._channels = Channels()
        self._mentions = Mentions(self._look_up, clock)

    def send(
        self, channel: str, alerts: Sequence[SendAlert], *, thread: Posted | None = None
    ) -> Posted | None:
        """Never retried: after a LostAnswer it may have been posted. More alerts than one
        message holds become several; told is where the first of them is."""
        parts = range(0, len(alerts), MOST_PER_MESSAGE)
        posted = [self._post(channel, alerts[x : x + MOST_PER_MESSAGE], thread) for x in parts]
        return posted[0] if posted else None

    def find_sent(
        self, channel: str, keys: Collection[ActionKey], *, thread: Posted | None = None
    ) -> Mapping[ActionKey, Posted] | None:
        """Looks back two days, and no further than the keys are found. None where the bot may
        not look."""
        found: dict[ActionKey, Posted] = {}
        try:
            for shown in self._pages(channel, thread):
                found |= {key: where for key, where in shown.items() if key in keys}
                if len(found) == len(set(keys)):
                    break
        except (AuthError, PermanentError):
            return None
        return found

    def update(self, posted: Posted, alert: SendAlert, status: str) -> None:
        """A PermanentError when the message is gone or too old to be changed."""
        mentions = self._mentions.of([alert.alert.to])
        left = buttons(alert) if self._listens else ()
        message = answered(alert.alert, mentions, status, left)
        self._write(
            "chat.update",
            lambda: self._client.chat_update(
                channel=posted.channel_id,
                ts=posted.ts,
                text=message.text,
                blocks=list(message.blocks),
                metadata=_metadata([alert]),
            ),
            self._pace_of_updates,
        )

    def _post(self, channel: str, alerts: Sequence[SendAlert], thread: Posted | None) -> Posted:
        mentions = self._mentions.of(a.alert.to for a in alerts)
        foot = buttons(alerts[0]) if self._listens else ()
        message = lay_out([a.alert for a in alerts], mentions, foot)
        where = thread.channel_id if thread else channel
        self._pace.take(where)
        answer = self._write(
            "chat.postMessage",
            lambda: self._client.chat_postMessage(
                channel=where,
                thread_ts=thread.ts if thread else None,
                text=message.text,
                blocks=list(message.blocks),
                metadata=_metadata(alerts),
                unfurl_links=False,
                unfurl_media=False,
            ),
        )
        posted = Posted(channel_id=str(answer.get("channel") or where), ts=str(answer.get("ts")))
        self._channels.learn(channel, posted.channel_id)
        return posted

    def _pages(self, channel: str, thread: Posted | None) -> Iterator[Mapping[ActionKey, Posted]]:
        """The keys each page of messages carries: of a thread, or of the channel, newest
        first."""
        channel_id = (
            thread.channel_id if thread else self._channels.id_of(channel, self._list_channels)
        )
        cursor: str | None = None
        while True:
            page = self._page(channel_id, thread, cursor)
            yield {
                key: Posted(channel_id=channel_id, ts=str(message.get("ts")))
                for message in page.get("messages") or ()
                for key in keys_of(message)
            }
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def _page(self, channel_id: str, thread: Posted | None, cursor: str | None) -> SlackResponse:
        asked: dict[str, Any] = {
            "channel": channel_id,
            "cursor": cursor,
            "oldest": f"{(self._clock.now() - LOOK_BACK).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": HISTORY_PAGE,
        }
        if thread is not None:
            return self._read(
                "conversations.replies",
                lambda: self._client.conversations_replies(ts=thread.ts, **asked),
            )
        return self._read(
            "conversations.history", lambda: self._client.conversations_history(**asked)
        )

    def _list_channels(self, cursor: str | None) -> SlackResponse:
        return self._read(
            "conversations.list",
            lambda: self._client.conversations_list(
                cursor=cursor,
                exclude_archived=True,
                limit=PAGE,
                types="public_channel,private_channel",
            ),
        )

    def _look_up(self, email: str) -> str:
        answer = self._read(
            "users.lookupByEmail", lambda: self._client.users_lookupByEmail(email=email)
        )
        return str((answer.get("user") or {}).get("id") or "")

    def _write(
        self, method: str, call: Callable[[], SlackResponse], *governors: Governor
    ) -> SlackResponse:
        return self._calls.write(lambda: self._once(method, call), *governors)

    def _read(self, method: str, call: Callable[[], SlackResponse]) -> SlackResponse:
        return self._calls.read(lambda: self._once(method, call))

    def _once(self, method: str, call: Callable[[], SlackResponse]) -> SlackResponse:
        with slack_errors(f"Slack {method}", self._clock):
            return call()


def keys_of(message: dict[str, Any]) -> Iterator[ActionKey]:
    """The keys of the alerts a message tells; none for other people's messages."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == EVENT_TYPE:
        yield from ((metadata.get("event_payload") or {}).get("keys")) or ()


def _metadata(alerts: Sequence[SendAlert]) -> dict[str, Any]:
    payload = {"kind": alerts[0].alert.kind.value, "keys": [alert.key for alert in alerts]}
    return {"event_type": EVENT_TYPE, "event_payload": payload}
