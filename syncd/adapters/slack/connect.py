"""Put together the Messenger that a connection calls for."""

from typing import assert_never

from syncd.adapters.slack.bot import BotMessenger
from syncd.adapters.slack.connection import BotConnection, SlackConnection, WebhookConnection
from syncd.adapters.slack.webhook import WebhookMessenger
from syncd.ports import Clock, Messenger


def connect_slack(connection: SlackConnection, *, clock: Clock) -> Messenger:
    """Nothing is asked of Slack yet. ConfigError for an unsafe URL."""
    match connection:
        case BotConnection():
            return BotMessenger(connection, clock)
        case WebhookConnection():
            return WebhookMessenger(connection, clock)
        case _:
            assert_never(connection)
