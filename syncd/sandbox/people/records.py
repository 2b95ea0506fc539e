"""How a fact about a lead is spelled in Salesforce and in HubSpot, as people type it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from syncd.sandbox.hubspot.stamps import iso, to_ms
from syncd.sandbox.people.prospects import Prospect
from syncd.sandbox.salesforce.stamps import stamp

Facts = Mapping[str, Any]
"""Facts by plain names: title, phone, employees, budget_confirmed, need ..."""

_NAMES: Mapping[str, tuple[str, str]] = {
    "title": ("Title", "jobtitle"),
    "phone": ("Phone", "phone"),
    "employees": ("NumberOfEmployees", "employees"),
    "budget_confirmed": ("Budget_Confirmed__c", "budget_confirmed"),
    "budget_amount": ("Budget_Amount__c", "budget_amount"),
    "buying_role": ("Buying_Role__c", "buying_role"),
    "need": ("Need__c", "need"),
    "purchase_timeline": ("Purchase_Timeline__c", "purchase_timeline"),
    "demo_attended_on": ("Demo_Attended_On__c", "demo_attended_on"),
}
HUBSPOT_STAGES: Mapping[str, Mapping[str, str]] = {
    "Open": {"lifecyclestage": "lead"},
    "Marketing Qualified": {"lifecyclestage": "marketingqualifiedlead"},
    "Working": {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"},
    "Sales Qualified": {"lifecyclestage": "salesqualifiedlead"},
    "Nurture": {"lifecyclestage": "lead", "hs_lead_status": "BAD_TIMING"},
    "Disqualified": {"lifecyclestage": "lead", "hs_lead_status": "UNQUALIFIED"},
}
"""What people set in HubSpot where Salesforce has one status."""


def in_salesforce(facts: Facts) -> dict[str, Any]:
    return {_NAMES[name][0]: _plain(value) for name, value in facts.items()}


def in_hubspot(facts: Facts) -> dict[str, str]:
    return {_NAMES[name][1]: _text(name, value) for name, value in facts.items()}


def lead_of(prospect: Prospect, status: str, owner_id: str) -> dict[str, Any]:
    return {
        "FirstName": prospect.first_name,
        "LastName": prospect.last_name,
        "Company": prospect.company,
        "Email": prospect.email,
        "Title": prospect.title,
        "Phone": prospect.phone,
        "Country": prospect.country,
        "LeadSource": prospect.source,
        "NumberOfEmployees": prospect.employees,
        "Last_Engaged_At__c": stamp(prospect.engaged_at),
        "Status": status,
        "OwnerId": owner_id,
    }


def contact_of(prospect: Prospect, status: str, owner_id: str) -> dict[str, str]:
    return {
        "firstname": prospect.first_name,
        "lastname": prospect.last_name,
        "company": prospect.company,
        "email": prospect.email,
        "jobtitle": prospect.title,
        "phone": prospect.phone,
        "country": prospect.country,
        "employees": str(prospect.employees),
        "last_engaged_at": iso(to_ms(prospect.engaged_at)),
        "hubspot_owner_id": owner_id,
        **({"utm_campaign": prospect.campaign} if prospect.campaign else {}),
        **HUBSPOT_STAGES[status],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _text(name: str, value: Any) -> str:
    if name == "buying_role":
        return str(value).lower().replace(" ", "_")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(_plain(value))
