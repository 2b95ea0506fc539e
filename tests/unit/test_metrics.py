"""The daemon's numbers: what they are called, and that they name nobody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from syncd.adapters.web.metrics import Metrics
from syncd.core.budget import Budget, Forecast
from syncd.domain.names import LeadId, PlanId, System
from syncd.domain.order import Health, Level, SideStatus, StoreStatus
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AHEAD = Forecast(a_day=1_200, runs_out=None)
STATUS = StoreStatus(
    leads=400,
    linked=390,
    outbox={"waiting": 3, "dead": 1},
    oldest_due=NOW,
    given_up=(("write:ada", "ada@example.com is not an owner"),),
    open_handoffs=7,
    in_grace=2,
    contested=(LeadId("lead-ada"),),
    disputes=4,
    parked=5,
    held_plans=(PlanId("plan-ada"), PlanId("plan-bob")),
)


def _side(read_through: datetime | None, calls_used: int | None) -> SideStatus:
    return SideStatus(
        read_through=read_through,
        health=Health.OK,
        reason="",
        calls_used=calls_used,
        calls_allowed=None,
    )


def _numbers(metrics: Metrics) -> dict[str, float]:
    lines = metrics.text().decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {
        name: float(value) for name, value in pairs if not name.split("{")[0].endswith("created")
    }


def test_a_finished_cycle_is_counted_with_what_it_came_to() -> None:
    metrics = Metrics(started=NOW)

    for _ in range(2):
        metrics.cycle_done(records=10, leads=8, delivered=3, took=timedelta(seconds=0.25), now=NOW)

    numbers = _numbers(metrics)
    assert numbers['syncd_cycles_total{result="done"}'] == 2
    assert numbers["syncd_cycle_seconds_sum"] == 0.5
    assert numbers["syncd_records_read_total"] == 20
    assert numbers["syncd_leads_decided_total"] == 16
    assert numbers["syncd_effects_taken_up_total"] == 6
    assert numbers["syncd_last_cycle_timestamp_seconds"] == NOW.timestamp()


def test_a_failed_cycle_is_counted_apart() -> None:
    metrics = Metrics(started=NOW)

    metrics.cycle_failed()

    assert _numbers(metrics)['syncd_cycles_total{result="failed"}'] == 1


def test_a_side_shows_how_old_its_picture_is_and_what_it_cost() -> None:
    metrics = Metrics(started=NOW)

    metrics.side(System.HUBSPOT, _side(NOW - timedelta(seconds=150), 1200), now=NOW)

    numbers = _numbers(metrics)
    assert numbers['syncd_read_lag_seconds{system="hubspot"}'] == 150
    assert numbers['syncd_api_calls_used_today{system="hubspot"}'] == 1200


def test_what_is_not_known_of_a_side_is_not_shown_as_zero() -> None:
    metrics = Metrics(started=NOW)

    metrics.side(System.SALESFORCE, _side(None, None), now=NOW)

    shown = [x for x in _numbers(metrics) if "salesforce" in x]
    assert shown == ['syncd_api_calls_limited_total{system="salesforce"}']


def test_a_side_shows_what_we_spent_of_our_share_and_what_is_left_to_do() -> None:
    metrics = Metrics(started=NOW)
    budget = Budget(spent=850, share=1_000, used=None, allowed=None)

    metrics.budget(System.HUBSPOT, budget, AHEAD, Level.NO_SWEEP)

    numbers = _numbers(metrics)
    assert numbers['syncd_api_calls_forecast{system="hubspot"}'] == 1_200
    assert numbers['syncd_api_calls_spent{system="hubspot"}'] == 850
    assert numbers['syncd_api_calls_share{system="hubspot"}'] == 1_000
    assert numbers['syncd_api_level{system="hubspot"}'] == 1


def test_a_share_nobody_told_is_not_shown_as_zero() -> None:
    metrics = Metrics(started=NOW)
    budget = Budget(spent=850, share=None, used=None, allowed=None)

    metrics.budget(System.HUBSPOT, budget, AHEAD, Level.FULL)

    assert 'syncd_api_calls_share{system="hubspot"}' not in _numbers(metrics)


def test_refused_calls_add_up() -> None:
    metrics = Metrics(started=NOW)

    for calls in (2, 0, 3):
        metrics.limited(System.SALESFORCE, calls)

    assert _numbers(metrics)['syncd_api_calls_limited_total{system="salesforce"}'] == 5


def test_what_reconciliation_found_is_counted_by_how_it_escaped() -> None:
    metrics = Metrics(started=NOW)

    metrics.swept(leads=400, missed=1, silent=3)

    numbers = _numbers(metrics)
    assert numbers["syncd_swept_leads_total"] == 400
    assert numbers['syncd_swept_drift_total{how="missed"}'] == 1
    assert numbers['syncd_swept_drift_total{how="silent"}'] == 3


@pytest.mark.parametrize(
    ("what", "count"),
    [
        ("leads", 400),
        ("open_handoffs", 7),
        ("in_grace", 2),
        ("contested", 1),
        ("disputes", 4),
        ("parked", 5),
        ("held_plans", 2),
        ("outbox_waiting", 3),
        ("outbox_dead", 1),
    ],
)
def test_the_store_shows_what_waits_in_it(what: str, count: int) -> None:
    metrics = Metrics(started=NOW)

    metrics.store(STATUS, now=NOW)

    assert _numbers(metrics)[f'syncd_state{{what="{what}"}}'] == count


def test_a_state_of_the_outbox_that_emptied_shows_nothing_waiting() -> None:
    """An alert on `outbox_dead` must go away once the rows did."""
    metrics = Metrics(started=NOW)
    metrics.store(STATUS, now=NOW)

    metrics.store(
        StoreStatus(
            leads=400,
            linked=390,
            outbox={},
            oldest_due=None,
            given_up=(),
            open_handoffs=0,
            in_grace=0,
            contested=(),
            disputes=0,
            parked=0,
            held_plans=(),
        ),
        now=NOW,
    )

    numbers = _numbers(metrics)
    assert numbers.get('syncd_state{what="outbox_dead"}', 0) == 0


@pytest.mark.parametrize(("waited", "age"), [(timedelta(minutes=5), 300), (timedelta(), 0)])
def test_the_oldest_effect_that_is_due_shows_how_long_it_waits(
    waited: timedelta, age: float
) -> None:
    metrics = Metrics(started=NOW)

    metrics.store(STATUS, now=NOW + waited)

    assert _numbers(metrics)["syncd_outbox_oldest_due_age_seconds"] == age


def test_an_outbox_with_nothing_due_has_no_age() -> None:
    metrics = Metrics(started=NOW)
    metrics.store(STATUS, now=NOW + timedelta(hours=1))

    metrics.store(replace(STATUS, oldest_due=None), now=NOW + timedelta(hours=1))

    assert _numbers(metrics)["syncd_outbox_oldest_due_age_seconds"] == 0


def test_verdicts_add_up_by_gate_and_result_and_missed_promises_by_clock() -> None:
    metrics = Metrics(started=NOW)

    for _ in range(2):
        metrics.decided({(Stage.SQL, Result.FAILS): 3}, {"accept": 1})

    numbers = _numbers(metrics)
    assert numbers['syncd_verdicts_total{gate="sql",result="fails"}'] == 6
    assert numbers['syncd_sla_breaches_total{clock="accept"}'] == 2


def test_no_lead_can_be_told_from_the_numbers() -> None:
    metrics = Metrics(started=NOW)

    metrics.store(STATUS, now=NOW)

    assert b"ada" not in metrics.text()


@pytest.mark.parametrize(("connected", "told"), [(True, 1), (False, 0), (None, None)])
def test_whether_answers_in_slack_are_heard_is_told_where_they_can_be(
    connected: bool | None, told: float | None
) -> None:
    metrics = Metrics(started=NOW)

    metrics.slack(connected=connected)

    assert _numbers(metrics).get('syncd_slack_connected{line="socket-mode"}') == told
