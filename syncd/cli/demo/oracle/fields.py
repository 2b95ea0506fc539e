"""How the two CRMs spell the same things: fields and stages, by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from syncd.sandbox.journal import System

SALESFORCE, HUBSPOT = System.SALESFORCE, System.HUBSPOT


@dataclass(frozen=True, slots=True)
class Mapped:
    """One field of the map. `to` names the sides that changes travel to; `rule` who wins."""

    salesforce: str
    hubspot: str
    to: frozenset[System] = frozenset()
    rule: str = ""

    def on(self, system: System) -> str:
        return self.salesforce if system is SALESFORCE else self.hubspot


_BOTH, _IN = frozenset({SALESFORCE, HUBSPOT}), frozenset({SALESFORCE})
FIELDS: Mapping[str, Mapped] = {
    "email": Mapped("Email", "email"),
    "company": Mapped("Company", "company"),
    "country": Mapped("Country", "country"),
    "owner": Mapped("OwnerId", "hubspot_owner_id"),
    "title": Mapped("Title", "jobtitle", _BOTH, "latest"),
    "phone": Mapped("Phone", "phone", _BOTH, "latest"),
    "employees": Mapped("NumberOfEmployees", "employees", _BOTH, "salesforce"),
    "budget_confirmed": Mapped("Budget_Confirmed__c", "budget_confirmed", _BOTH, "salesforce"),
    "budget_amount": Mapped("Budget_Amount__c", "budget_amount", _BOTH, "salesforce"),
    "buying_role": Mapped("Buying_Role__c", "buying_role", _BOTH, "latest"),
    "need": Mapped("Need__c", "need", _BOTH, "latest"),
    "purchase_timeline": Mapped("Purchase_Timeline__c", "purchase_timeline", _BOTH, "latest"),
    "demo_attended_on": Mapped("Demo_Attended_On__c", "demo_attended_on", _IN, "hubspot"),
    "last_engaged_at": Mapped("Last_Engaged_At__c", "last_engaged_at", _IN, "hubspot"),
}
TRAVELLING = {name: field for name, field in FIELDS.items() if field.to}
STAGE_FIELDS: Mapping[System, frozenset[str]] = {
    SALESFORCE: frozenset({"Status", "IsConverted"}),
    HUBSPOT: frozenset({"lifecyclestage", "hs_lead_status"}),
}
MARKS: Mapping[System, Mapping[str, str]] = {
    SALESFORCE: {
        "verdict": "Syncd_Verdict__c",
        "findings": "Syncd_Findings__c",
        "standard": "Syncd_Standard__c",
        "recycles": "Syncd_Recycles__c",
        "reason": "Syncd_Recycle_Reason__c",
        "waived": "Syncd_Waived__c",
        "waived until": "Syncd_Waived_Until__c",
    },
    HUBSPOT: {
        "verdict": "syncd_verdict",
        "findings": "syncd_findings",
        "standard": "syncd_standard",
        "recycles": "syncd_recycles",
        "reason": "syncd_recycle_reason",
    },
}
_STATUSES = {
    "Sales Qualified": "sql",
    "Working": "sal",
    "Marketing Qualified": "mql",
    "Open": "lead",
    "Nurture": "nurture",
    "Disqualified": "disqualified",
}
_NUMBERS = {"employees", "budget_amount"}
_DAYS = {"purchase_timeline", "demo_attended_on"}


def other(system: System) -> System:
    return HUBSPOT if system is SALESFORCE else SALESFORCE


def stage_of(system: System, values: Mapping[str, Any]) -> str | None:
    """The stage a record's values tell; None while they tell none."""
    if system is SALESFORCE:
        return (
            "opportunity" if values.get("IsConverted") else _STATUSES.get(values.get("Status", ""))
        )
    return _contact_stage(values.get("lifecyclestage", ""), values.get("hs_lead_status", ""))


def _contact_stage(lifecycle: str, status: str) -> str | None:
    match lifecycle, status:
        case (("customer" | "evangelist"), _):
            return "customer"
        case "opportunity", _:
            return "opportunity"
        case "salesqualifiedlead", _:
            return "sql"
        case "marketingqualifiedlead", ("IN_PROGRESS" | "CONNECTED"):
            return "sal"
        case "marketingqualifiedlead", _:
            return "mql"
        case "lead", "UNQUALIFIED":
            return "disqualified"
        case "lead", "BAD_TIMING":
            return "nurture"
        case (("lead" | "subscriber"), _):
            return "lead"
    return None


def value_of(name: str, raw: Any) -> Any:
    """A field's value in one form for both CRMs; None when it is blank."""
    if raw in (None, ""):
        return None
    if name == "budget_confirmed":
        return raw in (True, "true")
    if name in _NUMBERS:
        return float(raw)
    if name in _DAYS:
        return date.fromisoformat(str(raw)[:10])
    if name == "last_engaged_at":
        return datetime.fromisoformat(str(raw)).astimezone(UTC).replace(microsecond=0)
    if name == "buying_role":
        return str(raw).lower().replace("_", " ")
    return str(raw)
