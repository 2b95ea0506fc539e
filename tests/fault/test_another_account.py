"""Another org or portal than the one the store is of: refused, explained, nothing touched."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from box import HOUR, Box, box
from box_home import write_config

from syncd.app_preview import preview
from syncd.domain.names import System
from syncd.errors import WrongAccount
from syncd.sandbox.journal import System as Front
from syncd.sandbox.salesforce.refresh import refresh_org

SYNCD = (sys.executable, "-c", "from syncd.cli.main import main; main()")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Box]:
    with box(tmp_path) as made:
        yield made


def touched(office: Box) -> list[str]:
    """What was asked for or written meanwhile, but for who it is."""
    log = office.world.requests
    paths = [x.path for x in (*log.latest(Front.SALESFORCE), *log.latest(Front.HUBSPOT))]
    innocent = ("/services/oauth2/", "/account-info/")
    return [path for path in paths if not any(word in path for word in innocent)]


def test_a_refreshed_sandbox_is_noticed_and_its_people_are_not_touched(office: Box) -> None:
    ada = office.offered("ada")
    with office.world.lock:
        refresh_org(office.world.salesforce)
    office.marketer_sets(ada, jobtitle="Director")
    asked = len(touched(office))

    for _ in range(3):
        with pytest.raises(WrongAccount, match="refreshed"):
            office.cycle()

    assert len(touched(office)) - asked <= 2  # the poll in which it came to light
    assert office.known(ada)
    assert len(office.told("config")) == 1


def test_a_start_in_a_refreshed_sandbox_is_refused_with_the_way_out(office: Box) -> None:
    office.offered("ada")
    with office.world.lock:
        refresh_org(office.world.salesforce)
    office.restart()

    with pytest.raises(WrongAccount, match="run `syncd backfill`"):
        office.cycle()


def test_a_refreshed_sandbox_with_a_store_of_its_own_is_worked_in(office: Box) -> None:
    ada = office.offered("ada")
    with office.world.lock:
        refresh_org(office.world.salesforce)

    office.start_over(HOUR)
    office.cycle()

    lead = office.known(ada)
    assert lead
    assert lead.sides[System.SALESFORCE].record_id != ada.sf


def test_a_preview_in_another_org_is_refused(office: Box) -> None:
    with office.world.lock:
        refresh_org(office.world.salesforce)

    with pytest.raises(WrongAccount):
        preview(office.source, clock=office.worker._clock)


def test_the_daemon_of_another_portal_ends_at_once_with_exit_code_1(
    office: Box, tmp_path: Path
) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    wrong = {"portal_id: 12345678": "portal_id: 777", "127.0.0.1:8321": "127.0.0.1:0"}
    write_config(home, office.fronts, wrong)
    environ = {**os.environ, **office.source.environ, "STATE_DIRECTORY": str(home)}

    ended = subprocess.run(
        [*SYNCD, "run", "--config", str(home / "config")],
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert ended.returncode == 1
    assert "the configuration names portal 777" in ended.stderr
