"""Converting a lead: the one move that REST has no verb for and that cannot be undone."""

from dataclasses import dataclass
from typing import Any

from syncd.sandbox.journal import CONVERTED, Actor
from syncd.sandbox.salesforce.catalogue import SYNCD
from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.saving import Writer
from syncd.sandbox.salesforce.table import Row

VIA = "convert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    account_id: str
    contact_id: str
    opportunity_id: str | None


def convert_lead(
    org: Org,
    lead_id: str,
    actor: Actor,
    *,
    account_id: str | None = None,
    contact_id: str | None = None,
    with_opportunity: bool = True,
) -> Conversion:
    """Turn a lead into account, contact and (unless told otherwise) opportunity. A contact
    that exists already gets what it lacks, and keeps its account.

    Raises Refused for a converted or deleted lead and for one that a queue owns.
    """
    lead = _convertible(org, lead_id)
    by = org.writer(actor, VIA)
    if contact_id is not None:
        account_id = org.record(contact_id).get("AccountId")
    account = account_id or _create(org, "Account", _account(lead), by)
    contact = contact_id or _create(org, "Contact", {**_person(lead), "AccountId": account}, by)
    if contact_id is not None:
        _fill(org, contact_id, {**_person(lead), "AccountId": account}, by)
    deal = (
        _create(org, "Opportunity", _deal(org, lead, account, contact), by)
        if with_opportunity
        else None
    )
    became = {
        "ConvertedAccountId": account,
        "ConvertedContactId": contact,
        "ConvertedOpportunityId": deal,
    }
    settled = {
        "IsConverted": True,
        "ConvertedDate": org.moment()[:10],
        "Status": "Converted",
        **became,
    }
    org.revise(lead, settled, by, event=(CONVERTED, None, became))
    _repoint(org, lead["Id"], contact, by)
    return Conversion(account_id=account, contact_id=contact, opportunity_id=deal)


def _convertible(org: Org, lead_id: str) -> Row:
    lead = org.record(lead_id)
    if lead["IsDeleted"]:
        raise refusal("ENTITY_IS_DELETED", "entity is deleted")
    if lead["IsConverted"]:
        raise refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    if lead["OwnerId"].startswith("00G"):
        raise refusal("INVALID_OWNER", "a lead owned by a queue needs a new owner to be converted")
    org.store.require_unlocked(lead["Id"])
    return lead


def _create(org: Org, object_name: str, values: dict[str, Any], by: Writer) -> str:
    save = org.prepare_creation(object_name, values, by)
    org.apply(save)
    return str(save.after["Id"])


def _fill(org: Org, contact_id: str, values: dict[str, Any], by: Writer) -> None:
    """Converting into a record that exists overwrites nothing in it."""
    contact = org.record(contact_id)
    lacking = {
        name: value
        for name, value in values.items()
        if value is not None and contact.get(name) in (None, False)
    }
    if lacking:
        org.revise(contact, lacking, by)


def _account(lead: Row) -> dict[str, Any]:
    copied = ("Website", "Phone", "Industry", "NumberOfEmployees", "AnnualRevenue", "OwnerId")
    return {"Name": lead["Company"], **{name: lead.get(name) for name in copied}}


def _person(lead: Row) -> dict[str, Any]:
    """Of the custom fields those the org's admin has mapped, which is all but our own id."""
    copied = ("FirstName", "LastName", "Email", "Phone", "Title", "LeadSource", "OwnerId")
    mapped = (field.name for field in SYNCD if not field.external_id)
    return {name: lead.get(name) for name in (*copied, *mapped)}


def _deal(org: Org, lead: Row, account: str, contact: str) -> dict[str, Any]:
    return {
        "Name": f"{lead['Company']}-",
        "AccountId": account,
        "ContactId": contact,
        "StageName": "Prospecting",
        "CloseDate": org.moment()[:10],
        "LeadSource": lead.get("LeadSource"),
        "OwnerId": lead["OwnerId"],
    }


def _repoint(org: Org, lead_id: str, contact_id: str, by: Writer) -> None:
    """Activities move to the contact; campaign membership keeps the lead and gains the contact."""
    for activity in ("Task", "Event"):
        for row in list(org.store.table(activity).where("WhoId", [lead_id])):
            org.revise(row, {"WhoId": contact_id}, by)
    for row in list(org.store.table("CampaignMember").where("LeadId", [lead_id])):
        org.revise(row, {"ContactId": contact_id}, by)
