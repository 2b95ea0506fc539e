"""Keep an answer that changes seldom (schema, people) for an hour on the Clock port."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from syncd.ports import Clock

T = TypeVar("T")

KEPT_FOR = timedelta(hours=1)


class Cached(Generic[T]):
    """Call it for the value; `drop` makes the next call fetch again. Errors are not kept."""

    def __init__(self, clock: Clock, fetch: Callable[[], T]) -> None:
        self._clock = clock
        self._fetch = fetch
        self._kept: tuple[datetime, T] | None = None
        self._guard = threading.Lock()

    def __call__(self, kept_for: timedelta = KEPT_FOR) -> T:
        """The value as it was no longer ago than that."""
        with self._guard:
            now = self._clock.now()
            if self._kept is None or now - self._kept[0] >= kept_for:
                self._kept = (now, self._fetch())
            return self._kept[1]

    def drop(self) -> None:
        with self._guard:
            self._kept = None
