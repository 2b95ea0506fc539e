"""The dashboard in a real browser: every page in both themes and two widths, every filter,
sign-in and roles, export, by keyboard alone and without scripts."""

import csv
import io
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dashboard_cases import FewViews, facts, passwords

from syncd.adapters.web.dashboard import dashboard
from syncd.adapters.web.funnel_pages import slug
from syncd.adapters.web.server import bound, server_of
from syncd.adapters.web.views import Deed
from syncd.measure.catalogue import MEASURES, SECTIONS

pytestmark = pytest.mark.system

ZONE = "America/New_York"
FILTERS = ("period", "segment", "source", "campaign", "owner", "team", "standard")
LEADS = facts().rounds.to_dicts()
STAGES = {
    "MQL": "mql_at", "SAL": "sal_at", "SQL": "sql_at",
    "Opportunity": "opportunity_at", "Customer": "customer_at",
}  # fmt: skip
WALK = Path(__file__).parent / "walk"
PAGES = (
    "/",
    *(f"/funnel/{slug(x)}?period=2026-10" for x in SECTIONS),
    "/funnel/funnel?period=2026-10&by=source",
    "/funnel/reasons?period=2026-05",
    "/behind/funnel?row=sql&column=leads&period=2026-10",
    "/handoffs",
    "/leads?q=ann",
    "/leads/lead-1",
    "/standard",
    "/reconciliation",
    "/reconciliation/2026-09/mql?row=time-zone&column=hubspot",
    "/health",
)


@contextmanager
def served(views: FewViews) -> Iterator[str]:
    taken = bound("127.0.0.1", 0)
    server = server_of(dashboard(views, passwords()))
    thread = Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        taken.close()


@pytest.fixture(scope="module")
def views() -> FewViews:
    """The report's own tables, some of them without anything to count."""
    return FewViews(measures=MEASURES, sections=SECTIONS)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, views: FewViews) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("walk")
    for name in ("package.json", "package-lock.json", "walk.mjs"):
        shutil.copy(WALK / name, place)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(install, cwd=place, check=True, capture_output=True)
    axe = place / "node_modules/axe-core/axe.min.js"
    with served(views) as base:
        done = subprocess.run(
            ["node", "walk.mjs", base, str(axe), *PAGES],
            cwd=place, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_axe_finds_nothing_wrong_and_nothing_sticks_out(found: dict[str, Any]) -> None:
    assert len(found["looks"]) == 4 * (1 + len(PAGES))
    assert [x for x in found["looks"] if x["violations"] or x["wide"] > 0] == []
    assert min(x["passes"] for x in found["looks"]) > 15


def test_dark_and_light_are_two_papers(found: dict[str, Any]) -> None:
    papers = {x["look"]: x["paper"] for x in found["looks"]}

    assert papers["light"] == papers["phone"] == "rgb(245, 246, 248)"
    assert papers["dark"] == papers["dark-phone"] == "rgb(15, 17, 22)"


def test_the_browser_complains_of_nothing(found: dict[str, Any]) -> None:
    assert found["complaints"] == []


def test_signing_in_leads_on_and_signing_out_ends_it(found: dict[str, Any]) -> None:
    assert found["roles"]["landed"] == "/leads"
    assert found["roles"]["out"] == "/sign-in"


def test_an_operator_can_act_and_a_viewer_cannot(found: dict[str, Any], views: FewViews) -> None:
    assert (found["roles"]["operator"], found["roles"]["viewer"]) == (2, 0)
    assert found["roles"]["told"] == "Noted. The next cycle carries it out."
    assert views.done == [(Deed.ACCEPT, "lead-1", "Olga")]


def test_a_number_is_opened_by_keyboard_alone(found: dict[str, Any]) -> None:
    assert found["keyboard"] == {"skip": "#main", "ring": True, "opened": "/behind/funnel"}


def test_on_a_phone_filters_fold_away_and_unfold_by_keyboard(found: dict[str, Any]) -> None:
    assert found["fold"] == {"before": False, "after": True}


@pytest.mark.parametrize("name", [*FILTERS, "by"])
def test_a_filter_set_by_keyboard_changes_the_numbers_and_stays_in_the_address(
    found: dict[str, Any], name: str
) -> None:
    [seen] = [x for x in found["filters"] if x["name"] == name]

    assert seen["value"] == seen["asked"] == seen["kept"] != ""
    assert seen["numbers"] == (split(seen["value"]) if name == "by" else whole(name, seen["value"]))
    assert seen["shared"] == seen["numbers"]


def test_the_export_holds_what_is_shown(found: dict[str, Any]) -> None:
    for each in found["filters"]:
        rows = list(csv.DictReader(io.StringIO(each["csv"])))
        first = [x for x in rows if x["column"] == rows[0]["column"]]
        assert [[x["row"], f"{float(x['value']):,.0f}"] for x in first] == each["numbers"]


def whole(name: str, value: str) -> list[list[str]]:
    """How many leads came to each stage, counted by hand."""
    month = value if name == "period" else "2026-10"
    rows = [x for x in mqls_of(month) if name == "period" or x[name] == value]
    return [[x, f"{sum(y[at] is not None for y in rows):,}"] for x, at in STAGES.items()]


def mqls_of(month: str) -> list[dict[str, Any]]:
    there = ZoneInfo(ZONE)
    return [x for x in LEADS if f"{x['mql_at'].astimezone(there):%Y-%m}" == month]


def split(by: str) -> list[list[str]]:
    """How many MQLs of each value, the most first."""
    counted = Counter(x[by] for x in mqls_of("2026-10"))
    return [[x, str(n)] for x, n in sorted(counted.items(), key=lambda x: (-x[1], x[0]))]


def test_every_page_can_be_read_without_scripts(found: dict[str, Any]) -> None:
    assert [x for x in found["script"] if x["letters"] < 100] == []
