"""Keeps the facts of the dashboard fresh, beside the pages: what was committed since is counted
where no worker has, and read. A page takes what was read last and never waits.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

import structlog

from syncd.adapters.store.facts import FactsCache
from syncd.adapters.store.store import open_store
from syncd.cli.measured import spent
from syncd.errors import SyncdError
from syncd.jobs.count import EACH_CYCLE, count
from syncd.measure.facts import Facts
from syncd.measure.rounds import CountedBy
from syncd.settings.load import Settings, content_digest
from syncd.wiring import Source

log = structlog.get_logger()

_EVERY = 5.0


class FreshFacts:
    """Counts everything once when it is made, so that no number is ever of a part."""

    def __init__(self, source: Source, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self._now = now
        self._source = source
        self._known = (settings.digest, self._spend_file())
        self._store = open_store(settings.store)
        count(self._store, self._by())
        self._cache = self._opened()
        self.latest: Facts
        self.read_at: datetime
        self._read()
        self._stop = Event()
        self._thread = Thread(target=self._run, daemon=True, name="counting")
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._store.close()

    def _run(self) -> None:
        while not self._stop.wait(_EVERY):
            self.renew()

    def renew(self) -> None:
        """As far as it can be: what fails is tried again, and pages say how old they are."""
        try:
            self._learn()
            count(self._store, self._by(), most=EACH_CYCLE, stopping=self._stop.is_set)
            self._read()
        except SyncdError as error:
            log.warning("facts_not_read", reason=str(error))
        except Exception:
            log.exception("facts_not_read")

    def _read(self) -> None:
        at = self._now()
        self.latest = self._cache.facts()
        self.read_at = at

    def _learn(self) -> None:
        """A changed configuration, once it is sound, and what was spent; until then the last one
        goes on."""
        written = (content_digest(self._source.config_dir), self._spend_file())
        if written == self._known:
            return
        self._known = written
        self.settings = self._source.load()
        self._cache = self._opened()

    def _spend_file(self) -> bytes:
        path = self.settings.spend
        try:
            return path.read_bytes() if path else b""
        except OSError:
            return b""  # whoever reads it says why

    def _opened(self) -> FactsCache:
        return FactsCache(self._store, self.settings.policy.teams, spent(self.settings))

    def _by(self) -> CountedBy:
        return CountedBy(policy=self.settings.policy, crm=self.settings.crm)
