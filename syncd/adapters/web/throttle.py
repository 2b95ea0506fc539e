"""How often somebody may try to sign in: few failures from one address, more from all together,
so that guessing from many addresses is slow as well. One password is tried at a time, because
each costs the memory that argon2 is made to cost.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

WINDOW = timedelta(minutes=15)
MOST_BY_ONE = 5
MOST_BY_ALL = 100
_MOST_KNOWN = 10_000
T = TypeVar("T")


class TooMany(Exception):
    """Not tried: whoever asks must wait so long first."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__()
        self.wait = wait


class Throttle:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._one_at_a_time = Lock()
        self._all: deque[datetime] = deque()
        self._by_one: OrderedDict[str, deque[datetime]] = OrderedDict()

    def attempt(self, address: str, opens: Callable[[], T | None]) -> T | None:
        """What the try opens, None where it failed. TooMany after too many failures."""
        at = self._begun(address)
        with self._one_at_a_time:
            found = opens()
        if found is not None:
            self._take_back(address, at)
        return found

    def _begun(self, address: str) -> datetime:
        """A try counts as a failure until it succeeds, so that many at once do not all pass."""
        with self._lock:
            now = self._now()
            own = self._by_one.setdefault(address, deque())
            self._by_one.move_to_end(address)
            if len(self._by_one) > _MOST_KNOWN:
                self._by_one.popitem(last=False)
            wait = max(_left(own, MOST_BY_ONE, now), _left(self._all, MOST_BY_ALL, now))
            if wait:
                raise TooMany(wait)
            own.append(now)
            self._all.append(now)
            return now

    def _take_back(self, address: str, at: datetime) -> None:
        """This try alone: who knows one password must not guess at the other without end."""
        with self._lock:
            for tries in (self._all, self._by_one.get(address, deque())):
                if at in tries:
                    tries.remove(at)


def _left(tries: deque[datetime], most: int, now: datetime) -> timedelta:
    while tries and now - tries[0] >= WINDOW:
        tries.popleft()
    return tries[0] + WINDOW - now if len(tries) >= most else timedelta()
