"""Stop asking a vendor whose allowance is used up, until a given instant.

It opens by being told; it decides nothing about what counts as used up.
"""

import threading
from datetime import datetime, timedelta

from syncd.errors import LimitError
from syncd.ports import Clock

DEFAULT_PAUSE = timedelta(minutes=15)
"""How long to leave a vendor alone that does not say when its allowance returns."""


class Circuit:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open_until: datetime | None = None
        self._why = ""
        self._guard = threading.Lock()

    def open(self, error: LimitError) -> None:
        """Refuse calls for the vendor's wished span, or the default one."""
        with self._guard:
            self._open_until = self._clock.now() + (error.retry_after or DEFAULT_PAUSE)
            self._why = str(error)

    def check(self) -> None:
        """LimitError while open."""
        with self._guard:
            until = self._open_until
            if until is None:
                return
            left = until - self._clock.now()
            if left > timedelta():
                why = f"not asked before {until:%H:%M:%S}Z: {self._why}"
                raise LimitError(why, retry_after=left)
            self._open_until = None
