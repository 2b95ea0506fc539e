"""`syncd standard draft --crm` and `syncd backtest --crm` in front of the sandbox."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_office import Office, office, page, syncd

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
LONG_PAST = datetime(2024, 3, 4, 17, 0, tzinfo=UTC)
DAYS, A_DAY = 12, 30


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Who has said what they need buys more often; the country says nothing."""
    with office(tmp_path_factory.mktemp("town"), start=LONG_PAST) as made:
        for day in range(DAYS):
            for number in range(A_DAY):
                _lead(made, day * A_DAY + number)
            made.world.advance(DAY)
        made.world.advance(40 * DAY)
        _lead(made, 9_999)  # what is known reaches to here
        yield made


def _lead(made: Office, number: int) -> None:
    has_need, luck = number % 2 == 0, number * 7919 % 100
    values = {
        "email": f"lead{number}@acme.example",
        "lastname": f"Lead {number}",
        "country": ("US", "DE", "FR")[number % 3],
        **({"need": "A better CRM"} if has_need else {}),
        "lifecyclestage": "salesqualifiedlead",
    }
    with made.world.lock:
        contact = made.marketer.create_contact(values)
        won = luck < (75 if has_need else 20)
        deal = {
            "dealname": f"Deal {number}",
            "dealstage": "closedwon" if won else "closedlost",
            "closedate": made.world.now().isoformat(),
        }
        made.marketer.create_deal(deal, [contact])


def test_a_draft_from_both_crms_is_a_valid_standard(town: Office, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"

    said = page(town, "standard", "draft", "--crm", "--horizon", "30d", "--out", str(draft))
    signed = (town.config / "standard.yaml").read_bytes()
    (town.config / "standard.yaml").write_bytes(draft.read_bytes())
    checked = syncd(town, "check")
    (town.config / "standard.yaml").write_bytes(signed)

    assert "Need is known" in said
    assert "from Salesforce and HubSpot" in draft.read_text(encoding="utf-8")
    assert "field: country" not in draft.read_text(encoding="utf-8")
    assert checked.exit_code == 0, checked.output


def test_a_backtest_from_both_crms_holds_the_configured_standard_against_them(
    town: Office,
) -> None:
    said = page(town, "backtest", "--crm", "--horizon", "30d")

    assert "on Salesforce and HubSpot" in said
    assert f"{DAYS * A_DAY} of {DAYS * A_DAY + 1} leads count" in said


def test_crms_and_a_file_are_not_read_together(town: Office) -> None:
    result = syncd(town, "standard", "draft", "--crm", "--csv", "x.csv")

    assert "give one of them" in str(result.output) + str(result.exception)


def test_a_source_must_be_named(town: Office) -> None:
    result = syncd(town, "backtest")

    assert "give --csv FILE with --map MAP.yaml, or --crm" in result.output + str(result.exception)
