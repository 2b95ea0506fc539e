"""A decision in the making: each step takes a draft and returns the next one."""

from dataclasses import dataclass
from datetime import datetime

from syncd.domain.action import Action, FieldWrite, WriteKind, WriteRecord
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.copies import replace, swift
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead, Pending, Side
from syncd.domain.names import ActionKey, FieldName, System, TransitionId
from syncd.domain.stage import Transition
from syncd.domain.values import Unreadable, Value
from syncd.domain.verdict import Verdict


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`before` is the lead as it was before this look at its records, if there was one."""

    lead: Lead
    now: datetime
    before: Lead | None = None
    transitions: tuple[Transition, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    actions: tuple[Action, ...] = ()
    audit: tuple[AuditEntry, ...] = ()
    closed: tuple[Handoff, ...] = ()

    def on(self, lead: Lead) -> "Draft":
        return self if lead is self.lead else replace(self, lead=lead)

    def also(self, *actions: Action) -> "Draft":
        return replace(self, actions=self.actions + actions)

    def judged(self, verdicts: tuple[Verdict, ...]) -> "Draft":
        return replace(self, verdicts=self.verdicts + verdicts)

    def noted(
        self, kind: AuditKind, *, personal: dict[str, str] | None = None, **facts: str
    ) -> "Draft":
        """With one more audit entry; `personal` is kept under the lead's own key."""
        entry = AuditEntry(
            at=self.now, kind=kind, lead_id=self.lead.id, facts=facts, personal=personal or {}
        )
        return replace(self, audit=(*self.audit, entry))

    def settled(self, system: System, field: FieldName, value: Value) -> "Draft":
        """With a new baseline: what the side shows is accepted, and nothing may overwrite it."""
        side = self.lead.sides[system]
        pending = {name: p for name, p in side.pending.items() if name != field}
        baseline = {**side.baseline, field: value}
        return self.with_side(replace(side, baseline=baseline, pending=pending))

    def with_side(self, side: Side) -> "Draft":
        return self.on(replace(self.lead, sides={**self.lead.sides, side.system: side}))

    def writing(
        self,
        kind: WriteKind,
        system: System,
        writes: tuple[FieldWrite, ...],
        *,
        key: ActionKey,
        cause: TransitionId | None,
        source: Side | None = None,
    ) -> "Draft":
        """With a write under way: every field of it is now in flight. `source` is the side it
        comes from, where that one is changed by it as well."""
        if not writes:
            return self
        side = self.lead.sides[system]
        pending = {**side.pending, **{w.field: _in_flight(w, side, key) for w in writes}}
        action = WriteRecord(
            key=key,
            kind=kind,
            lead_id=self.lead.id,
            system=system,
            record_id=side.record_id,
            record_kind=side.seen.kind,
            writes=writes,
            cause=cause,
        )
        side = replace(side, pending=pending)
        sides = {**self.lead.sides, system: side}
        if source:
            sides[source.system] = source
        lead = replace(self.lead, sides=sides)
        return replace(self, lead=lead, actions=(*self.actions, action))


def _in_flight(write: FieldWrite, side: Side, key: ActionKey) -> Pending:
    """Takes over what an unsettled write of the same field may have left there."""
    seen = None if isinstance(write.seen, Unreadable) else write.seen
    replaces: tuple[Value, ...] = (seen,)
    if earlier := side.pending.get(write.field):
        replaces = tuple(dict.fromkeys((seen, *earlier.replaces, earlier.writes)))
    return Pending(key=key, replaces=replaces, writes=write.value)
