"""Every section of the dashboard over 100,000 rounds: each page as it is first asked for, and
again within the minute.

Run alone with `python tests/benchmarks/bench_dashboard.py [ROUNDS]`.
"""

import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # where the made-up views are

from bench_figures import Figure, table
from bench_measures import MANY, YEAR, a_year
from dashboard_cases import FewViews, client
from starlette.testclient import TestClient

from syncd.adapters.web.funnel_pages import slug
from syncd.measure.catalogue import MEASURES, SECTIONS

QUERIES = ("period=2026-10", "period=2026", "period=2026-10&by=owner", "period=2026-10&by=source")
GOAL = 300
TIMES = 5


def figures(rounds: int = MANY) -> Iterator[Figure]:
    """p95 of pages asked for the first time, in wall-clock time, and of those seen before."""
    views = FewViews(
        known=a_year(rounds), measures=MEASURES, sections=SECTIONS, at=YEAR.now - timedelta(days=20)
    )
    visitor = client(views)
    visitor.get(_address(next(iter(SECTIONS)), QUERIES[0]))  # loads what draws
    group = f"Dashboard: {rounds:,} rounds"
    for title in SECTIONS:
        first, again = list[float](), list[float]()
        for _ in range(TIMES):
            views.at += timedelta(minutes=1)  # all is counted anew
            first += [_timed(visitor, title, x) for x in QUERIES]
            again += [_timed(visitor, title, x) for x in QUERIES]
        for name, spent in (("first", first), ("again", again)):
            value = sorted(spent)[int(0.95 * len(spent))] * 1e3
            yield Figure(
                group=group, name=f"{title}, {name}, p95", value=value, unit="ms", most=GOAL
            )


def measured(rounds: int = MANY) -> list[Figure]:
    return list(figures(rounds))


def _timed(visitor: TestClient, title: str, query: str) -> float:
    begun = time.perf_counter()
    answer = visitor.get(_address(title, query))
    assert answer.status_code == 200
    return time.perf_counter() - begun


def _address(title: str, query: str) -> str:
    return f"/funnel/{slug(title)}?{query}"


if __name__ == "__main__":
    print(table(measured(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)))
