"""The dashboard in a real browser: every page in both themes and two widths, every filter,
sign-in and roles, export, by keyboard alone and without scripts."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from dashboard_cases import FewViews, passwords

from syncd.adapters.web.dashboard import dashboard
from syncd.adapters.web.server import bound, server_of
from syncd.adapters.web.views import Deed

pytestmark = pytest.mark.system

WALK = Path(__file__).parent / "walk"
PAGES = (
    "/funnel/funnel?period=2026-10",
    "/funnel/funnel?period=2026-10&by=source",
    "/behind/funnel?row=sql&column=leads&period=2026-10",
    "/handoffs",
    "/leads?q=ann",
    "/leads/lead-1",
    "/standard",
    "/reconciliation",
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
    return FewViews()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, views: FewViews) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("walk")
    for name in ("package.json", "package-lock.json", "walk.mjs"):
        shutil.copy(WALK / name, place)
    install = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    subprocess.run(install, cwd=place, check=True, capture_output=True)
    (place / "shots").mkdir()
    axe = place / "node_modules/axe-core/axe.min.js"
    with served(views) as base:
        done = subprocess.run(
            ["node", "walk.mjs", base, str(axe), str(place / "shots"), *PAGES],
            cwd=place, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_axe_finds_nothing_wrong_and_nothing_sticks_out(found: dict[str, Any]) -> None:
    assert len(found["looks"]) == 4 * len(PAGES)
    assert [x for x in found["looks"] if x["violations"] or x["wide"] > 0] == []
    assert min(x["passes"] for x in found["looks"]) > 15


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


def test_every_filter_is_in_the_address_and_the_export_holds_what_is_shown(
    found: dict[str, Any],
) -> None:
    for each in found["filters"]:
        rows = list(csv.DictReader(io.StringIO(each["csv"])))
        assert each["asked"] == each["value"]
        assert len(rows) == len(each["values"]) > 0
        leads = [f"{float(x['value']):,.0f}" for x in rows if x["unit"] == "leads"]
        assert leads == each["values"][::2]


def test_every_page_can_be_read_without_scripts(found: dict[str, Any]) -> None:
    assert [x for x in found["script"] if x["letters"] < 100] == []
