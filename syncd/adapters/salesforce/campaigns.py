"""People in campaigns: a CampaignMember made, and never deleted, for it is a record and the
campaign's history.

Salesforce refuses to make a second member of one person. Who was refused is looked up: one
who is in the campaign is what was wanted, whoever did it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.writing import Writing
from syncd.core.ids import salesforce_id_18
from syncd.domain.action import Enlist, Refused, WriteOutcome, Written
from syncd.domain.names import ActionKey, RecordId

_MEMBER_LINKS = {"Contact": "ContactId"}
_LEAD_LINK = "LeadId"

Place = tuple[RecordId, RecordId]
"""A campaign and a person in it."""


class Campaigns:
    def __init__(self, api: Api, writing: Writing) -> None:
        self._api = api
        self._writing = writing

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        places = {
            x.key: (campaign, x.record_id)
            for x in wishes
            if not x.leave and (campaign := salesforce_id_18(x.list_id))
        }
        done = self._join({places[x.key]: x for x in wishes if x.key in places})
        return {x.key: done[places[x.key]] if x.key in places else _impossible(x) for x in wishes}

    def _join(self, wishes: Mapping[Place, Enlist]) -> dict[Place, WriteOutcome]:
        rows = [_member(place, wish) for place, wish in wishes.items()]
        outcomes = dict(zip(wishes, self._writing.add_rows(rows), strict=True))
        refused = {p: wishes[p] for p, x in outcomes.items() if isinstance(x, Refused)}
        return outcomes | dict.fromkeys(self._members(refused), Written())

    def _members(self, wishes: Mapping[Place, Enlist]) -> set[Place]:
        """Those of these places that are taken."""
        asked: dict[str, set[str]] = defaultdict(set)
        for wish in wishes.values():
            asked[_link(wish)].add(wish.record_id)
        campaigns = {campaign for campaign, _ in wishes}
        found = {
            (row["CampaignId"], RecordId(row[link]))
            for link, ids in asked.items()
            for row in self._rows(link, ids, campaigns)
        }
        return found & wishes.keys()

    def _rows(
        self, link: str, ids: Collection[str], campaigns: Collection[str]
    ) -> Iterator[Mapping[str, Any]]:
        queries = soql.campaign_members(link, ids, campaigns)
        for row in self._api.rows(queries, what="Salesforce campaign members"):
            if not row["IsDeleted"]:
                yield row


def _member(place: Place, wish: Enlist) -> dict[str, Any]:
    campaign, person = place
    return {
        "attributes": {"type": "CampaignMember"},
        "CampaignId": campaign,
        _link(wish): person,
    }


def _link(wish: Enlist) -> str:
    return _MEMBER_LINKS.get(wish.record_kind, _LEAD_LINK)


def _impossible(wish: Enlist) -> WriteOutcome:
    if wish.leave:
        return Refused(reason="a member of a campaign is a record, and syncd deletes none")
    return Refused(reason=f"{wish.list_id!r} is no id of a Salesforce campaign: see policy.yaml")
