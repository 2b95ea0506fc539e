"""Make independent calls at the same time: most of a call is waiting for the vendor.

The rate is the governor's business, which all calls pass; nothing is retried here.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")

LANES = 10
"""Calls under way at once. At a quarter of a second each they fill the largest allowance of
a vendor (19 a second) twice over."""


class Lanes:
    """The threads one vendor is called from. They stay for the next calls: to start ten costs as
    much as four calls."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=LANES, thread_name_prefix="lane")

    def overlapped(self, call: Callable[[A], T], items: Sequence[A]) -> list[T]:
        """The result for each item, in their order. The error of the first item that failed
        goes on once no call is under way any more; calls not begun by then are not made. A
        single item is called for right here, without a thread."""
        if len(items) < 2:
            return [call(item) for item in items]
        under_way = [self._pool.submit(call, item) for item in items]
        try:
            return [each.result() for each in under_way]
        finally:
            for each in under_way:
                each.cancel()
            wait(under_way)
            del under_way, each  # else an error, its traceback and the answers are a ring
