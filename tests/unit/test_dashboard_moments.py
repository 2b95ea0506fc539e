"""Everything on a page is of the same facts and the same instant, and says of which."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import polars as pl
import pytest
from dashboard_cases import NOW, FewViews, Steps, client, facts

from syncd.adapters.web.numbers import Numbers
from syncd.measure.facts import Dimension, Facts
from syncd.measure.scope import Scope
from syncd.measure.tables import Table

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Watched:
    """Counts as `Steps` does, and tells of it before."""

    id: str
    told: Callable[[Facts, Scope], None]
    title: str = "Watched"
    dimensions: tuple[Dimension, ...] = ()

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        self.told(facts, scope)
        return replace(Steps().table(facts, scope, by), id=self.id)

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        self.told(facts, scope)
        return Steps().leads(facts, scope, row, column, by)


def watching(views: FewViews, then: Callable[[], None]) -> list[tuple[Facts, datetime]]:
    """Two tables on one page; `then` happens while the first is counted."""
    seen: list[tuple[Facts, datetime]] = []

    def told(known: Facts, scope: Scope) -> None:
        seen.append((known, scope.now))
        then()

    views.measures = {x: Watched(x, told) for x in ("first", "second")}
    views.sections = {"Funnel": ("first", "second")}
    return seen


def test_a_page_that_takes_long_is_of_one_moment_all_the_same() -> None:
    views = FewViews()

    def an_hour_passes() -> None:
        views.at += 60 * MINUTE
        views.known = facts(7)

    seen = watching(views, an_hour_passes)
    client(views).get("/funnel/funnel")

    assert len(seen) == 2
    assert {at for _, at in seen} == {NOW}
    assert seen[0][0] is seen[1][0]


def test_the_leads_behind_a_number_are_of_the_moment_it_was_counted_at() -> None:
    views = FewViews()
    seen = watching(views, lambda: None)
    visitor = client(views)

    visitor.get("/funnel/funnel")
    views.at, views.known = NOW + MINUTE / 2, facts(7)
    visitor.get("/behind/first?row=sql&column=leads")

    assert len(seen) == 3
    assert {at for _, at in seen} == {NOW}
    assert len({id(x) for x, _ in seen}) == 1


def test_leads_are_followed_until_the_store_was_read_and_no_longer() -> None:
    views = FewViews(behind=3 * MINUTE)
    seen = watching(views, lambda: None)

    told = client(views).get("/api/tables/first").json()

    assert [at for _, at in seen] == [NOW - 3 * MINUTE]
    assert told["view"]["as_of"] == (NOW - 3 * MINUTE).isoformat()


def test_a_clock_that_was_set_back_does_not_keep_old_numbers() -> None:
    views = FewViews()
    numbers = Numbers(views)
    before = numbers.moment()

    views.at -= MINUTE

    assert numbers.moment() is not before


def test_two_who_come_at_once_get_one_moment() -> None:
    views, both = FewViews(), Barrier(2, timeout=10)
    numbers = Numbers(views)
    found = []

    def come() -> None:
        both.wait()
        found.append(numbers.moment())

    threads = [Thread(target=come) for _ in range(2)]
    for x in threads:
        x.start()
    for x in threads:
        x.join()

    assert found[0] is found[1]


WITH_NUMBERS = ("/", "/funnel/funnel", "/behind/funnel?row=sql&column=leads", "/standard")


@pytest.mark.parametrize("address", WITH_NUMBERS)
def test_a_page_says_of_when_its_numbers_are(address: str) -> None:
    text = client(FewViews(behind=4 * MINUTE)).get(address).text

    assert "Numbers are of 20 Oct 2026, 11:26." in text
    assert "cannot be read just now" not in text


@pytest.mark.parametrize("address", WITH_NUMBERS)
def test_numbers_that_are_not_renewed_say_so(address: str) -> None:
    text = client(FewViews(behind=5 * MINUTE)).get(address).text

    assert re.search(r"are of 20 Oct 2026, 11:25: what came since cannot be read just now", text)
