"""What every decision is made with: standard, policy, map and time, all as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syncd.core.judge import Judge
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.policy import Mode, Policy
from syncd.domain.record import Directory
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`now` is read once per cycle; `judge` is the standard compiled. `fresh` is the least
    read-through of all sides: what happened up to then has been seen everywhere; None while
    any side is unread. `people` tells who is there and active, where that was asked. `blind`
    while a CRM cannot be read at all. Moves before `enforce_from` are recorded, never enforced.
    Fields `left_to_connector` are moved by the native connector, so by nobody else."""

    standard: Standard
    judge: Judge
    policy: Policy
    crm: CrmMap
    enforce_from: datetime
    now: datetime
    fresh: datetime | None
    blind: bool = False
    left_to_connector: frozenset[FieldName] = frozenset()
    people: Mapping[System, Directory] = field(default_factory=dict)

    def mode(self, gate: Stage) -> Mode:
        """The gate's mode; an unsigned standard, or one past its review, never blocks, nor does
        a gate whose preview nobody looked at."""
        mode = self.policy.modes.get(gate, Mode.OBSERVE)
        if mode is Mode.BLOCK and (gate in self.policy.unpreviewed or not self.may_block()):
            return Mode.FLAG
        return mode

    def guards(self, stage: Stage) -> bool:
        """Whether any gate stands on the way to this stage."""
        return any(gate.rank <= stage.rank for gate in self.standard.gates)

    def may_block(self) -> bool:
        return self.standard.is_signed() and self.now.date() <= self.standard.review_by
