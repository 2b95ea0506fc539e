"""The opportunities that leads were converted to. Reads only.

Salesforce has no field of its own for why one was lost.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.history import apart
from syncd.adapters.salesforce.rows import moment
from syncd.domain.deal import Deal
from syncd.domain.names import RecordId

_LAST_SECOND = time(23, 59, 59)


def fetch_deals(
    api: Api, ids: Collection[RecordId], *, lost_reason: str | None
) -> Mapping[RecordId, tuple[Deal, ...]]:
    """By lead, or by the contact it became. Who has no opportunity is absent. `lost_reason` is
    the field that tells it."""
    leads, contacts = apart(ids)
    queries = (
        *soql.deals_of(leads, lost_reason),
        *soql.deals_of_contacts(contacts, lost_reason),
    )
    wanted, found = frozenset(ids), dict[RecordId, dict[str, Deal]]()
    for row in api.rows(queries, what="Salesforce opportunities"):
        opportunity = row.get(soql.OPPORTUNITY)
        if row["IsDeleted"] or not opportunity:
            continue
        deal = _deal(row["ConvertedOpportunityId"], opportunity, lost_reason)
        for person in {RecordId(row["Id"]), RecordId(row["ConvertedContactId"])} & wanted:
            found.setdefault(person, {})[deal.id] = deal
    return {person: tuple(deals.values()) for person, deals in found.items()}


def _deal(deal_id: str, row: Mapping[str, Any], lost_reason: str | None) -> Deal:
    day, amount, made = row.get("CloseDate"), row.get("Amount"), row.get("CreatedDate")
    return Deal(
        id=deal_id,
        is_closed=bool(row["IsClosed"]),
        is_won=bool(row["IsWon"]),
        amount=None if amount is None else float(amount),
        closes_at=datetime.combine(date.fromisoformat(day), _LAST_SECOND, UTC) if day else None,
        made_at=moment(made) if made else None,
        lost_reason=str((lost_reason and row.get(lost_reason)) or "").strip(),
    )
