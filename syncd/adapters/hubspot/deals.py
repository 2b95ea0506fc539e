"""The deals associated with contacts, by batch reads, where no index lags. Reads only."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.linked import linked_to
from syncd.adapters.hubspot.reading import READ_SIZE, found_in
from syncd.adapters.hubspot.records import batches, instant
from syncd.domain.deal import Deal
from syncd.domain.names import RecordId

_DEALS = "deals"
_ASKED = (
    *("dealstage", "amount", "closedate", "hs_is_closed", "hs_is_closed_won"),
    *("createdate", "amount_in_home_currency"),
)
_CLOSED = frozenset({"closedwon", "closedlost"})
"""The stages of the pipeline every account begins with, for accounts that do not tell whether a
deal is closed."""


def read_deals(
    client: HubSpotClient, contacts: Collection[RecordId], *, lost_reason: str | None
) -> Mapping[RecordId, tuple[Deal, ...]]:
    """Who has no deal is absent. `lost_reason` is the property that tells it. Needs the scope
    crm.objects.deals.read."""
    linked = linked_to(client, sorted(contacts), plural=_DEALS)
    wanted = sorted({deal for deals in linked.values() for deal in deals})
    found = {deal.id: deal for deal in _read(client, wanted, lost_reason)}
    of_each = (
        (contact, tuple(found[x] for x in dict.fromkeys(deals) if x in found))
        for contact, deals in linked.items()
    )
    return {contact: deals for contact, deals in of_each if deals}


def _read(client: HubSpotClient, ids: Sequence[str], lost_reason: str | None) -> Iterator[Deal]:
    asked = [*_ASKED, lost_reason] if lost_reason else list(_ASKED)
    for batch in batches(ids, READ_SIZE):
        body = {"inputs": [{"id": x} for x in batch], "properties": asked}
        for raw in found_in(client.ask(paths.read_of(_DEALS), body)):
            yield _deal(str(raw["id"]), raw["properties"], lost_reason)


def _deal(deal_id: str, properties: Mapping[str, Any], lost_reason: str | None) -> Deal:
    closes, made = properties.get("closedate"), properties.get("createdate")
    amount = properties.get("amount_in_home_currency") or properties.get("amount")
    won = properties.get("hs_is_closed_won") == "true" or properties.get("dealstage") == "closedwon"
    closed = properties.get("hs_is_closed") == "true" or properties.get("dealstage") in _CLOSED
    return Deal(
        id=deal_id,
        is_closed=won or closed,
        is_won=won,
        amount=float(amount) if amount else None,
        closes_at=instant(closes) if closes else None,
        made_at=instant(made) if made else None,
        lost_reason=str((lost_reason and properties.get(lost_reason)) or "").strip(),
    )
