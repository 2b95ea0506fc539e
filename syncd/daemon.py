"""The daemon: ticks a worker until told to stop.

APScheduler only ticks and holds no state: whatever is due is a row in the store, so a
missed tick is made good by the next one. Jobs never touch the scheduler; the main thread
does.
"""

import gc
import logging
import os
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Lock
from time import monotonic
from types import FrameType

import structlog
from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.schedulers.background import BackgroundScheduler
from sdnotify import SystemdNotifier

from syncd.adapters.web.companion import Companion
from syncd.adapters.web.health import Answer, HealthPages
from syncd.adapters.web.metrics import Metrics
from syncd.app import Worker
from syncd.core.budget import budget_of, forecast
from syncd.errors import LeaseLost, SyncdError, WrongAccount
from syncd.jobs.cycle import CycleReport
from syncd.settings.load import Bind

log = structlog.get_logger()

_DRAIN = 20.0
"""Seconds given to the cycle under way; with what follows, 25 s are kept."""
_PATIENCE_WITH_SYSTEMD = 1.0
_MISSED_CYCLES = 10
"""So many poll intervals without a sign of life, and /healthz says so."""


@dataclass(slots=True)
class _Pulse:
    """What the health pages and systemd are told; written by the ticking thread."""

    last_beat: float = field(default_factory=monotonic)
    begun: int = 0
    cycles: int = 0
    problems: tuple[str, ...] = ("no cycle has finished yet",)
    lost: str = ""


