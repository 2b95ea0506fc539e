"""What LeadHistory tells of leads, and of the contacts they became. It judges nothing.

Salesforce keeps it only of fields an admin has chosen, and calls a conversion by a name of its
own.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api, Row
from syncd.adapters.salesforce.people import People
from syncd.adapters.salesforce.rows import CONVERTED, OWNER, change_of
from syncd.adapters.salesforce.translate import NoSuchObject
from syncd.domain.names import RecordId
from syncd.domain.record import PropertyChange

_CONTACT_IDS = "003"
"""What the id of every contact begins with, in every org."""


def tracked(properties: Collection[str]) -> frozenset[str]:
    """Those of the lead itself, as history calls them. What happens elsewhere is not in it."""
    own = (p for p in properties if "." not in p and p != "IsConverted")
    return frozenset(OWNER if p == "OwnerId" else p for p in own)


def stage_history(stage_properties: Collection[str]) -> frozenset[str]:
    """The LeadHistory fields that tell a stage."""
    own = tracked(stage_properties)
    return own | {CONVERTED} if len(own) < len(stage_properties) else own


def apart(ids: Collection[RecordId]) -> tuple[list[RecordId], list[RecordId]]:
    """Ids of leads, and of contacts."""
    contacts = [i for i in ids if i.startswith(_CONTACT_IDS)]
    return [i for i in ids if not i.startswith(_CONTACT_IDS)], contacts


def fetch_history(
    api: Api,
    ids: Collection[RecordId],
    fields: Collection[str],
    *,
    since: datetime,
    known: Callable[[], People],
) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
    """Empty when the org tracks no history of leads."""
    if not fields:
        return {}
    leads, contacts = apart(ids)
    queries = (
        *soql.history_of(leads, fields, since),
        *soql.history_of_contacts(contacts, fields, since),
    )
    people = known()
    try:
        rows = list(api.rows(queries, what="Salesforce history"))
    except NoSuchObject:
        return {}
    found: defaultdict[RecordId, list[PropertyChange]] = defaultdict(list)
    for record_id, row in _of_one_lead(rows):
        found[record_id].append(change_of(row, us=people.us, people=people.persons))
    return {record_id: tuple(changes) for record_id, changes in found.items()}


def _of_one_lead(rows: Sequence[Row]) -> Iterator[tuple[RecordId, Row]]:
    """Whose change each row is. Of several leads that became one contact, the one changed last
    tells its story, as in `rows.united`."""
    last: dict[str, tuple[str, str]] = {}
    for row in rows:
        if lead := row.get("Lead"):
            told_by = (lead["SystemModstamp"], row["LeadId"])
            contact = lead["ConvertedContactId"]
            last[contact] = max(last.get(contact, told_by), told_by)
    for row in rows:
        lead = row.get("Lead")
        if lead is None:
            yield RecordId(row["LeadId"]), row
        elif last[lead["ConvertedContactId"]][1] == row["LeadId"]:
            yield RecordId(lead["ConvertedContactId"]), row
