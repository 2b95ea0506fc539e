"""`syncd compile` writes what is to be deployed, and nothing over what is not its own."""

import json
from pathlib import Path

from click.testing import CliRunner, Result
from config_files import EXAMPLE, example_copy, replace
from signing import sign

from syncd.cli.main import cli

GUARDS = "salesforce/force-app/main/default/objects/Lead/validationRules"


def run(out: Path, config: Path = EXAMPLE, *more: str) -> Result:
    return CliRunner().invoke(cli, ["compile", "--out", str(out), "--config", str(config), *more])


def tree(out: Path) -> dict[str, bytes]:
    return {str(x.relative_to(out)): x.read_bytes() for x in out.rglob("*") if x.is_file()}


def test_it_says_what_it_wrote_what_is_held_and_what_a_person_does_next(tmp_path: Path) -> None:
    found = run(tmp_path / "out")

    assert found.exit_code == 0, found.output
    assert f"wrote {GUARDS}/Syncd_sql_budget_confirmed.validationRule-meta.xml" in found.output
    assert "SQL, score sales-ready: points for latest engagement fade" in found.output
    assert "Deploy the 5 validation rules" in found.output
    assert "Give the permission set Syncd_Bypass to the user syncd writes as" in found.output


def test_the_same_configuration_gives_the_same_bytes(tmp_path: Path) -> None:
    run(tmp_path / "one")
    run(tmp_path / "two")
    run(tmp_path / "two")

    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_foreign_files_stop_it_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "hubspot").mkdir()
    (tmp_path / "hubspot/CHECKLIST.md").write_text("ours")

    found = run(tmp_path)

    assert found.exit_code != 0
    assert "hubspot/CHECKLIST.md; nothing was written" in str(found.exception)
    assert tree(tmp_path) == {"hubspot/CHECKLIST.md": b"ours"}


def test_a_file_that_was_edited_since_is_not_replaced(tmp_path: Path) -> None:
    run(tmp_path)
    edited = tmp_path / GUARDS / "Syncd_sql_budget_confirmed.validationRule-meta.xml"
    edited.write_text("mine")

    found = run(tmp_path)

    assert "that were edited since" in str(found.exception)
    assert edited.read_text() == "mine"


def test_what_is_no_longer_made_is_removed_and_other_files_stay(tmp_path: Path) -> None:
    config, out = example_copy(tmp_path), tmp_path / "out"
    run(out, config)
    (out / "NOTES.md").write_text("ours")
    replace(config, "policy.yaml", "sql: {mode: block", "sql: {mode: flag")

    found = run(out, config)

    assert f"removed {GUARDS}/Syncd_sql_enough_of.validationRule-meta.xml" in found.output
    assert "Nothing to deploy to Salesforce" in found.output
    assert not (out / "salesforce/force-app").exists()
    assert (out / "NOTES.md").read_text() == "ours"


def test_a_run_that_was_killed_half_way_is_finished_by_the_next(tmp_path: Path) -> None:
    config, out = example_copy(tmp_path), tmp_path / "out"
    run(out, config)
    record = out / ".syncd-compiled.json"
    old = {path: x.read_bytes() for path in tree(out) if (x := out / path) != record}
    replace(config, "standard.yaml", 'version: "2026.1"', 'version: "2026.2"')
    sign(config)
    before = json.loads(record.read_text())
    run(out, config)
    after = json.loads(record.read_text())
    for number, (path, text) in enumerate(sorted(old.items())):
        if number % 2:
            (out / path).write_bytes(text)
    both = {path: sorted({*before[path], *after[path]}) for path in after}
    record.write_text(json.dumps(both))

    assert run(out, config).exit_code == 0
    assert json.loads(record.read_text()) == after


def test_a_record_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".syncd-compiled.json").write_text("[1]")

    assert "is no record of `syncd compile`" in str(run(tmp_path).exception)


def test_programs_get_json(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, EXAMPLE, "--json").output)

    assert told["standard"] == "2026.1"
    assert {"gate": "sql", "name": "Syncd_sql_enough_of"} in told["guards"]
    assert {x["what"] for x in told["held"]} == {"the whole gate", "score sales-ready"}
    assert "HELD_BY_DAEMON.md" in told["files"]


def test_a_standard_past_its_review_is_said_to_refuse_nothing(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "standard.yaml", "review_by: 2027-06-30", "review_by: 2020-01-01")

    assert "reviewed by 2020-01-01: no gate blocks" in run(tmp_path / "out", config).output
