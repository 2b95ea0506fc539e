"""The report's page and the dashboard, both as a real browser shows them, say the same of every
number of a period."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from threading import Thread

import pytest
from chromium import _QUIET as QUIET
from cli_office import Office, office, page

from syncd.adapters.web.access import ThisMachine
from syncd.adapters.web.dashboard import dashboard
from syncd.adapters.web.funnel_pages import slug
from syncd.adapters.web.server import bound, server_of
from syncd.cli.dashboard.views import StoreViews
from syncd.cli.measured import scope_of
from syncd.measure.catalogue import MEASURES, SECTIONS
from syncd.measure.facts import Dimension
from syncd.measure.layout import from_the_first_month
from syncd.measure.report import Catalogue, Report, report_of

pytestmark = pytest.mark.system

PERIOD = "2026-03"
PEOPLE = ("ann", "bob", "cleo", "dan", "eve", "fay", "gus", "hal", "ida", "jon", "kay", "lea")
"""So many that shares can be said."""

Numbers = dict[tuple[str, str, int], str]
"""By table, row and place of the column, all that a cell says; and by title what stands above."""


class Reader(HTMLParser):
    """Takes the numbers out of what a browser made of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: Numbers = {}
        self._table = self._row = ""
        self._column = -1
        self._in: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if known.get("role") == "region":
            self._table = (known["aria-label"] or "").removesuffix(", as a table")
            self._row = ""
        if known.get("class") == "headlines":
            self._table, self._row = "in short", ""
        if tag == "dt" or (tag == "th" and known.get("scope") == "row"):
            self._row, self._column, self._in = "", -1, "row"
        if tag in ("td", "dd"):
            self._column, self._in = self._column + 1, "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td", "dt", "dd"):
            self._in = ""
        if tag in ("table", "dl"):
            self._table = ""

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text or not self._in or not self._table:
            return
        if self._in == "row":
            self._row += text
        elif self._row:
            key = (self._table, self._row, self._column)
            self.numbers[key] = " | ".join(x for x in (self.numbers.get(key), text) if x)


def shown(address: str, home: Path) -> Numbers:
    command = ["chromium", *QUIET, f"--user-data-dir={home}", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    reader = Reader()
    reader.feed(done.stdout)
    return reader.numbers


@contextmanager
def served(made: Office) -> Iterator[str]:
    source = made.source()
    views = StoreViews(source, source.load())
    with bound("127.0.0.1", 0) as taken:
        server = server_of(dashboard(views, ThisMachine()))
        thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[taken])))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
        server.should_exit = True
        thread.join()
    views.close()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("office")) as made:
        made.cycles(2)
        people = [made.arrive(name) for name in PEOPLE]
        made.cycles(2)
        made.offer(*people)
        made.cycles(4)
        made.rep_sets(people[0], Status="Working")
        made.rep_sets(people[1], Status="Qualified")
        made.cycles(6)
        made.go_home()
        yield made


def asked(made: Office, by: Dimension | None) -> Report:
    source = made.source()
    views = StoreViews(source, source.load())
    scope = scope_of(source.load(), PERIOD, (), now=views.now())
    found = report_of(Catalogue(measures=MEASURES, sections=SECTIONS), views.facts(), scope, by=by)
    views.close()
    return found


@pytest.fixture(scope="module", params=[None, Dimension.OWNER], ids=["whole", "by owner"])
def both(
    request: pytest.FixtureRequest, lived: Office, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, str, Numbers]:
    """The tables, the report's page, and what the dashboard shows of them."""
    by, place = request.param, tmp_path_factory.mktemp("pages")
    words = ("--by", by.value) if by else ()
    page(lived, "report", "--period", PERIOD, *words, "--html", str(place / "report.html"))
    view = f"?period={PERIOD}" + (f"&by={by.value}" if by else "")
    addresses = ["/" if by is None else "", *(f"/funnel/{slug(x)}" for x in SECTIONS)]
    seen: Numbers = {}
    with served(lived) as base:
        for number, address in enumerate(filter(None, addresses)):
            seen |= shown(f"{base}{address}{view}", place / f"{number}")
    return asked(lived, by), (place / "report.html").read_text(encoding="utf-8"), seen


def read(text: str, place: Path) -> Numbers:
    (file := place / "read.html").write_text(text, encoding="utf-8")
    return shown(file.as_uri(), place / "home")


def test_every_number_of_the_report_is_on_the_dashboard_and_none_besides(
    both: tuple[Report, str, Numbers], tmp_path: Path
) -> None:
    report, text, seen = both

    found = read(text, tmp_path)

    tables = [from_the_first_month(x) for x in report.tables()]
    assert sum(x[0] != "in short" for x in found) == sum(
        len(x.rows) * len(x.columns) for x in tables
    )
    assert seen == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<strong>12</strong>", "<strong>13</strong>"),
        ("<small>12 of 12</small>", "<small>11 of 12</small>"),
        (" to 100.0 %", " to 99.9 %"),
    ],
)
def test_a_single_number_that_differs_would_be_seen(
    both: tuple[Report, str, Numbers], tmp_path: Path, one: str, other: str
) -> None:
    _, text, seen = both
    assert one in text

    found = read(text.replace(one, other, 1), tmp_path)

    assert len({x for x in {*found, *seen} if found.get(x) != seen.get(x)}) == 1
