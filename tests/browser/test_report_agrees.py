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
from syncd.measure.catalogue import SECTIONS

pytestmark = pytest.mark.system

Numbers = dict[tuple[str, str, int], str]
"""By table, row and place of the column: what is read first in the cell."""


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
            label = known["aria-label"] or ""
            self._table, self._row = label.removesuffix(", as a table"), ""
        if tag == "th" and known.get("scope") == "row":
            self._row, self._column, self._in = "", -1, "row"
        if tag == "td":
            self._column, self._in = self._column + 1, "cell"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._in = ""

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text or not self._in:
            return
        if self._in == "row":
            self._row += text
        elif self._row:
            self.numbers.setdefault((self._table, self._row, self._column), text)


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
        people = [made.arrive(name) for name in ("ann", "bob", "cleo")]
        made.cycles(2)
        made.offer(*people)
        made.cycles(4)
        made.rep_sets(people[0], Status="Working")
        made.rep_sets(people[1], Status="Qualified")
        made.cycles(6)
        made.go_home()
        yield made


def test_every_number_of_the_report_is_on_the_dashboard_and_none_besides(
    lived: Office, tmp_path: Path
) -> None:
    place = tmp_path / "report.html"
    page(lived, "report", "--period", "2026-03", "--html", str(place))

    report = shown(place.as_uri(), tmp_path / "one")
    seen: Numbers = {}
    with served(lived) as address:
        for number, title in enumerate(SECTIONS):
            seen |= shown(f"{address}/funnel/{slug(title)}?period=2026-03", tmp_path / f"{number}")

    assert len(report) > 100
    assert seen == report
