"""Which leads share a deal: a part of its amount is each one's."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, and_, func, select

from syncd.adapters.store.many import among, listed
from syncd.adapters.store.tables_facts import deal
from syncd.domain.names import LeadId, System
from syncd.fact_ports import DealsOf

_TIMES = (
    select(deal.c.system, deal.c.id, func.count())
    .where(among(deal.c.id))
    .group_by(deal.c.system, deal.c.id)
    .having(func.count() > 1)
)
_mine = deal.alias("mine")
_SHARING = (
    select(deal.c.lead_id)
    .join(_mine, and_(deal.c.id == _mine.c.id, deal.c.system == _mine.c.system))
    .where(among(_mine.c.lead_id), deal.c.lead_id != _mine.c.lead_id)
    .distinct()
)


def shared_among(connection: Connection, deals: DealsOf) -> Mapping[tuple[System, str], int]:
    """Of how many leads each of these deals is, where it is of several."""
    ids = {x.id for told in deals.values() for some in told.values() for x in some}
    rows = connection.execute(_TIMES, listed(ids)).tuples() if ids else ()
    return {(System(system), deal_id): times for system, deal_id, times in rows}


def sharing(connection: Connection, leads: Collection[str]) -> set[LeadId]:
    """Other leads that a deal of these is of."""
    return {LeadId(x) for x in connection.scalars(_SHARING, listed(leads))} if leads else set()
