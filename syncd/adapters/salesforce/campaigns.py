"""People in campaigns: a CampaignMember made, or taken out again.

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
from syncd.domain.action import Enlist, Refused, Vanished, WriteOutcome, Written
from syncd.domain.names import ActionKey, RecordId

_MEMBER_LINKS = {"Contact": "ContactId"}
_LEAD_LINK = "LeadId"

Place = tuple[str, RecordId]
"""A campaign and a person in it."""


class Campaigns:
    def __init__(self, api: Api, writing: Writing) -> None:
        self._api = api
        self._writing = writing

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        """Of several wishes about one person and campaign the last one counts."""
        last = {(_campaign(x), x.record_id): x for x in wishes if _campaign(x)}
        done: dict[Place, WriteOutcome] = {}
        done |= self._join({p: x for p, x in last.items() if not x.leave})
        done |= self._leave({p: x for p, x in last.items() if x.leave})
        return {x.key: done.get((_campaign(x), x.record_id), _no_id(x)) for x in wishes}

    def _join(self, wishes: Mapping[Place, Enlist]) -> dict[Place, WriteOutcome]:
        rows = [_member(place, wish) for place, wish in wishes.items()]
        outcomes = dict(zip(wishes, self._writing.add_rows(rows), strict=True))
        refused = {p: wishes[p] for p, x in outcomes.items() if isinstance(x, Refused)}
        return outcomes | dict.fromkeys(self._members(refused), Written())

    def _leave(self, wishes: Mapping[Place, Enlist]) -> dict[Place, WriteOutcome]:
        members = self._members(wishes)
        outcomes: dict[Place, WriteOutcome] = dict.fromkeys(wishes, Written())
        told = self._writing.delete_rows([*members.values()])
        for place, outcome in zip(members, told, strict=True):
            outcomes[place] = Written() if isinstance(outcome, Vanished) else outcome
        return outcomes

    def _members(self, wishes: Mapping[Place, Enlist]) -> Mapping[Place, RecordId]:
        """The members there are, by their places."""
        asked: dict[str, set[str]] = defaultdict(set)
        for wish in wishes.values():
            asked[_link(wish)].add(wish.record_id)
        campaigns = {campaign for campaign, _ in wishes}
        found = {
            place: RecordId(row["Id"])
            for link, ids in asked.items()
            for row in self._rows(link, ids, campaigns)
            if (place := (row["CampaignId"], RecordId(row[link]))) in wishes
        }
        return {place: found[place] for place in wishes if place in found}

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


def _campaign(wish: Enlist) -> str:
    """The campaign's long id; empty where what is configured is no id."""
    return salesforce_id_18(wish.list_id) or ""


def _no_id(wish: Enlist) -> WriteOutcome:
    return Refused(reason=f"{wish.list_id!r} is no id of a Salesforce campaign: see policy.yaml")
