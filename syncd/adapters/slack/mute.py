"""Telling nobody: what stands for Slack where somebody only looks and gave no token for it."""

from collections.abc import Collection, Sequence

from syncd.domain.action import SendAlert
from syncd.domain.names import ActionKey
from syncd.errors import PermanentError
from syncd.ports import Posted


class Mute:
    """Implements `Messenger`. Whatever is sent all the same is refused."""

    def send(
        self, channel: str, alerts: Sequence[SendAlert], *, thread: Posted | None = None
    ) -> None:
        del channel, alerts, thread
        raise PermanentError("Slack cannot be told anything: neither a token nor a webhook is set")

    def find_sent(
        self, channel: str, keys: Collection[ActionKey], *, thread: Posted | None = None
    ) -> None:
        """Nothing was ever sent."""

    def update(self, posted: Posted, alert: SendAlert, status: str) -> None:
        """Nothing was ever posted."""
