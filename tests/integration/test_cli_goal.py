"""`syncd goal`, as somebody types it."""

import json
from pathlib import Path

import pytest
from cli_office import office, syncd
from click.testing import CliRunner, Result

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


def _asked(target: str, value: str, rates: str) -> Result:
    return CliRunner().invoke(cli, ["goal", "--target", target, "--value", value, "--rates", rates])


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("nan", "nan is no amount"),
        ("inf", "inf is no amount"),
        ("0", "0 is no amount from 0.01"),
        ("1e300", "to 1,000,000,000,000,000"),
        ("1.000.000", "write 2000000 or 2,000,000"),
        ("1,00", "write 2000000 or 2,000,000"),
    ],
)
def test_an_amount_nobody_can_mean_is_refused_with_what_to_write(target: str, says: str) -> None:
    result = _asked(target, "2750", "15%,6%")

    assert result.exit_code == 2
    assert says in result.output


def test_an_amount_may_be_written_as_it_is_printed() -> None:
    assert _asked("2,000,000", "2,750", "15%,6%").output == CliRunner().invoke(cli, ASKED).output


def test_the_smallest_and_the_largest_there_are_can_be_walked_back() -> None:
    found = _asked("1e15", "0.01", ",".join(f"s{n}=0.0001%" for n in range(20)))

    assert found.exit_code == 0


def test_what_is_not_whole_does_not_look_whole_and_a_small_saving_is_called_small() -> None:
    said = " ".join(_asked("100000", "99999.99", "99.5%").output.split())

    assert "takes 2 sales (1.0000001)." in said
    assert "99.5 % to 100 % saves less than one of the leads" in said


def test_a_saving_is_not_rounded_up() -> None:
    said = _asked("100", "3", "SQLs=25%,MQLs=40%,leads=10%").output

    assert "25 % to 26 % saves about 128 leads" in said


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
