"""Things due to happen in the world, each at its own instant.

It only keeps them in order; moving the clock and holding the lock are the world's part.
"""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Happening = Callable[[], None]


class Schedule:
    """Due happenings come out by instant, and by arrival where instants are equal."""

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, Happening]] = []
        self._arrivals = count()

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, instant: datetime, happening: Happening) -> None:
        heapq.heappush(self._queue, (instant, next(self._arrivals), happening))

    def pop_due(self, now: datetime) -> tuple[datetime, Happening] | None:
        if not self._queue or self._queue[0][0] > now:
            return None
        instant, _, happening = heapq.heappop(self._queue)
        return instant, happening
