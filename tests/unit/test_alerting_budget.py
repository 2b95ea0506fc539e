"""What people are told about API calls and about the native connector."""

from dataclasses import replace
from datetime import timedelta

from core_cases import NOW
from decide_cases import PHONE, THE_MAP, TITLE

from syncd.core.alerting_budget import budget_alert, connector_alert
from syncd.core.budget import Budget, Forecast
from syncd.domain.names import System
from syncd.domain.order import Level
from syncd.domain.values import Direction

HOUR = timedelta(hours=1)
BUDGET = Budget(spent=26_000, share=30_000, used=41_000, allowed=100_000)


def test_calls_that_run_low_are_told_with_numbers_end_and_what_to_do() -> None:
    ahead = Forecast(a_day=40_000, runs_out=NOW + 2 * HOUR)

    sent = budget_alert(System.SALESFORCE, BUDGET, Level.NO_SWEEP, ahead, now=NOW)

    assert sent.key == "alert:budget:salesforce:2026-03-03"
    assert sent.alert.title == "Salesforce: API calls run low"
    assert sent.alert.why == (
        "syncd made 26,000 calls in the last 24 hours of the 30,000 calls that are our share.",
        "All programs together used 41,000 of 100,000.",
        "At this rate it is used up in 2 hours.",
        "Now reconciliation pauses; field sync would wait next.",
    )
    assert "`salesforce.share`" in sent.alert.next_step


def test_what_the_vendor_does_not_tell_is_left_out() -> None:
    unknown = replace(BUDGET, share=None, used=None, allowed=None)
    ahead = Forecast(a_day=40_000, runs_out=None)

    sent = budget_alert(System.HUBSPOT, unknown, Level.ESSENTIAL, ahead, now=NOW)

    assert sent.alert.why == (
        "syncd made 26,000 calls in the last 24 hours.",
        "Now reconciliation and field sync wait.",
    )


def test_another_day_is_another_alert() -> None:
    ahead = Forecast(a_day=40_000, runs_out=None)
    today = budget_alert(System.HUBSPOT, BUDGET, Level.NO_SWEEP, ahead, now=NOW)

    later = budget_alert(System.HUBSPOT, BUDGET, Level.NO_SWEEP, ahead, now=NOW + 24 * HOUR)

    assert later.key != today.key


def test_the_connectors_fields_are_told_with_the_lines_to_change() -> None:
    specs = [replace(THE_MAP.fields[name], where="crm.yaml:88") for name in (TITLE, PHONE)]

    sent = connector_alert(specs, now=NOW)

    assert sent.alert.title == "The native connector moves title and phone too"
    assert [line.partition(": ")[0] for line in sent.alert.why] == ["crm.yaml:88", "crm.yaml:88"]


def test_the_same_fields_are_told_once_and_a_changed_direction_again() -> None:
    spec = THE_MAP.fields[TITLE]
    told = connector_alert([spec], now=NOW)

    again = connector_alert([spec], now=NOW + 24 * HOUR)
    changed = connector_alert([replace(spec, direction=Direction.TO_HUBSPOT)], now=NOW)

    assert again.key == told.key
    assert changed.key != told.key
