"""What is needed to reach one Slack workspace: a bot's token, or an incoming webhook."""

from dataclasses import dataclass, field

TIMEOUT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class BotConnection:
    """A bot that was invited to its channels. Scopes: chat:write, users:read.email (mentions),
    channels:history and channels:read, or their groups: twins (not doubling a message). Its
    messages have buttons where somebody `listens`."""

    bot_token: str = field(repr=False)
    base_url: str = "https://slack.com/api/"
    listens: bool = False
    timeout_seconds: int = TIMEOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenConnection:
    """A bot whose app may open Socket Mode lines, with the app's own token (xapp-…, scope
    connections:write). It needs users:read to know who clicked. What was cut off is connected
    anew within `notices_after` seconds; until it is connected for the first time, Slack is asked
    every `tries_again` seconds (it wants no more than one a minute)."""

    app_token: str = field(repr=False)
    bot: BotConnection
    notices_after: float = 5.0
    tries_again: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConnection:
    """An incoming webhook. It posts to its own channel, mentions nobody, and cannot be asked
    what was posted: after a doubtful send a message may come twice."""

    url: str = field(repr=False)
    timeout_seconds: int = TIMEOUT


SlackConnection = BotConnection | WebhookConnection
