"""The list of nurtured people in each CRM: joined when a round ended, left at the very end, or
once the lead is sales' own.

Which list it is says policy.yaml: a HubSpot list, a Salesforce campaign.
"""

from collections.abc import Iterable, Iterator

from syncd.domain.action import Enlist
from syncd.domain.lead import Lead, Side
from syncd.domain.names import ActionKey, HandoffId, System, TransitionId
from syncd.domain.policy import RecyclePolicy


def joining(
    lead: Lead, sides: Iterable[Side], rules: RecyclePolicy, *, end: HandoffId, cause: TransitionId
) -> Iterator[Enlist]:
    """Onto the list of each of these sides that has one. `end` is the handoff that is over."""
    for side in sides:
        if list_id := _list_of(rules, side.system):
            yield _wish(lead, side, list_id, end=end, cause=cause, leave=False)


def leaving(
    lead: Lead,
    sides: Iterable[Side],
    rules: RecyclePolicy,
    *,
    end: HandoffId | TransitionId,
    cause: TransitionId,
) -> Iterator[Enlist]:
    """Off HubSpot's again; a lead that was never recycled was never put there. The members of
    a campaign are its history, and records: they stay."""
    for side in sides:
        is_list = side.system is System.HUBSPOT
        if is_list and lead.recycles and (list_id := _list_of(rules, side.system)):
            yield _wish(lead, side, list_id, end=end, cause=cause, leave=True)


def _list_of(rules: RecyclePolicy, system: System) -> str | None:
    return rules.nurture_list if system is System.HUBSPOT else rules.campaign


def list_words(wish: Enlist) -> str:
    where = f"list {wish.list_id}"
    if wish.system is System.SALESFORCE:
        where = f"campaign {wish.list_id}"
    return f"taken off {where}" if wish.leave else f"put on {where}"


def _wish(
    lead: Lead,
    side: Side,
    list_id: str,
    *,
    end: HandoffId | TransitionId,
    cause: TransitionId,
    leave: bool,
) -> Enlist:
    verb = "delist" if leave else "enlist"
    return Enlist(
        key=ActionKey(f"{verb}:{side.system}:{end}"),
        lead_id=lead.id,
        system=side.system,
        record_id=side.record_id,
        record_kind=side.seen.kind,
        list_id=list_id,
        leave=leave,
        cause=cause,
    )
