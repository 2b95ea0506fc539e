"""API calls, and fields left to the native connector, as `syncd status` shows them."""

from dataclasses import replace
from datetime import timedelta

from core_cases import NOW
from decide_cases import HUBSPOT, SALESFORCE, THE_MAP, TITLE
from rich.console import Console

from syncd.cli.status_calls import calls_of, calls_table, connector_lines
from syncd.domain.order import Health, Level, SideStatus

HOUR = timedelta(hours=1)
SIDE = SideStatus(
    read_through=NOW,
    health=Health.OK,
    reason="",
    calls_used=41_000,
    calls_allowed=100_000,
    spent=((NOW - HOUR, 6_000),),
    level=Level.NO_SWEEP,
)


def line(side: SideStatus) -> str:
    """The row of one CRM, columns apart by one space."""
    console = Console(width=200)
    with console.capture() as captured:
        console.print(calls_table(calls_of({SALESFORCE: side}, THE_MAP, now=NOW), NOW))
    return " ".join(captured.get().splitlines()[-1].split())


def test_a_crms_calls_are_shown_with_share_forecast_and_what_still_runs() -> None:
    assert line(SIDE) == (
        "Salesforce 6,000 30,000 41,000 of 100,000 144,000 a day, share used up in 4 hours "
        "reconciliation pauses"
    )


def test_a_rate_that_lasts_names_no_end() -> None:
    calm = replace(SIDE, spent=((NOW - HOUR, 600),), level=Level.FULL)

    assert line(calm).endswith("14,400 a day everything runs")


def test_what_the_vendor_does_not_tell_is_said_so() -> None:
    silent = replace(SIDE, calls_used=None, calls_allowed=None, level=Level.FULL)

    assert line(silent) == (
        "Salesforce 6,000 not told not told of not told 144,000 a day everything runs"
    )


def test_a_field_left_to_the_connector_comes_with_the_line_to_change() -> None:
    sides = {HUBSPOT: replace(SIDE, connector={TITLE: NOW}), SALESFORCE: SIDE}

    (told,) = connector_lines(sides, THE_MAP)

    assert told.startswith('field "title": direction: both -> none')
