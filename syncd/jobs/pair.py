"""What one worker works on: a pair of CRMs, a store, the people to tell, and the settings.

A value handed to every job; it holds no state of its own but the meter of its connections and
the tally of what it decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncd.commit import Commit
from syncd.core.budget import budget_of, level_of
from syncd.core.connector import left_to_connector
from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.order import Health, Level, SideStatus
from syncd.domain.policy import Policy
from syncd.domain.standard import Standard
from syncd.jobs.approval import Approval
from syncd.jobs.meter import Meter
from syncd.jobs.tally import Tally
from syncd.measure.rounds import CountedBy
from syncd.ports import Crm, Deals, Messenger, Minutes, Target
from syncd.store_ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings a decision depends on; swapped whole when they are reloaded. Every lead is
    read again at least every `reconcile_every`. `accounts` are those the settings name."""

    standard: Standard
    judge: Judge
    policy: Policy
    crm: CrmMap
    enforce_from: datetime
    reconcile_every: timedelta = timedelta(days=1)
    accounts: Mapping[System, str] = field(default_factory=dict)

    def counted_by(self) -> CountedBy:
        return CountedBy(policy=self.policy, crm=self.crm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """`deals` are the CRMs that tell of deals. Without `minutes` nobody prepares the monthly
    meeting."""

    crms: Mapping[System, Crm]
    targets: Mapping[System, Target]
    messenger: Messenger
    store: Store
    rules: Rules
    meter: Meter = field(default_factory=Meter)
    tally: Tally = field(default_factory=Tally)
    approval: Approval | None = None
    deals: Mapping[System, Deals] = field(default_factory=dict)
    minutes: Minutes | None = None

    def commit(self, work: Commit) -> None:
        """Store what was decided, and count it once it is."""
        self.store.commit(work)
        self.tally.add(work)

    def context(self, *, now: datetime, fresh: datetime | None) -> Context:
        sides = self.store.sides()
        blind = any(s.health is Health.BLIND for s in sides.values())
        rules = self.rules
        return Context(
            standard=rules.standard,
            judge=rules.judge,
            policy=rules.policy,
            crm=rules.crm,
            enforce_from=rules.enforce_from,
            now=now,
            fresh=fresh,
            blind=blind,
            left_to_connector=left_to_connector(sides.values(), rules.crm),
        )

    def level(self, system: System, *, now: datetime) -> Level:
        """What the calls left of this CRM's allowance still pay for, at this moment."""
        return self._level(system, self.store.sides(), now)

    def may_sweep(self, system: System, *, now: datetime) -> bool:
        return self.level(system, now=now) is Level.FULL

    def held_back(self, *, now: datetime) -> frozenset[System]:
        """CRMs whose field sync waits until calls are to be had again."""
        known = self.store.sides()
        return frozenset(x for x in self.crms if self._level(x, known, now) is Level.ESSENTIAL)

    def _level(self, system: System, known: Mapping[System, SideStatus], now: datetime) -> Level:
        status = known.get(system)
        if status is None:
            return Level.FULL
        more = self.meter.calls_since(system, self.crms[system].usage())
        share = self.rules.crm.sides[system].share
        return level_of(budget_of(status, share=share, now=now, more=more), status.level)
