"""Telling people through a Slack bot: messages carry their alerts' keys, so that after a
doubtful send the channel can be asked what it already shows."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from syncd.adapters.slack.blocks import lay_out
from syncd.adapters.slack.channels import PAGE, Channels
from syncd.adapters.slack.connection import BotConnection
from syncd.adapters.slack.manners import A_MESSAGE_A_SECOND, silent
from syncd.adapters.slack.mentions import Mentions
from syncd.adapters.slack.translate import slack_errors
from syncd.adapters.transport.calls import Calls
from syncd.adapters.transport.governor import Governor
from syncd.adapters.transport.session import require_safe
from syncd.domain.action import SendAlert
from syncd.domain.names import ActionKey
from syncd.errors import AuthError, PermanentError
from syncd.ports import Clock

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
        self._clock = clock
        self._calls = Calls(clock)
        self._pace = Governor(clock, A_MESSAGE_A_SECOND)
        self._channels = Channels()
        self._mentions = Mentions(self._look_up, clock)

    def send(self, channel: str, alerts: Sequence[SendAlert]) -> None:
        """Never retried: after a TransientError it may have been posted."""
        for start in range(0, len(alerts), MOST_PER_MESSAGE):
            self._post(channel, alerts[start : start + MOST_PER_MESSAGE])

    def find_sent(self, channel: str, keys: Collection[ActionKey]) -> frozenset[ActionKey]:
        """Looks back two days, and no further than the keys are found. Where the bot may not
        look nothing is found: a message told twice is better than one never told."""
        wanted, found = frozenset(keys), frozenset[ActionKey]()
        with suppress(AuthError, PermanentError):
            for shown in self._shown(self._channels.id_of(channel, self._list_channels)):
                found |= wanted & shown
                if found == wanted:
                    break
        return found

    def _post(self, channel: str, alerts: Sequence[SendAlert]) -> None:
        message = lay_out([a.alert for a in alerts], self._mentions.of(a.alert.to for a in alerts))
        self._pace.take(channel)
        answer = self._calls.write(
            lambda: self._once(
                "chat.postMessage",
                lambda: self._client.chat_postMessage(
                    channel=channel,
                    text=message.text,
                    blocks=list(message.blocks),
                    metadata=_metadata(alerts),
                    unfurl_links=False,
                    unfurl_media=False,
                ),
            )
        )
        self._channels.learn(channel, str(answer.get("channel") or channel))

    def _shown(self, channel_id: str) -> Iterator[frozenset[ActionKey]]:
        """The keys each page of the channel's messages carries, newest page first."""
        oldest = f"{(self._clock.now() - LOOK_BACK).timestamp():.6f}"
        cursor: str | None = None
        while True:
            page = self._history(channel_id, oldest, cursor)
            yield frozenset(key for m in page.get("messages") or () for key in keys_of(m))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def _history(self, channel_id: str, oldest: str, cursor: str | None) -> SlackResponse:
        return self._read(
            "conversations.history",
            lambda: self._client.conversations_history(
                channel=channel_id,
                cursor=cursor,
                oldest=oldest,
                include_all_metadata=True,
                limit=HISTORY_PAGE,
            ),
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
