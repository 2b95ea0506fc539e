"""Every page of the dashboard, and the report, over a store of 100,000 leads and 1,000,000 audit
rows, while leads go on changing: as a page is first asked for, and again within the minute.

Run alone with `python tests/benchmarks/bench_pages.py [HOME] [LEADS] [POSTGRESQL-URL]`. In HOME
the store is kept, and taken again the next time.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from bench_crowd import Crowd
from bench_figures import Figure, table
from bench_person import LONG, OWNERS
from bench_served import Office, Server, Spent, changing, served

from syncd.adapters.store.store import open_store
from syncd.adapters.web.funnel_pages import slug
from syncd.measure.catalogue import SECTIONS

CONFIG = Path(__file__).parents[2] / "config"
LEADS, ROUNDS, GOAL = 100_000, 5, 300
MONTH = (datetime.now(UTC).replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
YEAR = MONTH[:4]
VIEWS = {
    "month": {"period": MONTH},
    "year": {"period": YEAR},
    "by owner": {"period": MONTH, "by": "owner"},
    "year by source": {"period": YEAR, "by": "source"},
    "filtered": {"period": YEAR, "owner": OWNERS[3], "source": "Source 3"},
}
OTHERS = {
    "board: all": "/handoffs",
    "board: breached": "/handoffs?standing=breached",
    "board: CSV": "/csv/handoffs",
    "board: JSON": "/api/handoffs",
    "finding a lead: address": "/leads?q=person471%40company471.example",
    "finding a lead: nobody": "/leads?q=nobody",
    "a lead: usual": "/leads/ld_00000471",
    "a lead: long story": f"/leads/{LONG}",
    "a lead: long story, JSON": f"/api/leads/{LONG}",
    "standard: with its rules": "/standard",
    "standard: document": "/standard/document",
    "reconciliation: those kept": "/reconciliation",
    "health: page": "/health",
    "health: JSON": "/api/health",
}
"""What stands before a colon is told as one figure."""


def main() -> None:
    home, leads, url = (*sys.argv[1:], "", "", "")[:3]
    if home:
        print(table(figures(Office(home=Path(home), leads=int(leads or LEADS), url=url))))
    else:
        print(table(measured(LEADS)))


def measured(leads: int) -> list[Figure]:
    with TemporaryDirectory(prefix="syncd-bench-") as home:
        return list(figures(Office(home=Path(home), leads=leads)))


def figures(office: Office) -> Iterator[Figure]:
    _fill(office)
    yield from _pages(office)
    yield from _reports(office)


def _fill(office: Office) -> None:
    """Once: what is kept there is taken as it is, brought to this version's schema."""
    if office.config.exists():
        open_store(office.source().load().store).close()
    else:
        copytree(CONFIG, office.config)
        if office.url:
            crm = office.config / "crm.yaml"
            crm.write_text(crm.read_text().replace("path: syncd.db", f"url: {office.url}"))
        Crowd(leads=office.leads, now=datetime.now(UTC)).fill(office.source().load())


def _pages(office: Office) -> Iterator[Figure]:
    group = f"Dashboard: {office.leads:,} leads, {10 * office.leads:,} audit rows"
    with served(office) as server:
        yield Figure(group=group, name="CPU until it serves", value=server.cpu(), unit="ms")
        yield _figure(group, "the very first page", [server.get("/")])
        with changing(office):
            first, again = _asked_twice(server, dict(_addresses(server)))
        for name in first:
            yield _figure(group, f"{name}, first", first[name])
            yield _figure(group, f"{name}, again", again[name])
        yield Figure(group=group, name="peak memory", value=server.peak(), unit="MB")


def _asked_twice(
    server: Server, asked: dict[str, str]
) -> tuple[dict[str, list[Spent]], dict[str, list[Spent]]]:
    """Whoever comes first pays for what all share: each round begins with another page."""
    first, again = defaultdict[str, list[Spent]](list), defaultdict[str, list[Spent]](list)
    names = list(asked)
    for number in range(ROUNDS):
        server.later()
        begin = number * len(names) // ROUNDS
        for found in (first, again):
            for name in names[begin:] + names[:begin]:
                found[name.partition(":")[0]].append(server.get(asked[name]))
    return first, again


def _figure(group: str, name: str, each: list[Spent]) -> Figure:
    """By the clock, with the CPU beside it: of that a busy machine takes less away."""
    place = int(0.95 * len(each))
    wall, cpu = sorted(x.wall for x in each)[place], sorted(x.cpu for x in each)[place]
    name = f"{name}, p95 ({cpu:.0f} ms of CPU)"
    return Figure(group=group, name=name, value=wall, unit="ms", most=GOAL)


def _addresses(server: Server) -> Iterator[tuple[str, str]]:
    for view, asked in VIEWS.items():
        yield f"Overview: {view}", f"/?{urlencode(asked)}"
        for title in SECTIONS:
            yield f"{title}: {view}", f"/funnel/{slug(title)}?{urlencode(asked)}"
    for name in ("funnel", "rules"):
        year = urlencode({"period": YEAR})
        found = json.loads(server.text(f"/api/tables/{name}?{year}"))["table"]
        row, column = found["rows"][0]["key"], found["columns"][0]["id"]
        number = urlencode({"period": YEAR, "row": row, "column": column})
        yield f"leads behind a number: {name}", f"/behind/{name}?{number}"
        yield f"leads behind a number: {name}, late", f"/behind/{name}?{number}&page=100"
        yield f"leads behind a number: {name}, JSON", f"/api/tables/{name}/leads?{number}"
        yield f"all leads behind a number as CSV: {name}", f"/csv/{name}/leads?{number}"
        yield f"a table: {name}, CSV", f"/csv/{name}?{year}"
        yield f"a table: {name}, JSON", f"/api/tables/{name}?{year}"
    yield from OTHERS.items()


def _reports(office: Office) -> Iterator[Figure]:
    page, tables = office.home / "report.html", office.home / "tables"
    files = ("--html", str(page), "--csv", str(tables), "--json")
    yield from _report(office, "a month", "--period", MONTH, *files)
    yield from _report(office, "a year", "--period", YEAR, *files)
    yield from _report(office, "the meeting's", "--period", MONTH, "--meeting", *files[:2])


def _report(office: Office, name: str, *asked: str) -> Iterator[Figure]:
    group = f"Report: {office.leads:,} leads, {10 * office.leads:,} audit rows"
    command = [str(Path(sys.executable).with_name("syncd")), "report", *asked]
    environ = {**os.environ, **office.environ}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--config", str(office.config)], env=environ, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    wall, cpu = time.perf_counter() - begun, used.ru_utime + used.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    yield Figure(group=group, name=f"{name} ({cpu:.1f} s of CPU)", value=wall, unit="s", most=60)
    memory = used.ru_maxrss * 1024 / 1e6
    yield Figure(group=group, name=f"{name}, peak memory", value=memory, unit="MB", most=500)


if __name__ == "__main__":
    main()
