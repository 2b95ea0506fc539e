"""Read leads as the worker needs them: by record, by address, whole, and when due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from syncd.adapters.store.documents import LEAD
from syncd.adapters.store.many import among, listed
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import alias, email, handoff, lead, link, watermark
from syncd.domain.lead import Lead, Lost
from syncd.domain.names import LeadId, RecordId, System


class SqlLeads(Role):
    def find(self, system: System, ids: Collection[RecordId]) -> Mapping[RecordId, LeadId]:
        with self._database.reading() as connection:
            rows = connection.execute(_FIND, {"b_system": system.value, **listed(ids)}).all()
        return {RecordId(record_id): LeadId(x) for record_id, x in rows}

    def with_email(self, emails: Collection[str]) -> Mapping[str, frozenset[LeadId]]:
        found: dict[str, set[LeadId]] = {}
        with self._database.reading() as connection:
            rows = connection.execute(_WITH_EMAIL, listed(emails)).all()
        for address, lead_id in rows:
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
        self._kept.keep(found)
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

    def offered(self, lead_id: LeadId | None, limit: int) -> Sequence[Lead]:
        walk = {"b_after": lead_id or "", "b_most": limit}
        with self._database.reading() as connection:
            return [LEAD.decode(doc) for doc in connection.scalars(_OFFERED, walk)]

    def due(self, now: datetime, limit: int) -> Sequence[LeadId]:
        with self._database.reading() as connection:
            return [LeadId(x) for x in connection.scalars(_DUE, {"b_now": now, "b_most": limit})]

    def watermarks(self) -> Mapping[System, datetime]:
        with self._database.reading() as connection:
            rows = connection.execute(_WATERMARKS).all()
        return {System(system): at for system, at in rows}


_FIND = select(link.c.record_id, link.c.lead_id).where(
    among(link.c.record_id), link.c.system == bindparam("b_system")
)
_WITH_EMAIL = select(email.c.address, email.c.lead_id).where(among(email.c.address))
_LOAD = select(lead.c.id, lead.c.doc).where(among(lead.c.id))
_UNITED = select(alias.c.id, alias.c.lead_id).where(among(alias.c.id))
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
_OFFERED = (
    select(lead.c.doc)
    .join(handoff, handoff.c.lead_id == lead.c.id)
    .where(handoff.c.closed_at.is_(None), lead.c.id > bindparam("b_after"))
    .order_by(lead.c.id)
    .limit(bindparam("b_most"))
)
_WATERMARKS = select(watermark.c.system, watermark.c.at)


def _load(connection: Connection, ids: Collection[LeadId]) -> dict[LeadId, Lead]:
    rows = connection.execute(_LOAD, listed(ids)).all() if ids else ()
    return {LeadId(x): LEAD.decode(doc) for x, doc in rows}


def _united(connection: Connection, ids: Collection[LeadId]) -> dict[LeadId, LeadId]:
    rows = connection.execute(_UNITED, listed(ids)).all() if ids else ()
    return {LeadId(old): LeadId(new) for old, new in rows}
