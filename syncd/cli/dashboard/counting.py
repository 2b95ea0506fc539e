"""Keeps the facts of the dashboard fresh, beside the pages: what was committed since is counted
where no worker has, and read. A page takes what was read last and never waits.
"""

from collections.abc import Callable
from threading import Event, Thread

import structlog

from syncd.adapters.store.facts import FactsCache
from syncd.adapters.store.store import SqlStore, open_store
from syncd.errors import SyncdError
from syncd.jobs.count import EACH_CYCLE, count
from syncd.measure.facts import Facts
from syncd.measure.rounds import CountedBy
from syncd.settings.load import Settings

log = structlog.get_logger()

_EVERY = 5.0


class FreshFacts:
    """Counts everything once when it is made, so that no number is ever of a part."""

    def __init__(self, settings: Settings, read: Callable[[SqlStore], FactsCache]) -> None:
        self._store = open_store(settings.store)
        self._by = CountedBy(policy=settings.policy, crm=settings.crm)
        count(self._store, self._by)
        self._cache = read(self._store)
        self.latest: Facts = self._cache.facts()
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True, name="counting")
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._store.close()

    def _run(self) -> None:
        while not self._stop.wait(_EVERY):
            try:
                count(self._store, self._by, most=EACH_CYCLE, stopping=self._stop.is_set)
                self.latest = self._cache.facts()
            except SyncdError as error:
                log.warning("facts_not_read", reason=str(error))
