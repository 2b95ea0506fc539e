"""Whoever only looks needs no way to tell people: no command that posts nothing asks for one."""

from collections.abc import Iterator

import pytest
from cli_office import Office, office
from click.testing import CliRunner, Result

from syncd.cli.main import cli


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("mute")) as made:
        made.arrive("ann")
        made.cycles(2)
        made.go_home()
        yield made


def _without_slack(made: Office, *words: str) -> Result:
    mute: dict[str, str | None] = {
        **made.environ,
        "SYNCD_SLACK_TOKEN": None,
        "SYNCD_SLACK_APP_TOKEN": None,
        "SYNCD_SLACK_WEBHOOK": None,
        "CREDENTIALS_DIRECTORY": "",
    }
    return CliRunner(env=mute).invoke(cli, [*words, "--config", str(made.config)])


@pytest.mark.parametrize(
    "words",
    [
        "reconcile --period 2026-03",
        "report --period 2026-03",
        "report --period 2026-03 --meeting",
        "plan",
        "plan --since 30d",
        "assess",
        "provision",
        "explain ann@acme.example",
        "status",
        "links",
        "conflicts",
        "handoff",
        "alerts",
        "audit verify",
        "standard show",
        "check",
    ],
)
def test_a_command_that_tells_nobody_anything_needs_no_slack(made: Office, words: str) -> None:
    result = _without_slack(made, *words.split())

    assert result.exit_code == 0, (result.output, result.exception)


def test_the_daemon_says_that_slack_is_missing(made: Office) -> None:
    result = _without_slack(made, "run", "--once")

    assert result.exit_code != 0
    assert "SYNCD_SLACK_TOKEN or SYNCD_SLACK_WEBHOOK" in str(result.exception)