class Daemon:
    def __init__(self, worker: Worker, stop: Event, *, companion: Companion | None = None) -> None:
        """`companion` serves the dashboard, where one is asked for."""
        self._companion = companion
        self._worker = worker
        self._stop = stop
        self._wake = Event()
        self._busy = Lock()
        self._pulse = _Pulse()
        self._metrics = Metrics(started=datetime.now(UTC))
        self._systemd = _open_systemd()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code. SyncdError when it cannot start."""
        settle_memory()
        settings = self._worker.settings
        pages = self._open_pages(settings.web)
        self._listen_to_signals()
        pages.start()
        if self._companion:
            self._companion.start()
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # its warnings, in our words:
        self._scheduler.add_listener(_log_trouble, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
        self._worker.listen()
        self._schedule(settings.poll_every)
        self._scheduler.start()
        self._systemd.notify("READY=1")
        log.info("daemon_started", every=str(settings.poll_every), web_port=pages.port)
        self._supervise(settings.poll_every)
        return self._drain(pages)

    def _open_pages(self, web: Bind) -> HealthPages:
        try:
            return HealthPages(
                (web.host, web.port), alive=self._alive, ready=self._ready, metrics=self._scrape
            )
        except OSError as error:
            self._worker.close()
            raise SyncdError(
                f"health and metrics cannot be served at {web.host}:{web.port} "
                f"({error.strerror}): stop what uses it, or change web.address in crm.yaml"
            ) from error

    def _listen_to_signals(self) -> None:
        def on_stop(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._stop.set()
            self._wake.set()

        def on_reload(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._wake.set()

        signal.signal(signal.SIGTERM, on_stop)
        signal.signal(signal.SIGINT, on_stop)
        signal.signal(signal.SIGHUP, on_reload)

    def _schedule(self, every: timedelta) -> None:
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=every.total_seconds(),
            next_run_time=datetime.now(UTC),
            id="cycle",
            replace_existing=True,
        )

    def _supervise(self, every: timedelta) -> None:
        """The main thread: acts on signals and on a changed poll interval.

        A cycle asked for while another is under way, or not quite over, would be skipped by
        the scheduler: it is asked for again until it has begun.
        """
        begun_when_asked = -1
        while not self._stop.is_set():
            if self._wake.wait(timeout=1.0):
                self._wake.clear()
                begun_when_asked = self._pulse.begun
            if self._companion:
                self._companion.tend(datetime.now(UTC))
            now_every = self._worker.settings.poll_every
            if self._stop.is_set() or self._busy.locked():
                continue
            self._feed_watchdog_between_cycles()
            if begun_when_asked == self._pulse.begun or now_every != every:
                every = now_every
                self._schedule(every)

    def _feed_watchdog_between_cycles(self) -> None:
        """The next cycle may be due later than systemd's patience lasts; once it is overdue,
        or the last one failed, nothing is fed."""
        silent = monotonic() - self._pulse.last_beat
        is_due = silent > self._worker.settings.poll_every.total_seconds()
        if not is_due:
            self._systemd.notify("WATCHDOG=1")

    def _tick(self) -> None:
        """One cycle; none while stopping, for then the worker may be closed already."""
        with self._busy:
            if not self._stop.is_set():
                self._pulse.begun += 1
                self._cycle()

    def _cycle(self) -> None:
        began = monotonic()
        try:
            report = self._worker.cycle(stopping=self._stopping)
        except LeaseLost as error:
            log.error("lease_lost", reason=str(error))
            self._end(str(error))
        except WrongAccount as error:
            self._fail(error)
            if not self._pulse.cycles:
                self._end(str(error))
        except SyncdError as error:
            self._fail(error)
        except Exception as error:
            log.exception("cycle_crashed")
            self._fail(error)
        else:
            self._finished(report, timedelta(seconds=monotonic() - began))

    def _end(self, why: str) -> None:
        """Stop by ourselves, with exit code 1."""
        self._pulse.lost = why
        self._stop.set()
        self._wake.set()

    def _stopping(self) -> bool:
        """Asked between batches: a long cycle is alive as long as it gets on."""
        self._pulse.last_beat = monotonic()
        self._systemd.notify("WATCHDOG=1")
        return self._stop.is_set()

    def _fail(self, error: Exception) -> None:
        self._pulse.problems = (f"the last cycle failed: {type(error).__name__}",)
        self._metrics.cycle_failed()
        log.warning("cycle_failed", reason=str(error))

    def _finished(self, report: CycleReport, took: timedelta) -> None:
        self._pulse.cycles += 1
        self._pulse.last_beat = monotonic()
        self._pulse.problems = tuple(
            f"{system.label} cannot be read: {why}" for system, why in report.down.items()
        )
        now = datetime.now(UTC)
        self._metrics.cycle_done(
            records=report.records,
            leads=report.leads,
            delivered=report.delivered,
            took=took,
            now=now,
        )
        self._metrics.decided(report.tally.verdicts, report.tally.breaches)
        for system, status in self._worker.store.sides().items():
            self._metrics.side(system, status, now=now)
            share = self._worker.settings.crm.sides[system].share
            budget = budget_of(status, share=share, now=now)
            ahead = forecast(status, budget, now=now)
            self._metrics.budget(system, budget, ahead, status.level)
        self._metrics.swept(leads=report.swept, missed=report.missed, silent=report.silent)
        for system, calls in report.limited.items():
            self._metrics.limited(system, calls)
        self._systemd.notify("WATCHDOG=1")
        self._systemd.notify(f"STATUS=cycle {self._pulse.cycles}: {report.leads} leads decided")

    def _alive(self) -> Answer:
        silent = monotonic() - self._pulse.last_beat
        allowed = max(60.0, _MISSED_CYCLES * self._worker.settings.poll_every.total_seconds())
        return Answer((f"no sign of life for {silent:.0f} s",) if silent > allowed else ())

    def _ready(self) -> Answer:
        return Answer(self._pulse.problems)

    def _scrape(self) -> bytes:
        now = datetime.now(UTC)
        self._metrics.store(self._worker.store.status(now), now=now)
        self._metrics.slack(connected=self._worker.hears)
        return self._metrics.text()

    def _drain(self, pages: HealthPages) -> int:
        """Let the cycle under way end at its next step, then leave nothing behind."""
        self._systemd.notify("STOPPING=1")
        self._scheduler.pause()
        self._worker.stop_listening()
        if self._companion:
            self._companion.end()
        drained = self._busy.acquire(timeout=_DRAIN)
        self._scheduler.shutdown(wait=False)
        pages.stop()
        if self._companion:
            self._companion.stop()
        log.info("daemon_stopped", drained=drained)
        if not drained:
            # A request hangs. Cutting it off is safe: the next cycle finishes what this one
            # began, and without the lease its thread can commit nothing more.
            self._worker.close()
            os._exit(_exit_code(self._pulse))
        self._worker.close()
        self._busy.release()  # a tick that was about to begin sees that it is too late
        return _exit_code(self._pulse)


_SELDOM = (500_000, 20, 20)
"""More than a batch of 2,000 leads holds at its peak: reference counts free those, for none of
them is in a ring."""


def settle_memory() -> None:
    """What was made until now lives as long as the process: it is never again walked for
    garbage, which cost a fifth of the CPU of a busy cycle."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SELDOM)


def _open_systemd() -> SystemdNotifier:
    """Silent without systemd. One that does not listen holds nothing up for long."""
    notifier = SystemdNotifier()
    if notifier.socket is not None:
        notifier.socket.settimeout(_PATIENCE_WITH_SYSTEMD)
    return notifier


def _exit_code(pulse: _Pulse) -> int:
    return 1 if pulse.lost else 0


def _log_trouble(event: JobEvent) -> None:
    if event.code == EVENT_JOB_MAX_INSTANCES:
        log.info("tick_skipped", reason="the last cycle is still under way")
    else:
        log.warning("tick_missed")
