"""The sandbox's own time: virtual, aware UTC, never running backward.

At rate 0 it moves only when told, so that world and daemon can advance in
lockstep; at rate 60 one real second is a minute. It runs no scheduled events:
that is the world's part.
"""

import threading
import time
from datetime import UTC, datetime, timedelta

DEFAULT_START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday morning


class WorldClock:
    """An instant that moves by being told, by running at a rate, or both."""

    def __init__(self, start: datetime = DEFAULT_START, *, rate: float = 0.0) -> None:
        if start.tzinfo is None:
            raise ValueError("the world's clock needs an aware instant")
        self._lock = threading.Lock()
        self._rate = rate
        self._told = start.astimezone(UTC)
        self._anchor = time.monotonic()

    @property
    def rate(self) -> float:
        return self._rate

    def now(self) -> datetime:
        with self._lock:
            return self._now()

    def run(self, rate: float) -> None:
        """From now on, so many seconds in each real one."""
        with self._lock:
            self._set(self._now())
            self._rate = rate

    def advance_to(self, instant: datetime) -> None:
        """Move to `instant`; an instant already past leaves the clock where it is."""
        with self._lock:
            self._set(max(self._now(), instant))

    def sleep(self, seconds: float) -> None:
        """Move forward by `seconds` without waiting in real time."""
        with self._lock:
            self._set(self._now() + timedelta(seconds=max(0.0, seconds)))

    def _now(self) -> datetime:
        if not self._rate:
            return self._told
        elapsed = time.monotonic() - self._anchor
        return self._told + timedelta(seconds=elapsed * self._rate)

    def _set(self, instant: datetime) -> None:
        self._told = instant.astimezone(UTC)
        self._anchor = time.monotonic()
