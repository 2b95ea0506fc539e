"""A store as a year leaves it: leads of both CRMs with moves, verdicts, handoffs, deals, messages,
writes and ten audit entries each, one of them with a long story; counted.

Everything goes in by the store's own ports, in batches as the daemon's.
"""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bench_person import Person

from syncd.adapters.store.store import SqlStore, open_store
from syncd.commit import Commit, Settled
from syncd.domain.names import System
from syncd.jobs.count import count
from syncd.measure.rounds import CountedBy
from syncd.settings.load import Settings

_AT_ONCE = 500
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """So many leads that came within the year before `now`."""

    leads: int
    now: datetime

    def fill(self, settings: Settings) -> None:
        """Takes minutes for 100,000."""
        with closing(open_store(settings.store)) as store:
            store.start(self.now)
            store.acquire(holder="bench", now=self.now, span=_DAY)
            for first in range(0, self.leads, _AT_ONCE):
                _add(store, [self.person(x) for x in range(first, first + _AT_ONCE)], self.now)
            count(store, CountedBy(policy=settings.policy, crm=settings.crm))

    def person(self, number: int) -> Person:
        return Person(number=number, now=self.now)

    def changed(self, store: SqlStore, numbers: range, *, now: datetime) -> None:
        """These leads move once more, as the daemon would store it."""
        _add(store, [replace(self.person(x), more=now) for x in numbers], now)


def _add(store: SqlStore, people: list[Person], now: datetime) -> None:
    store.commit(
        Commit(
            now=now,
            leads=tuple(x.lead for x in people),
            transitions=tuple(move for x in people for move in x.moves),
            verdicts=tuple(verdict for x in people for verdict in x.verdicts),
            actions=tuple(x.write for x in people),
            audit=tuple(entry for x in people for entry in x.audit()),
            closed=tuple(x.handoff for x in people if x.handoff and x.handoff.closed_at),
            messages=tuple(message for x in people for message in x.messages()),
        )
    )
    store.commit(Commit(now=now, outbox=tuple(Settled(key=x.write.key) for x in people)))
    store.save_deals({x.id: {System.SALESFORCE: (x.deal,)} for x in people if x.deal})
