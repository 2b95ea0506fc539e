"""Telling people through an incoming webhook: the least to set up, and the least it can do.

It posts to the one channel it was made for, whatever route an alert takes, and nobody can
be looked up or asked through it.
"""

from collections.abc import Collection, Sequence

from slack_sdk.webhook import WebhookClient

from syncd.adapters.slack.blocks import lay_out
from syncd.adapters.slack.connection import WebhookConnection
from syncd.adapters.slack.manners import A_MESSAGE_A_SECOND, silent
from syncd.adapters.slack.translate import error_for, slack_errors
from syncd.adapters.transport.answer import Answer
from syncd.adapters.transport.calls import Calls
from syncd.adapters.transport.governor import Governor
from syncd.adapters.transport.session import require_safe
from syncd.domain.action import SendAlert
from syncd.domain.names import ActionKey
from syncd.ports import Clock, Posted

OK = "ok"
WHAT = "Slack webhook"


class WebhookMessenger:
    """Implements `Messenger`."""

    def __init__(self, connection: WebhookConnection, clock: Clock) -> None:
        """ConfigError when the URL, a secret in itself, would travel in the clear."""
        require_safe(connection.url)
        self._client = WebhookClient(
            connection.url,
            timeout=connection.timeout_seconds,
            retry_handlers=[],
            logger=silent(),
        )
        self._clock = clock
        self._calls = Calls(clock)
        self._pace = Governor(clock, A_MESSAGE_A_SECOND)

    def send(
        self,
        channel: str,  # noqa: ARG002 - the port's
        alerts: Sequence[SendAlert],
        *,
        thread: Posted | None = None,  # noqa: ARG002 - the port's
    ) -> None:
        """Never retried: after a LostAnswer it may have been posted."""
        message = lay_out([alert.alert for alert in alerts], {})
        body: dict[str, object] = {"text": message.text, "blocks": list(message.blocks)}
        self._calls.write(lambda: self._once(body), self._pace)

    def find_sent(
        self,
        channel: str,
        keys: Collection[ActionKey],
        *,
        thread: Posted | None = None,
    ) -> None:
        """A webhook cannot be asked. A message whose answer was lost comes again, once."""

    def update(self, posted: Posted, alert: SendAlert, status: str) -> None:
        """Nothing: what a webhook posted stays as it is."""

    def _once(self, body: dict[str, object]) -> None:
        with slack_errors(WHAT, self._clock):
            response = self._client.send_dict(body)
        if response.status_code == 200 and response.body == OK:
            return
        answer = Answer(status=response.status_code, headers=response.headers, body=b"")
        code = response.body if response.body.isidentifier() else ""
        raise error_for(answer, code, what=WHAT, now=self._clock.now())
