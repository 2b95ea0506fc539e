"""`syncd doctor` as an admin types it: what it prints, and with which code it ends."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_office import Office, office, syncd

HIRED = ("hanna.lind", "omar.haddad", "sales.manager", "revops")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    """On the clock of this machine: the command has no other."""
    with office(tmp_path, start=datetime.now(UTC), rate=1.0) as opened:
        for name in HIRED:
            email = f"{name}@example.com"
            opened.world.salesforce.add_user(name, email)
            opened.world.hubspot.hire(email, name, name)
            opened.world.slack.add_user(name, email, name)
        yield opened


def test_a_healthy_office_is_said_to_be_healthy(made: Office) -> None:
    result = syncd(made, "doctor")
    assert (result.exit_code, result.output) == (0, "healthy: nothing found\n")


def test_warnings_end_with_four_and_say_what_to_click(made: Office) -> None:
    made.world.salesforce.track_history("Lead", "OwnerId")
    result = syncd(made, "doctor")
    assert result.exit_code == 4
    assert "warning history-off: Salesforce" in result.output
    assert "Set History Tracking: tick Status" in result.output
    assert result.output.endswith("1 warning\n")


def test_notes_alone_end_well(made: Office) -> None:
    made.world.hubspot.settings.time_zone = "Asia/Tokyo"
    result = syncd(made, "doctor")
    assert (result.exit_code, "note time-zones-differ" in result.output) == (0, True)


def test_a_program_reads_every_finding(made: Office) -> None:
    made.world.hubspot.undefine("need")
    result = syncd(made, "doctor", "--json")
    answer = json.loads(result.output)
    assert result.exit_code == 1
    assert answer["healthy"] is False
    (finding,) = answer["findings"]
    assert finding.keys() == {"id", "severity", "what", "where", "why", "fix"}
    assert (finding["id"], finding["severity"]) == ("field-missing", "error")


def test_a_configuration_that_does_not_validate_is_told_with_every_line(made: Office) -> None:
    policy = made.config / "policy.yaml"
    text = policy.read_text(encoding="utf-8").replace("grace: 5 minutes", "grace: a while")
    policy.write_text(text.replace("sql: {mode: block", "sql: {mode: blocked"), encoding="utf-8")
    result = syncd(made, "doctor", "--json")
    found = json.loads(result.output)["findings"]
    assert result.exit_code == 1
    assert {x["id"] for x in found} == {"configuration-invalid"}
    assert [x["where"].split(":")[0].rsplit("/", 1)[-1] for x in found] == ["policy.yaml"] * 2


def test_no_secret_is_printed(made: Office) -> None:
    made.world.hubspot.apps.revoke(made.environ["SYNCD_HUBSPOT_TOKEN"])
    made.world.slack.tokens.clear()
    result = syncd(made, "doctor", "--json")
    assert "credentials-refused" in result.output
    assert not [
        x for x in made.environ.values() if x.startswith(("xox", "pat")) and x in result.output
    ]
