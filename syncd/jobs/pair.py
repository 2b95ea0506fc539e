"""What one worker works on: a pair of CRMs, a store, the people to tell, and the settings.

A value handed to every job; it holds no state of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.order import Health
from syncd.domain.policy import Policy
from syncd.domain.standard import Standard
from syncd.ports import Crm, Messenger, Store, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings a decision depends on; swapped whole when they are reloaded."""

    standard: Standard
    judge: Judge
    policy: Policy
    crm: CrmMap
    enforce_from: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    crms: Mapping[System, Crm]
    targets: Mapping[System, Target]
    messenger: Messenger
    store: Store
    rules: Rules

    def context(self, *, now: datetime, fresh: datetime | None) -> Context:
        blind = any(s.health is Health.BLIND for s in self.store.sides().values())
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
        )
