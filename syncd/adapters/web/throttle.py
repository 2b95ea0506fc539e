"""How often somebody may try to sign in: few failures from one address, more from all together,
so that guessing from many addresses is slow as well."""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

WINDOW = timedelta(minutes=15)
MOST_BY_ONE = 5
MOST_BY_ALL = 100
_MOST_KNOWN = 10_000


class Throttle:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._all: deque[datetime] = deque()
        self._by_one: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, address: str) -> timedelta:
        """How long this address must wait before it may try again; zero when it may now. A try
        counts as a failure until `forget` takes it back, so that many at once do not all pass."""
        with self._lock:
            now = self._now()
            own = self._by_one.setdefault(address, deque())
            self._by_one.move_to_end(address)
            if len(self._by_one) > _MOST_KNOWN:
                self._by_one.popitem(last=False)
            longest = max(_left(own, MOST_BY_ONE, now), _left(self._all, MOST_BY_ALL, now))
            if not longest:
                own.append(now)
                self._all.append(now)
            return longest

    def forget(self, address: str) -> None:
        """Whoever signed in has no failures."""
        with self._lock:
            for tried in self._by_one.pop(address, ()):
                if tried in self._all:
                    self._all.remove(tried)


def _left(tries: deque[datetime], most: int, now: datetime) -> timedelta:
    while tries and now - tries[0] >= WINDOW:
        tries.popleft()
    return tries[0] + WINDOW - now if len(tries) >= most else timedelta()
