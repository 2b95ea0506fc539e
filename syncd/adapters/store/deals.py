"""The deals that leads came to, as they were read last, and whose are to be read."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select

from syncd.adapters.store.documents import LEAD
from syncd.adapters.store.many import among, listed, run_many
from syncd.adapters.store.role import Role
from syncd.adapters.store.sharing import sharing
from syncd.adapters.store.storable import storable
from syncd.adapters.store.tables import lead
from syncd.adapters.store.tables_facts import IS_SELLING, IS_STILL_OPEN, deal
from syncd.adapters.store.uncounting import uncount
from syncd.domain.copies import replace
from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.fact_ports import DealsOf

_DEALS = select(deal).where(among(deal.c.lead_id)).order_by(deal.c.lead_id, deal.c.id)
_THERE = select(lead.c.id).where(among(lead.c.id))
_FORGET = delete(deal).where(
    deal.c.lead_id == bindparam("b_lead"), deal.c.system == bindparam("b_system")
)
_ADD = insert(deal)
_AFTER: BindParameter[str] = bindparam("b_after")
_MOST: BindParameter[int] = bindparam("b_most")
_STANDING = select(lead.c.id).where(IS_SELLING, lead.c.id > _AFTER).order_by(lead.c.id).limit(_MOST)
_WAITING = (
    select(deal.c.lead_id)
    .where(IS_STILL_OPEN, deal.c.lead_id > _AFTER)
    .distinct()
    .order_by(deal.c.lead_id)
    .limit(_MOST)
)
_LEADS = select(lead.c.doc).where(among(lead.c.id)).order_by(lead.c.id)


class SqlDeals(Role):
    def selling(self, after: LeadId | None, limit: int) -> Sequence[Lead]:
        walk = {"b_after": after or "", "b_most": limit}
        with self._database.reading() as connection:
            found = {x for query in (_STANDING, _WAITING) for x in connection.scalars(query, walk)}
            asked = listed(sorted(found)[:limit])
            return [LEAD.decode(doc) for doc in connection.scalars(_LEADS, asked)]

    def save_deals(self, deals: DealsOf) -> int:
        with self._database.writing() as connection:
            there = connection.scalars(_THERE, listed(deals)).all()
            stored = deals_of(connection, there)
            new = {
                (LeadId(x), system): told
                for x in there
                for system, told in _storable(deals[LeadId(x)])
                if set(told) != set(stored.get(LeadId(x), {}).get(system, ()))
            }
            changed = {x for x, _ in new}
            others = sharing(connection, changed)
            run_many(connection, _FORGET, [{"b_lead": x, "b_system": s.value} for x, s in new])
            run_many(connection, _ADD, [*_rows(new)])
            uncount(connection, changed | others | sharing(connection, changed))
        return len(changed)


def deals_of(connection: Connection, leads: Collection[str]) -> DealsOf:
    found: dict[LeadId, dict[System, tuple[Deal, ...]]] = {}
    for row in connection.execute(_DEALS, listed(leads)).all():
        told = found.setdefault(LeadId(row.lead_id), {})
        system = System(row.system)
        told[system] = (*told.get(system, ()), _deal(row))
    return found


def _storable(
    deals: Mapping[System, Sequence[Deal]],
) -> Iterator[tuple[System, Sequence[Deal]]]:
    for system, told in deals.items():
        yield system, [replace(x, lost_reason=storable(x.lost_reason)) for x in told]


def _deal(row: Any) -> Deal:
    return Deal(
        id=row.id,
        is_closed=row.is_closed,
        is_won=row.is_won,
        amount=row.amount,
        closes_at=row.closes_at,
        made_at=row.made_at,
        lost_reason=row.lost_reason,
    )


def _rows(new: Mapping[tuple[LeadId, System], Sequence[Deal]]) -> Iterator[dict[str, Any]]:
    for (lead_id, system), deals in new.items():
        for x in deals:
            yield {
                "lead_id": lead_id,
                "system": system.value,
                "id": x.id,
                "is_closed": x.is_closed,
                "is_won": x.is_won,
                "amount": x.amount,
                "closes_at": x.closes_at,
                "made_at": x.made_at,
                "lost_reason": x.lost_reason,
            }
