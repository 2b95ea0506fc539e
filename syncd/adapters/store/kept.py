"""What was lately read or stored, so that what one cycle decides and delivers is decoded once.

Only the holder of the lease keeps any: nobody else can change it meanwhile, and its next
commit fails once somebody could. Forgetting costs time, never correctness.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
_MOST = 1_000


class Kept(Generic[K, V]):
    def __init__(self) -> None:
        self._token: int | None = None
        self._items: dict[K, V] = {}

    def under(self, token: int | None) -> Mapping[K, V]:
        """What is kept under this number of the lease; nothing without a lease."""
        if token != self._token:
            self._token, self._items = token, {}
        return self._items

    def keep(self, items: Mapping[K, V]) -> None:
        """The oldest ones make room."""
        if self._token is None:
            return
        self.drop(items)
        self._items.update(items)
        self.drop(list(islice(self._items, max(0, len(self._items) - _MOST))))

    def drop(self, keys: Iterable[K]) -> None:
        for key in keys:
            self._items.pop(key, None)

    def forget(self) -> None:
        self._items = {}
