"""What is needed to reach one Slack workspace: a bot's token, or an incoming webhook."""

from dataclasses import dataclass, field

TIMEOUT = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class BotConnection:
    """A bot that was invited to its channels. Scopes: chat:write, users:read.email (mentions),
    channels:history and channels:read, or their groups: twins (not doubling a message)."""

    bot_token: str = field(repr=False)
    base_url: str = "https://slack.com/api/"
    timeout_seconds: int = TIMEOUT


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookConnection:
    """An incoming webhook. It posts to its own channel, mentions nobody, and cannot be asked
    what was posted: after a doubtful send a message may come twice."""

    url: str = field(repr=False)
    timeout_seconds: int = TIMEOUT


SlackConnection = BotConnection | WebhookConnection
