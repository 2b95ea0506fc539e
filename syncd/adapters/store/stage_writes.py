"""What became of the writes that carried stages, for whoever explains why a CRM shows another.

Reads by lead, in batches. Never on the worker's path.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from syncd.adapters.store.many import among, listed
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import outbox
from syncd.domain.action import WriteKind
from syncd.domain.names import LeadId, System
from syncd.domain.stage_write import StageWrite

_CARRYING = (WriteKind.PROPAGATE, WriteKind.REAPPLY, WriteKind.REVERT)
_OF = (
    select(
        outbox.c.lead_id,
        outbox.c.target,
        outbox.c.write_kind,
        outbox.c.state,
        outbox.c.reason,
        outbox.c.created_at,
    )
    .where(among(outbox.c.lead_id), outbox.c.write_kind.in_([x.value for x in _CARRYING]))
    .order_by(outbox.c.seq)
)


class SqlStageWrites(Role):
    def stage_writes(self, ids: Collection[LeadId]) -> Mapping[LeadId, tuple[StageWrite, ...]]:
        found: defaultdict[LeadId, list[StageWrite]] = defaultdict(list)
        with self._database.reading() as connection:
            for lead_id, target, kind, state, reason, at in connection.execute(_OF, listed(ids)):
                write = StageWrite(
                    kind=WriteKind(kind),
                    system=System(str(target).partition(":")[0]),
                    state=state,
                    reason=reason,
                    at=at,
                )
                found[LeadId(lead_id)].append(write)
        return {lead_id: tuple(writes) for lead_id, writes in found.items()}
