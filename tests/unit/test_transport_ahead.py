"""Fetching the next page while the one before is being worked on."""

from collections.abc import Iterator
from threading import Event

import pytest

from syncd.adapters.transport.ahead import ahead
from syncd.errors import TransientError


def test_pages_come_in_their_order() -> None:
    assert list(ahead(iter([1, 2, 3]))) == [1, 2, 3]


def test_no_pages_are_no_pages() -> None:
    assert list(ahead(iter(()))) == []


def test_the_next_page_is_fetched_before_the_one_before_is_done_with() -> None:
    asked = Event()

    def pages() -> Iterator[int]:
        yield 1
        asked.set()
        yield 2

    got = ahead(pages())
    first = next(got)

    assert (first, asked.wait(timeout=5)) == (1, True)


def test_no_more_pages_are_fetched_than_were_asked_for() -> None:
    fetched: list[int] = []

    def pages() -> Iterator[int]:
        for number in range(100):
            fetched.append(number)
            yield number

    got = ahead(pages(), most=3)
    first = [next(got), next(got)]
    got.close()

    assert first == [0, 1]
    assert len(fetched) <= 5


def test_what_goes_wrong_is_told_where_its_page_would_have_come() -> None:
    def pages() -> Iterator[int]:
        yield 1
        raise TransientError("503")

    got = ahead(pages())

    assert next(got) == 1
    with pytest.raises(TransientError):
        next(got)
