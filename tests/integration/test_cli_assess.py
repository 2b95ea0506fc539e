"""`syncd assess` as somebody types it, with a configuration and without."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from assess_town import build
from cli_office import Office, office, syncd
from click.testing import CliRunner

from syncd.cli import main as entry
from syncd.measure.assess.examine import CHECKS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """On the clock of this machine: the command has no other."""
    home = tmp_path_factory.mktemp("office")
    with office(home, start=datetime.now(UTC), rate=1.0) as opened:
        town = build(opened)
        for _ in range(3):
            person, rep = town.talked()
            town.sell(person, rep, won=True)
        yield opened


@pytest.mark.slow
def test_a_program_reads_every_check_with_its_evidence(made: Office) -> None:
    result = syncd(made, "assess", "--json")

    answer = json.loads(result.output)

    assert result.exit_code == 0
    assert [x["id"] for x in answer["checks"]] == [x.id for x in CHECKS]
    assert {x["answer"] for x in answer["checks"]} <= {"sound", "gap", "cannot see"}
    assert all(x["evidence"] for x in answer["checks"])
    assert answer["stage_map_guessed"] is False


@pytest.mark.slow
def test_the_page_stands_alone_and_the_terminal_says_where_it_is(made: Office) -> None:
    path = made.home / "assessment.html"

    result = syncd(made, "assess", "--html", str(path))

    page = path.read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert result.output.endswith(f"The page: {path}\n")
    assert "Fix first" in result.output
    assert "lifecyclestage &#34;customer&#34;" in page
    assert not re.findall(r"<script|<link|src=|url\(|https?://", page)
    assert all(x.id in page for x in CHECKS)


@pytest.mark.slow
def test_who_has_no_configuration_gives_two_addresses(made: Office, tmp_path: Path) -> None:
    words = [
        "assess",
        "--config",
        str(tmp_path),
        "--json",
        *("--salesforce", made.fronts.salesforce_url),
        *("--hubspot", made.fronts.hubspot_url),
    ]

    result = CliRunner(env=made.environ).invoke(entry.cli, words)

    answer = json.loads(result.output)
    assert answer["stage_map_guessed"] is True
    assert "definition-written" in answer["first"]
    assert {"system": "hubspot", "values": {"lifecyclestage": "customer"}, "stage": "customer"} in (
        answer["stage_map"]
    )


def test_without_an_address_it_says_what_to_give(tmp_path: Path) -> None:
    environ = {f"SYNCD_{x}": "x" for x in ("SALESFORCE_CLIENT_ID", "HUBSPOT_TOKEN")}

    result = CliRunner(env=environ).invoke(entry.cli, ["assess", "--config", str(tmp_path)])

    assert "Give --salesforce with the My Domain" in str(result.exception)


def test_without_credentials_it_says_which(tmp_path: Path) -> None:
    words = ["assess", "--config", str(tmp_path), "--salesforce", "acme.my"]
    bare = dict.fromkeys(
        ("SYNCD_SALESFORCE_CLIENT_ID", "SYNCD_SALESFORCE_CLIENT_SECRET", "SYNCD_HUBSPOT_TOKEN"), ""
    )

    result = CliRunner(env=bare).invoke(entry.cli, words)

    assert "SYNCD_SALESFORCE_CLIENT_ID is not set" in str(result.exception)
    assert "SYNCD_HUBSPOT_TOKEN is not set" in str(result.exception)
    assert "SLACK" not in str(result.exception)


def test_a_crm_yaml_with_a_mistake_is_not_passed_over(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "config"
    shutil.copytree(example, tmp_path / "config")
    crm = tmp_path / "config" / "crm.yaml"
    crm.write_text(crm.read_text(encoding="utf-8").replace("poll_every: 20s", "poll_every: soon"))

    result = CliRunner().invoke(entry.cli, ["assess", "--config", str(tmp_path / "config")])

    assert "crm.yaml:" in str(result.exception)


def test_a_page_that_has_no_place_is_told_before_anything_is_read(tmp_path: Path) -> None:
    words = ["assess", "--html", str(tmp_path / "nowhere" / "a.html")]

    result = CliRunner().invoke(entry.cli, words)

    assert "there is no directory" in str(result.exception)
