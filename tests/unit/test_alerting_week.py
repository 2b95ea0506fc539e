"""The weekly line: which week it is of, what it says, and that it is told once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from alert_cases import POLICY
from core_cases import POLICY as RULES
from fakes import House, house

from syncd.commit import Commit
from syncd.core.alerting_week import last_week, week_alert
from syncd.domain.alert import AlertKind
from syncd.domain.message import Message, MessageState, RouteCount, Why
from syncd.domain.names import ActionKey

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 3, 9, 7, tzinfo=UTC)  # eight in Berlin
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize("later", [timedelta(), 3 * DAY, 7 * DAY - SECOND])
def test_the_week_reaches_from_one_monday_morning_to_the_next(later: timedelta) -> None:
    week = last_week(MONDAY + later, BERLIN)

    assert (week.name, week.start, week.end) == ("2026-W10", MONDAY - 7 * DAY, MONDAY)


def test_before_the_morning_of_monday_it_is_still_the_week_before() -> None:
    assert last_week(MONDAY - SECOND, BERLIN).name == "2026-W09"


def test_a_week_with_a_clock_change_is_an_hour_shorter() -> None:
    week = last_week(datetime(2026, 3, 30, 12, tzinfo=UTC), BERLIN)

    assert week.end - week.start == timedelta(days=7, hours=-1)


def test_each_channel_has_a_line_with_what_people_made_of_its_alerts() -> None:
    counts = [
        _count("#sales", AlertKind.HANDOFF, sent=1_200, acted=700),
        _count("#sales", AlertKind.SLA_WARNING, sent=30, acted=1, not_useful=12),
        _count("#sales", AlertKind.BLOCKED, sent=5, not_useful=2),
        _count("#revops", AlertKind.TWIN, sent=1),
    ]

    alert = week_alert(last_week(MONDAY, BERLIN), counts, now=MONDAY).alert

    assert alert.title == "Last week: 1,236 alerts"
    assert alert.why == (
        "#sales: 1,235 sent, 701 acted on, 14 marked not useful (sla-warning 12 and blocked 2)",
        "#revops: 1 sent, 0 acted on, 0 marked not useful",
    )


def _count(
    channel: str, kind: AlertKind, *, sent: int, acted: int = 0, not_useful: int = 0
) -> RouteCount:
    return RouteCount(channel=channel, kind=kind, sent=sent, acted=acted, not_useful=not_useful)


# --- the job -----------------------------------------------------------------------------


def told_last_week(kind: AlertKind) -> House:
    made = house(rules=replace(RULES, alerts=POLICY))
    made.time.sleep(MONDAY - DAY - made.time.now())
    now = made.time.now()
    message = Message(
        key=ActionKey("a"),
        kind=kind,
        channel="#sales",
        made_at=now,
        decided_at=now,
        state=MessageState.SENT,
        why=Why.ALONE,
        sent_at=now,
    )
    made.store.commit(Commit(now=now, messages=(message,)))
    return made


def test_the_week_is_told_once_on_monday_whatever_restarts() -> None:
    made = told_last_week(AlertKind.HANDOFF)
    made.cycle()
    on_sunday = made.slack.kinds()
    made.time.sleep(DAY)

    made.cycle()
    made.recent.told_week = ""
    made.cycles(3)

    assert (on_sunday, made.slack.kinds()) == ([], [AlertKind.DIGEST])


def test_a_week_with_nothing_but_its_own_line_is_not_told() -> None:
    made = told_last_week(AlertKind.DIGEST)
    made.time.sleep(DAY)

    made.cycle()

    assert made.slack.kinds() == []
