"""Contacts on static lists: put there, or taken off, many of one list in one request.

HubSpot passes over who is a member already, so that it may be repeated; which contacts it
does not know, its answer tells.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.complaint import NotThere, RequestRefused
from syncd.adapters.hubspot.records import batches
from syncd.domain.action import Enlist, Refused, Vanished, WriteOutcome, Written
from syncd.domain.names import ActionKey

MOST_MEMBERS = 500


def enlist_contacts(
    client: HubSpotClient, wishes: Sequence[Enlist]
) -> Mapping[ActionKey, WriteOutcome]:
    """TransientError, AuthError: what became of them is not known; all may be sent again."""
    by_list: dict[str, list[Enlist]] = defaultdict(list)
    for wish in wishes:
        by_list[wish.list_id].append(wish)
    outcomes: dict[ActionKey, WriteOutcome] = {}
    for list_id, mine in by_list.items():
        for batch in batches(mine, MOST_MEMBERS):
            outcomes |= _change(client, list_id, batch)
    return outcomes


def _change(
    client: HubSpotClient, list_id: str, wishes: Sequence[Enlist]
) -> dict[ActionKey, WriteOutcome]:
    """Of several wishes about one contact the last one counts."""
    last = {wish.record_id: wish for wish in wishes}
    body = {
        "recordIdsToAdd": [i for i, wish in last.items() if not wish.leave],
        "recordIdsToRemove": [i for i, wish in last.items() if wish.leave],
    }
    path = paths.LIST_MEMBERS.format(list_id=quote(list_id, safe=""))
    try:
        reply = client.write(path, body, method="PUT")
    except NotThere:
        return _refused(wishes, f"HubSpot has no list {list_id}: name another in policy.yaml")
    except RequestRefused as refusal:
        why = f"HubSpot takes nobody onto list {list_id}: {refusal.complaint.words}"
        return _refused(wishes, f"{why}. Only a static list can be written to")
    missing = {str(i) for i in reply.body.get("recordIdsMissing") or ()}
    return {x.key: _GONE if x.record_id in missing else Written() for x in wishes}


_GONE = Vanished(reason="HubSpot no longer has this record (archived, merged or erased)")


def _refused(wishes: Sequence[Enlist], reason: str) -> dict[ActionKey, WriteOutcome]:
    return dict.fromkeys((x.key for x in wishes), Refused(reason=reason))
