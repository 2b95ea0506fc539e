"""`syncd goal`, as somebody types it."""

import json
from pathlib import Path

from cli_office import office, syncd
from click.testing import CliRunner

from syncd.cli.main import cli

ASKED = ("goal", "--target", "2000000", "--value", "2750", "--rates", "15%,6%")


def test_the_walk_back_is_printed_with_how_it_was_rounded() -> None:
    said = " ".join(CliRunner().invoke(cli, ASKED).output.split())

    assert "2,000,000 at 2,750 each takes 728 sales (727.3)." in said
    assert "appointments about 4,850 4,848.5" in said
    assert "leads about 80,800 80,808.1" in said
    assert "appointments: 15 % to 16 % saves about 5,050 leads" in said
    assert "728, which bring 2,002,000" in said
    assert "Rounded up at every step instead, it would be 4,854 appointments, 80,900 leads." in said


def test_programs_get_the_exact_figures() -> None:
    found = json.loads(CliRunner().invoke(cli, [*ASKED, "--json"]).output)

    assert [x["shown"] for x in found["needed"]] == [728, 4_850, 80_800]
    assert found["needed"][0]["exact"] == 2_000_000 / 2_750


def test_a_rate_nobody_can_mean_is_refused() -> None:
    result = CliRunner().invoke(cli, [*ASKED[:-1], "15,6"])

    assert result.exit_code == 2
    assert "write 15% or 0.15" in result.output


def test_rates_are_given_or_measured_and_not_both() -> None:
    result = CliRunner().invoke(cli, [*ASKED, "--period", "2026-03"])

    assert result.exit_code == 2
    assert "give one of them" in result.output


def test_a_store_with_too_few_leads_says_so_instead_of_a_number(tmp_path: Path) -> None:
    with office(tmp_path) as made:
        made.cycles()
        made.arrive("ann")
        made.cycles()
        made.go_home()

        result = syncd(made, *ASKED[:-2], "--period", "2026-03")

    assert result.exit_code == 1
    assert "March 2026: how many leads become MQLs cannot be told" in str(result.exception)
    assert "give --rates" in str(result.exception)
