"""Merging leads or contacts: losers are deleted and point at the winner, which is updated once."""

from collections.abc import Mapping, Sequence
from typing import Any

from syncd.sandbox.journal import ABSORBED, MERGED, Actor
from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.saving import Writer

VIA = "merge"

_OF_LEADS = (("Task", "WhoId"), ("Event", "WhoId"), ("CampaignMember", "LeadId"))
_OF_CONTACTS = (
    ("Task", "WhoId"),
    ("Event", "WhoId"),
    ("CampaignMember", "ContactId"),
    ("Lead", "ConvertedContactId"),
)
"""What hangs on a record and follows it to the winner. That a converted lead does is an
assumption: no vendor's page says so."""


def merge_leads(
    org: Org,
    winner_id: str,
    loser_ids: Sequence[str],
    actor: Actor,
    *,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Merge one or two leads into the winner; `values` are those chosen from the losers."""
    _merge(org, winner_id, loser_ids, (org.writer(actor, VIA), _OF_LEADS, values or {}))


def merge_contacts(
    org: Org,
    winner_id: str,
    loser_ids: Sequence[str],
    actor: Actor,
    *,
    values: Mapping[str, Any] | None = None,
) -> None:
    """Merge one or two contacts into the winner, likewise."""
    _merge(org, winner_id, loser_ids, (org.writer(actor, VIA), _OF_CONTACTS, values or {}))


def _merge(
    org: Org,
    winner_id: str,
    loser_ids: Sequence[str],
    how: tuple[Writer, Sequence[tuple[str, str]], Mapping[str, Any]],
) -> None:
    if not 1 <= len(loser_ids) <= 2:
        raise refusal("INVALID_FIELD", "a merge takes one or two records besides the master")
    by, children, values = how
    winner = org.record(winner_id)
    for loser_id in loser_ids:
        loser = org.record(loser_id)
        gone = {"IsDeleted": True, "MasterRecordId": winner["Id"]}
        org.revise(loser, gone, by, event=(MERGED, None, winner["Id"]))
        _repoint(org, loser["Id"], winner["Id"], children, by)
    for loser_id in loser_ids:
        org.revise(org.record(winner_id), values, by, event=(ABSORBED, None, loser_id))


def _repoint(
    org: Org, loser_id: str, winner_id: str, children: Sequence[tuple[str, str]], by: Writer
) -> None:
    for child, parent in children:
        for row in list(org.store.table(child).where(parent, [loser_id])):
            org.revise(row, {parent: winner_id}, by)
