"""Nothing that stands in an address becomes SQL: over a store that a worker filled, with every
statement that reaches the database looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from cli_office import MINUTE, office
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from syncd.adapters.web.access import ThisMachine
from syncd.adapters.web.dashboard import dashboard
from syncd.adapters.web.filters import KNOWN
from syncd.cli.dashboard.views import StoreViews
from syncd.measure.catalogue import MEASURES, SECTIONS

MARK = "zqmarkqz"
"""In whatever is asked for, and nowhere in the store."""
HOSTILE = st.sampled_from(
    ("' OR 1=1 --", "'; DROP TABLE lead; --", '" OR ""="', "%' UNION SELECT 1", "\\'; --", "?:b_x")
)
TEXTS = st.builds(
    lambda before, after: before + MARK + after,
    HOSTILE | st.text(max_size=12),
    st.text(max_size=12),
)
OTHERS = ("row", "column", "page", "rows", "standing", "told", "filter", "q")
QUERIES = st.lists(st.tuples(st.sampled_from((*KNOWN, *OTHERS)), TEXTS), min_size=1, max_size=4)
TABLES = st.sampled_from(sorted(MEASURES))
NUMBER_PAGES = st.one_of(
    st.sampled_from(("/funnel", "/handoffs", "/csv/handoffs", "/standard", "/api/handoffs")),
    st.sampled_from([f"/funnel/{x.casefold().replace(' ', '-')}" for x in SECTIONS]),
    TABLES.map("/behind/{}".format),
    TABLES.map("/csv/{}".format),
    TABLES.map("/csv/{}/leads".format),
    TABLES.map("/api/tables/{}".format),
    TABLES.map("/api/tables/{}/leads".format),
)
FILTERED = st.lists(
    st.tuples(st.sampled_from(("segment", "source", "campaign", "owner", "team")), TEXTS),
    min_size=1,
    max_size=3,
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with office(tmp_path_factory.mktemp("sql")) as made:
        made.cycles()
        ann = made.arrive("ann")
        made.cycles()
        made.offer(ann)
        made.cycles(2, every=10 * MINUTE)
        made.go_home()
        source = made.source()
        views = StoreViews(source, source.load())
        yield TestClient(dashboard(views, ThisMachine()), base_url="http://127.0.0.1")
        views.close()


@contextmanager
def statements() -> Iterator[list[tuple[str, str]]]:
    """What reaches any database meanwhile, and with which values; not what is counted beside."""
    seen: list[tuple[str, str]] = []

    def look(_a: Any, _b: Any, statement: str, values: Any, *_rest: Any) -> None:
        if current_thread().name != "counting":
            seen.append((statement, repr(values)))

    event.listen(Engine, "before_cursor_execute", look)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", look)


@FEW
@given(page=NUMBER_PAGES, query=QUERIES | FILTERED)
@example(page="/funnel/funnel", query=[("source", f"'; DROP TABLE lead; --{MARK}")])
@example(page="/funnel/funnel", query=[("filter", f"1 OR {MARK}")])
@example(page="/behind/rounds", query=[("row", MARK), ("column", MARK), ("owner", MARK)])
def test_no_database_is_ever_told_of_a_filter(
    visitor: TestClient, page: str, query: list[tuple[str, str]]
) -> None:
    with statements() as seen:
        answer = visitor.get(f"{page}?{urlencode(query, errors='replace')}")

    assert answer.status_code in {200, 400, 404}
    assert [x for x in seen if MARK in "".join(x)] == []


LOOKED_UP = ("/leads/{}", "/leads?q={}", "/api/leads/{}")


def asked(visitor: TestClient, address: str, text: str) -> list[tuple[str, str]]:
    with statements() as seen:
        answer = visitor.get(address.format(quote(text, safe="", errors="replace")))
    assert answer.status_code in {200, 400, 404}
    return seen


@FEW
@given(address=st.sampled_from(LOOKED_UP), text=TEXTS)
def test_an_id_or_an_email_is_only_ever_a_value_of_a_fixed_statement(
    visitor: TestClient, address: str, text: str
) -> None:
    usual = {
        statement
        for x in ("nobody", "a@b.example", "7")
        for statement, _ in asked(visitor, address, x)
    }

    seen = asked(visitor, address, text)

    assert {statement for statement, _ in seen} <= usual


def test_the_look_would_see_a_value(visitor: TestClient) -> None:
    seen = asked(visitor, "/leads/{}", MARK)

    assert any(MARK in values for _, values in seen)
    assert not any(MARK in statement for statement, _ in seen)
