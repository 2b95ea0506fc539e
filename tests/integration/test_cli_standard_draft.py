"""`syncd standard draft` as a leader types it: a CSV in, a proposal out that stands by itself."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from syncd.cli.backtest import backtest
from syncd.cli.check import check
from syncd.cli.standard import standard

ROOT = Path(__file__).parents[2]
CSV, MAP = (ROOT / "tests/fixtures/outcomes" / x for x in ("leads.csv", "map.yaml"))
FIELDS_OF_THE_EXAMPLE = """
  employees: {column: Köpfe}
  last_engaged_at: {column: Letzte Antwort}
  budget_confirmed: {column: Projekt}
  budget_amount: {column: Rahmen}
  need: {column: Rechnung Nr.}
"""


def _draft(*more: str | Path) -> Result:
    asked = ["draft", "--csv", str(CSV), *map(str, more)]
    return CliRunner().invoke(standard, asked, catch_exceptions=False)


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """Drafted without any configuration."""
    out = tmp_path / "proposal.yaml"
    _draft("--map", MAP, "--config", tmp_path / "none", "--out", out)
    return out


def test_a_prospect_with_nothing_but_a_csv_gets_a_standard_that_can_be_backtested(
    proposal: Path,
) -> None:
    asked = ["--csv", str(CSV), "--map", str(MAP), "--standard", str(proposal)]

    result = CliRunner().invoke(backtest, [*asked, "--config", str(proposal.parent / "none")])

    assert result.exit_code == 0, result.output
    assert "project-yes" in result.output


def test_the_proposal_names_what_made_these_leads_win_and_what_was_refused(proposal: Path) -> None:
    text = proposal.read_text(encoding="utf-8")

    assert text.startswith("# A PROPOSAL, worked out backwards from leads that were won.")
    assert "It proposes; people decide." in text
    assert "# Refused: invoice: filled for 100.0 % of 214 won leads" in text
    assert "- id: project-yes" in text
    assert "field: employees" in text
    assert "within: {last: 30 days}" in text
    assert "signed: []" in text


def test_the_day_on_which_it_was_decided_is_not_proposed_as_a_requirement(tmp_path: Path) -> None:
    """As `syncd outcomes map` leaves it, where it cannot guess what the column is."""
    own_map, out = tmp_path / "map.yaml", tmp_path / "proposal.yaml"
    told = "  closed_on: {column: Abschluss, type: date}\n"
    own_map.write_text(MAP.read_text(encoding="utf-8") + told, encoding="utf-8")

    _draft("--map", own_map, "--config", tmp_path / "none", "--out", out)

    proposed = out.read_text(encoding="utf-8")
    assert '# Refused: closed_on: read from column "Abschluss", which the mapping names' in proposed
    assert "field: closed_on" not in proposed


def test_the_proposal_passes_check_in_a_whole_configuration(tmp_path: Path) -> None:
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    head = MAP.read_text(encoding="utf-8").partition("fields:")[0]
    own_map = tmp_path / "map.yaml"
    own_map.write_text(f"{head}fields:{FIELDS_OF_THE_EXAMPLE}", encoding="utf-8")
    (config / "standard.yaml").unlink()

    result = _draft("--map", own_map, "--config", config, "--out", config / "standard.yaml")
    checked = CliRunner(env={"CREDENTIALS_DIRECTORY": ""}).invoke(check, ["--config", str(config)])

    assert result.exit_code == 0, result.output
    assert checked.exit_code == 0, checked.output
    assert checked.output.splitlines()[-1].startswith("ok: standard draft-")


def test_a_file_that_is_there_is_not_touched(proposal: Path) -> None:
    before = proposal.read_bytes()

    result = CliRunner().invoke(
        standard, ["draft", "--csv", str(CSV), "--map", str(MAP), "--out", str(proposal)]
    )

    assert "is there already; name another file with --out" in str(result.exception)
    assert proposal.read_bytes() == before


def test_an_unknown_forced_field_is_said_with_the_one_that_was_meant(tmp_path: Path) -> None:
    asked = ["draft", "--csv", str(CSV), "--map", str(MAP), "--out", str(tmp_path / "x.yaml")]

    result = CliRunner().invoke(standard, [*asked, "--force-field", "invoise"])

    assert "the leads have no such field" in str(result.exception)
    assert '"invoice"' in str(result.exception)
