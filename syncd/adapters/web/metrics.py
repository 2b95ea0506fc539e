"""The daemon's numbers, as Prometheus reads them. Counts and times only: no ids, no values."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from syncd.core.budget import Budget, Forecast
from syncd.domain.handoff import ClockName
from syncd.domain.names import System
from syncd.domain.order import Level, SideStatus, StoreStatus
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result

_CYCLE_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
"""An idle cycle takes a tenth of a second, one after a mass edit minutes."""


class Metrics:
    def __init__(self, *, started: datetime) -> None:
        self._registry = registry = CollectorRegistry()

        def counter(name: str, says: str, *labels: str) -> Counter:
            return Counter(f"syncd_{name}", says, labels, registry=registry)

        def gauge(name: str, says: str, *labels: str) -> Gauge:
            return Gauge(f"syncd_{name}", says, labels, registry=registry)

        self._cycles = counter("cycles", "Cycles finished", "result")
        self._seconds = Histogram(
            "syncd_cycle_seconds", "Wall time of a cycle", buckets=_CYCLE_SECONDS, registry=registry
        )
        self._last = gauge(
            "last_cycle_timestamp_seconds",
            "When the last cycle finished without failing; the start, until the first has",
        )
        self._last.set(started.timestamp())
        self._verdicts = counter("verdicts", "Verdicts on moves", "gate", "result")
        self._breaches = counter("sla_breaches", "Promises missed", "clock")
        self._oldest = gauge(
            "outbox_oldest_due_age_seconds",
            "How long the oldest effect that is due has waited; 0 when none is",
        )
        self._records = counter("records_read", "Changed records read")
        self._leads = counter("leads_decided", "Leads decided")
        self._delivered = counter("effects_taken_up", "Outbox rows taken up")
        self._lag = gauge("read_lag_seconds", "Age of a CRM's read-through", "system")
        self._calls = gauge("api_calls_used_today", "API calls the vendor counts today", "system")
        self._spent = gauge("api_calls_spent", "Our own API calls of the last 24 hours", "system")
        self._share = gauge("api_calls_share", "API calls we may make in 24 hours", "system")
        self._forecast = gauge(
            "api_calls_forecast", "Our API calls in 24 hours at the present rate", "system"
        )
        self._level = gauge(
            "api_level",
            "What API calls still pay for: 0 everything, 1 no reconciliation, 2 the essentials",
            "system",
        )
        self._limited = counter(
            "api_calls_limited", "API calls refused because there had been too many", "system"
        )
        self._swept = counter("swept_leads", "Leads read again by reconciliation")
        self._drifted = counter(
            "swept_drift",
            "Records it found changed: missed by polling, or silent (no stamp moved)",
            "how",
        )
        self._slack = gauge(
            "slack_connected", "Whether answers in Slack are heard: 1 connected, 0 not", "line"
        )
        self._state = gauge("state", "What waits in the store", "what")
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """What first shows as twenty never grew, for whoever watches it: each counter is there
        before there is anything to count."""
        for result in ("done", "failed"):
            self._cycles.labels(result)
        for gate, outcome in product((x for x in Stage if x.rank > 0), Result):
            self._verdicts.labels(gate.value, outcome.value)
        for clock in ClockName:
            self._breaches.labels(clock)
        for system in System:
            self._limited.labels(system)
        for how in ("missed", "silent"):
            self._drifted.labels(how)

    def cycle_done(
        self, *, records: int, leads: int, delivered: int, took: timedelta, now: datetime
    ) -> None:
        self._last.set(now.timestamp())
        self._cycles.labels("done").inc()
        self._seconds.observe(took.total_seconds())
        self._records.inc(records)
        self._leads.inc(leads)
        self._delivered.inc(delivered)

    def cycle_failed(self) -> None:
        self._cycles.labels("failed").inc()

    def decided(
        self, verdicts: Mapping[tuple[Stage, Result], int], breaches: Mapping[str, int]
    ) -> None:
        """So many more."""
        for (gate, result), count in verdicts.items():
            self._verdicts.labels(gate.value, result.value).inc(count)
        for clock, count in breaches.items():
            self._breaches.labels(clock).inc(count)

    def side(self, system: System, status: SideStatus, *, now: datetime) -> None:
        if status.read_through:
            self._lag.labels(system).set((now - status.read_through).total_seconds())
        if status.calls_used is not None:
            self._calls.labels(system).set(status.calls_used)

    def budget(self, system: System, budget: Budget, ahead: Forecast, level: Level) -> None:
        self._spent.labels(system).set(budget.spent)
        self._forecast.labels(system).set(ahead.a_day)
        if budget.share is not None:
            self._share.labels(system).set(budget.share)
        self._level.labels(system).set(tuple(Level).index(level))

    def limited(self, system: System, calls: int) -> None:
        self._limited.labels(system).inc(calls)

    def swept(self, *, leads: int, missed: int, silent: int) -> None:
        self._swept.inc(leads)
        self._drifted.labels("missed").inc(missed)
        self._drifted.labels("silent").inc(silent)

    def store(self, status: StoreStatus, *, now: datetime) -> None:
        age = now - status.oldest_due if status.oldest_due else timedelta()
        self._oldest.set(max(0.0, age.total_seconds()))
        counts = {
            "leads": status.leads,
            "open_handoffs": status.open_handoffs,
            "in_grace": status.in_grace,
            "contested": len(status.contested),
            "disputes": status.disputes,
            "parked": status.parked,
            "held_plans": len(status.held_plans),
            **{f"outbox_{state}": count for state, count in status.outbox.items()},
        }
        self._state.clear()  # a state of the outbox that emptied is no longer among them
        for what, count in counts.items():
            self._state.labels(what).set(count)

    def slack(self, *, connected: bool | None) -> None:
        """None where no line to Slack is set up: then it is not told at all."""
        if connected is not None:
            self._slack.labels("socket-mode").set(connected)

    def text(self) -> bytes:
        return generate_latest(self._registry)
