"""Merging leads: losers are deleted and point at the winner, which is updated once."""

from collections.abc import Mapping, Sequence
from typing import Any

from syncd.sandbox.journal import ABSORBED, MERGED, Actor
from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.saving import Writer

VIA = "merge"


def merge_leads(
    org: Org,
    winner_id: str,
    loser_ids: Sequence[str],
    actor: Actor,
    *,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Merge one or two leads into the winner; `values` are those chosen from the losers."""
    if not 1 <= len(loser_ids) <= 2:
        raise refusal("INVALID_FIELD", "a merge takes one or two records besides the master")
    by = org.writer(actor, VIA)
    winner = org.record(winner_id)
    for loser_id in loser_ids:
        loser = org.record(loser_id)
        gone = {"IsDeleted": True, "MasterRecordId": winner["Id"]}
        org.revise(loser, gone, by, event=(MERGED, None, winner["Id"]))
        _repoint(org, loser["Id"], winner["Id"], by)
    for loser_id in loser_ids:
        org.revise(org.record(winner_id), values or {}, by, event=(ABSORBED, None, loser_id))


def _repoint(org: Org, loser_id: str, winner_id: str, by: Writer) -> None:
    for child, parent in (("Task", "WhoId"), ("Event", "WhoId"), ("CampaignMember", "LeadId")):
        for row in list(org.store.table(child).where(parent, [loser_id])):
            org.revise(row, {parent: winner_id}, by)
