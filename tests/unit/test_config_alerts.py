"""`alerts` in policy.yaml: what it comes to, and the mistakes in it."""

from datetime import timedelta
from pathlib import Path

import pytest
from config_files import example_copy, replace, said

from syncd.settings.load import examine

QUIET = "# quiet: {sales: sales}"
GROUP = "group: {wait: 30 seconds, interval: 5 minutes, alone: 5}"


def test_the_example_says_how_alerts_are_grouped_and_repeated(tmp_path: Path) -> None:
    settings = examine(example_copy(tmp_path), {}, None).settings

    assert settings
    alerts = settings.policy.alerts
    assert (alerts.wait, alerts.interval) == (timedelta(seconds=30), timedelta(minutes=5))
    assert (alerts.alone, alerts.repeat, alerts.quiet) == (5, timedelta(hours=24), {})


def test_quiet_hours_are_those_of_a_calendar_for_slacks_own_channel(tmp_path: Path) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", QUIET, "quiet: {sales: sales}")

    settings = examine(config, {}, None).settings

    assert settings
    ((channel, calendar),) = settings.policy.alerts.quiet.items()
    assert (channel, calendar.name) == ("#sales", "sales")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (QUIET, "quiet: {salse: sales}", 'unknown channel "salse"; did you mean "sales"?'),
        (QUIET, "quiet: {sales: night}", 'alerts.quiet.sales: unknown calendar "night"'),
        (GROUP, "group: {wait: 2 business hours}", "this runs round the clock"),
        (GROUP, "group: {alone: -1}", "alerts.group.alone"),
        (GROUP, "group_from: 5", 'unknown key "group_from"'),
        ("repeat: 24 hours", "repeat: 0h", "longer than nothing"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    tmp_path: Path, before: str, after: str, says: str
) -> None:
    config = example_copy(tmp_path)
    replace(config, "policy.yaml", before, after)

    examined = examine(config, {}, None)

    assert examined.settings is None
    assert says in said(config, examined.problems)
