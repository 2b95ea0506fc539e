"""`syncd check` and `syncd reference` as an admin types them."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from syncd.cli.check import check
from syncd.cli.reference import reference

EXAMPLE = Path(__file__).parents[2] / "config"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "config"))


def test_check_of_the_example_ends_with_zero_and_warns_of_missing_secrets(config: Path) -> None:
    result = CliRunner(env={"CREDENTIALS_DIRECTORY": ""}).invoke(check, ["--config", str(config)])

    assert result.exit_code == 0
    assert "warning: SYNCD_HUBSPOT_TOKEN is not set" in result.output
    assert result.output.splitlines()[-1].startswith("ok: standard 2026.1")


def test_check_reads_credentials_from_their_directory(config: Path, tmp_path: Path) -> None:
    (tmp_path / "hubspot_token").write_text("canary", encoding="utf-8")

    runner = CliRunner(env={"CREDENTIALS_DIRECTORY": str(tmp_path)})
    result = runner.invoke(check, ["--config", str(config)])

    assert "SYNCD_HUBSPOT_TOKEN" not in result.output
    assert "canary" not in result.output


def test_check_of_a_mistake_ends_with_one_and_names_the_place(config: Path) -> None:
    (config / "policy.yaml").write_text("modes: {mql: flagg}\n", encoding="utf-8")

    result = CliRunner().invoke(check, ["--config", str(config)])

    assert result.exit_code == 1
    assert f'{config}/policy.yaml:1:14: modes.mql: "flagg" is not known here' in result.output
    assert "nothing will be written until fixed" in result.output


def test_a_mistake_in_what_was_spent_is_a_warning_and_stops_nothing(config: Path) -> None:
    policy = config / "policy.yaml"
    text = policy.read_text(encoding="utf-8").replace("# spend: spend.csv", "spend: spend.csv")
    policy.write_text(text, encoding="utf-8")
    (config / "spend.csv").write_text("source,month,amount\nWeb,10/26,5\n", encoding="utf-8")

    result = CliRunner().invoke(check, ["--config", str(config)])

    assert result.exit_code == 0
    assert f'warning: {config}/spend.csv:2:1: "10/26" is not a month; write it' in result.output


def test_check_answers_programs_in_json(config: Path) -> None:
    (config / "policy.yaml").write_text("", encoding="utf-8")

    result = CliRunner().invoke(check, ["--config", str(config), "--json"])

    answer = json.loads(result.output)
    assert result.exit_code == 1
    assert answer["ok"] is False
    assert answer["problems"][0]["file"] == str(config / "policy.yaml")
    assert answer["problems"][0]["line"] == 1


def test_reference_tells_what_is_stale_and_writes_it(config: Path) -> None:
    (config / "REFERENCE.md").write_text("old", encoding="utf-8")
    runner, where = CliRunner(), ["--config", str(config)]

    stale = runner.invoke(reference, ["--check", *where])
    written = runner.invoke(reference, ["--write", *where])
    fresh = runner.invoke(reference, ["--check", *where])

    assert (stale.exit_code, written.exit_code, fresh.exit_code) == (1, 0, 0)
    assert "REFERENCE.md: stale" in stale.output
    assert fresh.output == ""
