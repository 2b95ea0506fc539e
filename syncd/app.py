"""The worker: a `Worker` carries out cycles for one pair of CRMs, and takes new settings as they
come. `daemon` ticks it until told to stop.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from socket import gethostname

import structlog

from syncd.adapters.hostlock import HostLock
from syncd.adapters.slack.listener import SlackListener
from syncd.adapters.slack.talk import talk_of
from syncd.adapters.store.postgresql import SessionLock
from syncd.adapters.store.store import SqlStore, open_store
from syncd.core.alerting_ops import config_alert
from syncd.domain.action import SendAlert
from syncd.errors import ConfigError, SyncdError
from syncd.jobs.backfill import Told, backfill
from syncd.jobs.cycle import CycleReport, run_cycle
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.ports import Clock, Minutes
from syncd.settings.load import Settings, content_digest
from syncd.store_ports import StoreLock, StorePlace
from syncd.wiring import LEASE, Source, connect_listener, insist_on_secrets, pair_of, take_lease

log = structlog.get_logger()


class Worker:
    """One pair of CRMs, one store, one cycle at a time."""

    def __init__(
        self,
        source: Source,
        settings: Settings,
        *,
        store: SqlStore,
        clock: Clock,
        lock: StoreLock,
        minutes: Minutes | None = None,
    ) -> None:
        self.store = store
        self.settings = settings
        self._source = source
        self._clock = clock
        self._lock = lock
        self._recent = Recent()
        self._mistakes: tuple[SendAlert, ...] = ()
        self._digest = settings.digest
        self._minutes = minutes
        self._pair = self._pair_of(settings)
        self._listener: SlackListener | None = None

    def listen(self) -> None:
        """Hear what people answer in Slack, where its app has a token for that. The work goes
        on without it."""
        try:
            self._listener = connect_listener(self.settings, self._clock)
        except SyncdError as error:
            log.warning("slack_not_listening", reason=str(error))
        if self._listener is not None:
            self._listener.start()

    def stop_listening(self) -> None:
        if self._listener is not None:
            self._listener.stop()
            self._listener = None

    @property
    def hears(self) -> bool | None:
        """Whether Slack's line is connected; None where nobody listens to it."""
        return self._listener.is_connected if self._listener is not None else None

    def cycle(self, *, stopping: Callable[[], bool] = lambda: False) -> CycleReport:
        """Everything there is to do now. LeaseLost when another worker took over."""
        now = self._clock.now()
        self.store.renew(now=now, span=LEASE)
        self._reload_if_changed(now)
        report = run_cycle(
            self._pair, self._recent, now=now, stopping=stopping, mistakes=self._mistakes
        )
        log.info(
            "cycle_finished",
            records=report.records,
            leads=report.leads,
            due=report.due,
            delivered=report.delivered,
            swept=report.swept,
            missed=report.missed,
            silent=report.silent,
            erased=report.erased,
            down=sorted(report.down),
        )
        return report

    def backfill(self, told: Told) -> None:
        """Link and baseline all there is in both CRMs; nothing is written to either."""
        backfill(self._pair, self._clock, lease=LEASE, told=told)

    def _pair_of(self, settings: Settings) -> Pair:
        pair = pair_of(settings, self.store, self._clock, self._source.timeouts)
        return replace(pair, minutes=self._minutes)

    def _reload_if_changed(self, now: datetime) -> None:
        """New settings are taken whole or not at all; a bad file leaves the old ones in force."""
        digest = content_digest(self._source.config_dir)
        if digest == self._digest:
            return
        self._digest = digest
        try:
            settings = self._source.load()
            insist_on_secrets(settings)
            self._pair = self._pair_of(settings)
        except ConfigError as error:
            log.error("config_refused", problems=len(error.problems))
            self._mistakes = (config_alert(error.problems, now=now),)
            return
        self._mistakes = ()
        if (settings.store, settings.web) != (self.settings.store, self.settings.web):
            log.warning("restart_needed", reason="store or web.address changed")
        self.settings = settings
        if self._listener is not None:
            self._listener.learn(talk_of(settings.standard, settings.policy, settings.crm))
        self._recent.forget()
        log.info("config_reloaded", digest=digest, standard=settings.standard.version)

    def close(self) -> None:
        self.stop_listening()
        self.store.release()
        self.store.close()
        self._lock.release()


def open_worker(source: Source, *, clock: Clock, minutes: Minutes | None = None) -> Worker:
    """A worker that holds the lease, and prepares the monthly meeting where it is given how.
    ConfigError, StoreError and LeaseLost say what is wrong."""
    settings = source.load()
    insist_on_secrets(settings)
    lock = lock_store(settings.store)
    try:
        store = open_store(settings.store)
        take_lease(store, clock.now())
        store.start(clock.now())
        return Worker(source, settings, store=store, clock=clock, lock=lock, minutes=minutes)
    except BaseException:
        lock.release()
        raise


def lock_store(place: StorePlace) -> StoreLock:
    """Keep a second worker that would call itself the same away. StoreError when there is one."""
    if isinstance(place, Path):
        return HostLock(place)
    return SessionLock(place, holder=gethostname())
