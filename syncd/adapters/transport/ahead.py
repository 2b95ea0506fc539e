"""Fetch the next pages while the one before is being worked on.

Pages that are chained by a cursor cannot be fetched side by side; this fetches on, up to so
many pages, in a thread of its own.
"""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(pages: Iterator[T], most: int = 1) -> Generator[T, None, None]:
    """The same pages, `most` of them asked for before they are wanted. Whoever stops early
    waits for the page under way; what was fetched by then is thrown away."""
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-ahead")
    try:
        coming = deque(worker.submit(next, pages, None) for _ in range(most))
        while (page := coming.popleft().result()) is not None:
            coming.append(worker.submit(next, pages, None))
            yield page
    finally:
        worker.shutdown(cancel_futures=True)
