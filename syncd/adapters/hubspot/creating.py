"""Making contacts by our own id, so that a repeat finds the first one; and who is there already.

Upserts go by a property with unique values: an upsert by e-mail would overwrite whoever has
the address. Looked up first, so that what was made before is left as it is.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import Body, HubSpotClient, Reply
from syncd.adapters.hubspot.complaint import (
    Complaint,
    RequestConflict,
    RequestRefused,
    complaint_of,
)
from syncd.adapters.hubspot.reading import READ_SIZE
from syncd.adapters.hubspot.records import batches
from syncd.adapters.hubspot.translate import NOT_FOUND, outcome_for
from syncd.adapters.hubspot.updating import spell
from syncd.domain.action import Created, CreateOutcome, Failed, RecordCreate, Refused, Twin
from syncd.domain.names import ActionKey, RecordId
from syncd.errors import TransientError

MOST_CONTACTS = 100
EMAIL, MORE_EMAILS = "email", "hs_additional_emails"

Outcomes = dict[ActionKey, CreateOutcome]


def contacts_with_emails(
    client: HubSpotClient, emails: Collection[str]
) -> dict[str, tuple[RecordId, ...]]:
    """By first and by additional address, straight from the database."""
    found: dict[str, tuple[RecordId, ...]] = {}
    for raw in _contacts_by(client, EMAIL, emails, properties=(EMAIL, MORE_EMAILS)):
        shown = raw["properties"]
        more = str(shown.get(MORE_EMAILS) or "").lower().split(";")
        for email in {str(shown.get(EMAIL) or "").lower(), *more} & set(emails):
            found[email] = (*found.get(email, ()), RecordId(raw["id"]))
    return found


def create_contacts(
    client: HubSpotClient, creates: Sequence[RecordCreate], *, external_id: str | None
) -> Outcomes:
    """TransientError, AuthError: what became of them is not known; a repeat finds out."""
    if external_id is None:
        return {c.key: Refused(reason="no external_id is configured") for c in creates}
    outcomes = _made(client, creates, external_id)
    missing = [c for c in creates if c.key not in outcomes]
    for batch in batches(missing, MOST_CONTACTS):
        outcomes |= _upsert(client, batch, external_id)
    return outcomes


def _made(client: HubSpotClient, creates: Sequence[RecordCreate], external_id: str) -> Outcomes:
    keys = {c.external_id: c.key for c in creates}
    rows = _contacts_by(client, external_id, keys.keys(), properties=(external_id,))
    ours = ((str(raw["properties"].get(external_id)), raw) for raw in rows)
    return {keys[x]: Created(RecordId(raw["id"])) for x, raw in ours if x in keys}


def _contacts_by(
    client: HubSpotClient, name: str, values: Iterable[str], *, properties: Sequence[str]
) -> list[Body]:
    found: list[Body] = []
    for batch in batches(sorted(values), READ_SIZE):
        inputs = [{"id": value} for value in batch]
        body = {"inputs": inputs, "idProperty": name, "properties": list(properties)}
        reply = client.ask(paths.CONTACTS_READ, body)
        for error in reply.body.get("errors") or ():
            complaint = complaint_of(error)
            if complaint.category != NOT_FOUND:
                raise TransientError(f"HubSpot could not look up contacts: {complaint.words}")
        found += reply.items()
    return found


def _upsert(client: HubSpotClient, creates: Sequence[RecordCreate], external_id: str) -> Outcomes:
    """One batch. Nothing of a refused one was done, so it is parted until the culprit is alone."""
    inputs = [_input(create, external_id) for create in creates]
    try:
        reply = client.write(paths.CONTACTS_UPSERT, {"inputs": inputs})
    except (RequestRefused, RequestConflict) as refusal:
        if len(creates) == 1:
            return {creates[0].key: _refusal(refusal.complaint)}
        middle = len(creates) // 2
        first, rest = creates[:middle], creates[middle:]
        return _upsert(client, first, external_id) | _upsert(client, rest, external_id)
    outcomes = _answered(creates, reply)
    unheard = [c for c in creates if c.key not in outcomes]
    lost: Outcomes = {c.key: Failed(reason="HubSpot's answer does not name it") for c in unheard}
    return lost | outcomes | (_made(client, unheard, external_id) if unheard else {})


def _input(create: RecordCreate, external_id: str) -> dict[str, Any]:
    properties = {name: spell(value) for name, value in create.properties.items()}
    return {
        "id": create.external_id,
        "idProperty": external_id,
        "objectWriteTraceId": create.external_id,
        "properties": {**properties, external_id: create.external_id},
    }


def _answered(creates: Sequence[RecordCreate], reply: Reply) -> Outcomes:
    """What the answer says of those it names. Only errors are sure to carry the trace id."""
    keys = {c.external_id: c.key for c in creates}
    outcomes: Outcomes = {}
    for error in reply.body.get("errors") or ():
        complaint = complaint_of(error)
        about = complaint.traces | complaint.ids
        outcomes |= {keys[x]: _refusal(complaint) for x in about if x in keys}
    for result in reply.items():
        trace = str(result.get("objectWriteTraceId") or "")
        if trace in keys:
            outcomes[keys[trace]] = Created(RecordId(str(result["id"])))
    return outcomes


def _refusal(complaint: Complaint) -> CreateOutcome:
    if complaint.category == "CONFLICT" or complaint.existing:
        records = tuple(RecordId(x) for x in sorted(complaint.existing))
        return Twin(reason="another contact has this address", records=records)
    outcome = outcome_for(complaint)
    return outcome if isinstance(outcome, Refused) else Failed(reason=f"HubSpot: {complaint.words}")
