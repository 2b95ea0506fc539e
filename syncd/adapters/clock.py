"""The wall clock, whose sleep ends early when the daemon stops."""

from datetime import UTC, datetime, timedelta
from threading import Event


class SystemClock:
    """Implements `Clock`. `stop` ends every sleep at once."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, span: timedelta) -> None:
        self._stop.wait(max(0.0, span.total_seconds()))
