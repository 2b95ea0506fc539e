"""What only a check-up asks of Slack: scopes, channels, and whether a line can be opened."""

from collections.abc import Callable, Collection, Mapping

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from syncd.adapters.slack.channels import PAGE
from syncd.adapters.slack.connection import BotConnection
from syncd.adapters.slack.manners import silent
from syncd.adapters.slack.translate import slack_errors
from syncd.adapters.transport.calls import Calls
from syncd.adapters.transport.session import require_safe
from syncd.core.doctor.facts import ChannelFacts
from syncd.errors import PermanentError
from syncd.ports import Clock

_SCOPES = "x-oauth-scopes"


class BotInspector:
    """Implements `SlackInspector`. ConfigError for an unsafe base URL."""

    def __init__(self, connection: BotConnection, app_token: str | None, clock: Clock) -> None:
        require_safe(connection.base_url)
        self._client = WebClient(
            token=connection.bot_token,
            base_url=connection.base_url,
            timeout=connection.timeout_seconds,
            retry_handlers=[],
            logger=silent(),
        )
        self._app_token = app_token
        self._clock = clock
        self._calls = Calls(clock)

    def scopes(self) -> frozenset[str]:
        headers = self._read("auth.test", self._client.auth_test).headers
        told = next((v for k, v in headers.items() if k.lower() == _SCOPES), "")
        text = told if isinstance(told, str) else ",".join(told)
        return frozenset(scope.strip() for scope in text.split(",") if scope.strip())

    def channels(self) -> Mapping[str, ChannelFacts]:
        found: dict[str, ChannelFacts] = {}
        cursor: str | None = None
        while True:
            page = self._page(cursor)
            for channel in page.get("channels") or ():
                facts = ChannelFacts(
                    is_archived=bool(channel.get("is_archived")),
                    has_bot=bool(channel.get("is_member")),
                )
                found |= {str(channel.get("id")): facts, str(channel.get("name")): facts}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return found

    def known(self, emails: Collection[str]) -> frozenset[str]:
        """One call each."""
        return frozenset(email for email in emails if self._knows(email))

    def line(self) -> bool | None:
        """The ticket it gets is never used."""
        token = self._app_token
        if not token:
            return None
        self._read(
            "apps.connections.open",
            lambda: self._client.apps_connections_open(app_token=token),
        )
        return True

    def _knows(self, email: str) -> bool:
        try:
            self._read("users.lookupByEmail", lambda: self._client.users_lookupByEmail(email=email))
        except PermanentError:  # Slack's word for nobody
            return False
        return True

    def _page(self, cursor: str | None) -> SlackResponse:
        return self._read(
            "conversations.list",
            lambda: self._client.conversations_list(
                cursor=cursor, limit=PAGE, types="public_channel,private_channel"
            ),
        )

    def _read(self, method: str, call: Callable[[], SlackResponse]) -> SlackResponse:
        def once() -> SlackResponse:
            with slack_errors(f"Slack {method}", self._clock):
                return call()

        return self._calls.read(once)
