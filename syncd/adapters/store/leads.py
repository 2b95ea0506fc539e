"""Read leads as the worker needs them: by record, by address, whole, and when due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from syncd.adapters.store.database import batches
from syncd.adapters.store.documents import LEAD
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import alias, email, lead, link, watermark
from syncd.domain.lead import Lead, Lost
from syncd.domain.names import LeadId, RecordId, System


class SqlLeads(Role):
    def find(self, system: System, ids: Collection[RecordId]) -> Mapping[RecordId, LeadId]:
        found: dict[RecordId, LeadId] = {}
        with self._database.reading() as connection:
            for some in batches(ids):
                query = select(link.c.record_id, link.c.lead_id).where(
                    link.c.record_id.in_(some), link.c.system == system.value
                )
                rows = connection.execute(query).all()
                found |= {RecordId(r): LeadId(x) for r, x in rows}
        return found

    def with_email(self, emails: Collection[str]) -> Mapping[str, frozenset[LeadId]]:
        found: dict[str, set[LeadId]] = {}
        with self._database.reading() as connection:
            for some in batches(emails):
                query = select(email.c.address, email.c.lead_id).where(email.c.address.in_(some))
                for address, lead_id in connection.execute(query).all():
                    found.setdefault(address, set()).add(LeadId(lead_id))
        return {address: frozenset(ids) for address, ids in found.items()}

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]:
        kept = self._kept.under(self._fence.token)
        known = {x: kept[x] for x in ids if x in kept}
        missing = [x for x in ids if x not in known]
        if not missing:
            return known
        with self._database.reading() as connection:
            found = _load(connection, missing)
            united = _united(connection, [x for x in missing if x not in found])
            survivors = _load(connection, set(united.values()))
        self._kept.keep(found.values())
        united_with = {old: survivors[new] for old, new in united.items() if new in survivors}
        return known | found | united_with

    def after(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        walk = {"b_after": lead_id or "", "b_most": limit}
        with self._database.reading() as connection:
            return [LEAD.decode(doc) for doc in connection.scalars(_AFTER, walk)]

    def lost(self, how: Lost, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        walk = {"b_lost": how.value, "b_after": lead_id or "", "b_most": limit}
        with self._database.reading() as connection:
            return [LEAD.decode(doc) for doc in connection.scalars(_LOST, walk)]

    def due(self, now: datetime, limit: int) -> Sequence[LeadId]:
        with self._database.reading() as connection:
            return [LeadId(x) for x in connection.scalars(_DUE, {"b_now": now, "b_most": limit})]

    def watermarks(self) -> Mapping[System, datetime]:
        with self._database.reading() as connection:
            rows = connection.execute(_WATERMARKS).all()
        return {System(system): at for system, at in rows}


_DUE = (
    select(lead.c.id)
    .where(lead.c.due_at <= bindparam("b_now"))
    .order_by(lead.c.due_at, lead.c.id)
    .limit(bindparam("b_most"))
)
_AFTER = (
    select(lead.c.doc)
    .where(lead.c.id > bindparam("b_after"))
    .order_by(lead.c.id)
    .limit(bindparam("b_most"))
)
_LOST = (
    select(lead.c.doc)
    .where(lead.c.lost == bindparam("b_lost"), lead.c.id > bindparam("b_after"))
    .order_by(lead.c.id)
    .limit(bindparam("b_most"))
)
_WATERMARKS = select(watermark.c.system, watermark.c.at)


def _load(connection: Connection, ids: Collection[LeadId]) -> dict[LeadId, Lead]:
    found: dict[LeadId, Lead] = {}
    for some in batches(ids):
        rows = connection.execute(select(lead.c.id, lead.c.doc).where(lead.c.id.in_(some))).all()
        found |= {LeadId(x): LEAD.decode(doc) for x, doc in rows}
    return found


def _united(connection: Connection, ids: Collection[LeadId]) -> dict[LeadId, LeadId]:
    found: dict[LeadId, LeadId] = {}
    for some in batches(ids):
        rows = connection.execute(select(alias.c.id, alias.c.lead_id).where(alias.c.id.in_(some)))
        found |= {LeadId(old): LeadId(new) for old, new in rows}
    return found
