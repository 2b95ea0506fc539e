"""The outbox in memory: claims, and what the brake asks of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from syncd.adapters.memory.effects import Effect, can_be_held_back, claimable, is_of
from syncd.adapters.memory.role import Role
from syncd.adapters.store.effects import OutboxState
from syncd.commit import OutboxRow
from syncd.domain.action import WriteKind
from syncd.domain.names import LeadId, System


class MemoryOutbox(Role):
    def claim(
        self,
        *,
        now: datetime,
        until: datetime,
        limit: int,
        held: Collection[System] = (),
        leads: Collection[LeadId] | None = None,
    ) -> Sequence[OutboxRow]:
        self._check_fence()
        free = (
            x
            for x in claimable(self._now.effects.values(), now)
            if not can_be_held_back(x, held) and (leads is None or is_of(x, leads))
        )
        rows = [*islice(free, limit)]
        return [self._claim(row, now=now, until=until) for row in rows]

    def _claim(self, row: Effect, *, now: datetime, until: datetime) -> OutboxRow:
        assert row.action, "an open row has not been emptied"
        self._now.effects[row.action.key] = replace(
            row,
            state=OutboxState.CLAIMED,
            due_at=until,
            attempts=row.attempts + 1,
            changed_at=now,
        )
        return OutboxRow(
            action=row.action,
            attempts=row.attempts,
            created_at=row.created_at,
            reason=row.reason,
            sent=row.state is OutboxState.SENT,
        )

    def spent(self, since: datetime) -> Mapping[WriteKind, int]:
        leads: dict[WriteKind, set[LeadId]] = {}
        for x in self._now.effects.values():
            if x.write_kind and x.lead_id and x.created_at >= since:
                leads.setdefault(x.write_kind, set()).add(x.lead_id)
        return {kind: len(ids) for kind, ids in leads.items()}

    def asked_for(self, since: datetime) -> Mapping[WriteKind, int]:
        since_then = (x for x in self._now.effects.values() if x.created_at >= since)
        return Counter(x.write_kind for x in since_then if x.write_kind)

    def linked(self) -> int:
        return sum(len(x.sides) > 1 for x in self._now.leads.values())
