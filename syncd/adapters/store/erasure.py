"""Erase people: what is known of them goes, and with their key what the audit sealed (P10).

Their transitions stay (ids, stages and who moved them), so that no count changes.
"""

from collections.abc import Collection

from sqlalchemy import Connection, Table, delete, or_, select

from syncd.adapters.store.database import batches
from syncd.adapters.store.lead_rows import drop_leads
from syncd.adapters.store.tables import (
    alias,
    handoff,
    held,
    message,
    order,
    outbox,
    person_key,
    silence,
    verdict,
)
from syncd.adapters.store.tables_reconciled import reconciled
from syncd.domain.names import LeadId

_OF_A_LEAD: tuple[Table, ...] = (
    handoff,
    held,
    message,
    order,
    outbox,
    person_key,
    silence,
    verdict,
    reconciled,
    alias,
)


def erase(connection: Connection, ids: Collection[LeadId]) -> None:
    """These leads, and all that were ever united with them."""
    for some in batches(_with_aliases(connection, ids)):
        drop_leads(connection, some)
        for table in _OF_A_LEAD:
            connection.execute(delete(table).where(table.c.lead_id.in_(some)))


def _with_aliases(connection: Connection, ids: Collection[LeadId]) -> set[LeadId]:
    everyone = set(ids)
    for some in batches(ids):
        survivors = select(alias.c.lead_id).where(alias.c.id.in_(some))
        of_them = or_(alias.c.lead_id.in_(some), alias.c.lead_id.in_(survivors))
        rows = connection.execute(select(alias.c.id, alias.c.lead_id).where(of_them))
        everyone |= {LeadId(x) for row in rows for x in row}
    return everyone
