"""Small pages of a search, put together."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from syncd.adapters.hubspot.poll import together
from syncd.domain.names import RecordId, System
from syncd.domain.record import Record
from syncd.errors import TransientError
from syncd.ports import Page

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def page(number: int, records: int = 200) -> Page:
    """The given page of a search."""
    at = AT + timedelta(seconds=number)
    found = [_record(f"{number}-{i}") for i in range(records)]
    return Page(records=tuple(found), touched=frozenset(), server_time=at)


def _record(name: str) -> Record:
    return Record(
        system=System.HUBSPOT,
        kind="contact",
        id=RecordId(name),
        properties={},
        created_at=AT,
        modified_at=AT,
    )


def test_pages_are_put_together_up_to_a_thousand_records() -> None:
    small = [page(n) for n in range(6)]

    first, second = together(iter(small))

    assert first.records == tuple(r for x in small[:5] for r in x.records)
    assert second == small[5]


def test_pages_put_together_carry_the_time_the_first_was_asked_at() -> None:
    [both] = together(iter([page(1), page(2)]))

    assert both.server_time == page(1).server_time


def test_an_empty_page_is_told_for_it_carries_the_time() -> None:
    assert list(together(iter([page(1, records=0)]))) == [page(1, records=0)]


def test_what_came_before_a_page_that_fails_is_told_first() -> None:
    pages = together(_failing_after(page(1)))

    assert next(pages) == page(1)
    with pytest.raises(TransientError, match="down"):
        next(pages)


def _failing_after(whole: Page) -> Iterator[Page]:
    yield whole
    raise TransientError("down")
