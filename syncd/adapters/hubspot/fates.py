"""What became of contacts that are not found: archived, or gone for good.

HubSpot lists a contact either among the living or among the archived; a GDPR delete leaves
it in neither.
"""

from collections.abc import Collection, Mapping

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.complaint import NotThere, complaint_of
from syncd.adapters.hubspot.reading import READ_SIZE
from syncd.adapters.hubspot.records import batches
from syncd.adapters.hubspot.translate import NOT_FOUND
from syncd.domain.names import RecordId
from syncd.domain.record import Fate
from syncd.errors import TransientError

_MOST_ASKED_FOR = 100
"""So many that are in neither list are looked for one by one. More at once are no erasures: a
permission was lost, and nobody is forgotten before a person says so."""


def read_fates(client: HubSpotClient, ids: Collection[RecordId]) -> Mapping[RecordId, Fate]:
    """A contact that was merged away lives on under another id: only asking for it alone is
    sure to follow that (HubSpot's merge guide), so that is done before it counts as erased."""
    wanted = set(ids)
    living = _present(client, wanted, archived=False)
    binned = _present(client, wanted - living, archived=True)
    nowhere = sorted(wanted - living - binned)
    living |= {x for x in nowhere[:_MOST_ASKED_FOR] if _lives_on(client, x)}
    erased = wanted - living - binned
    return (
        dict.fromkeys(living, Fate.LIVING)
        | dict.fromkeys(binned, Fate.BINNED)
        | dict.fromkeys(erased, Fate.ERASED)
    )


def _lives_on(client: HubSpotClient, record_id: RecordId) -> bool:
    try:
        client.get(f"{paths.CONTACTS}/{record_id}")
    except NotThere:
        return False
    return True


def _present(client: HubSpotClient, ids: Collection[RecordId], *, archived: bool) -> set[RecordId]:
    """TransientError if one is missing for another reason than that it does not exist: what
    is not found is forgotten."""
    path = f"{paths.CONTACTS_READ}?archived={str(archived).lower()}"
    found: set[RecordId] = set()
    for batch in batches(sorted(ids), READ_SIZE):
        body = {"inputs": [{"id": record_id} for record_id in batch], "properties": []}
        reply = client.ask(path, body)
        for error in reply.body.get("errors") or ():
            complaint = complaint_of(error)
            if complaint.category != NOT_FOUND:
                raise TransientError(f"HubSpot could not tell some contacts: {complaint.words}")
        found |= {RecordId(str(raw["id"])) for raw in reply.items()}
    return found & set(ids)
