"""The machine's field map in words of its own: how each fact is spelled in either CRM.

Written apart from the product, which it judges: it imports nothing but the sandbox's names.
`machine_config/crm.yaml` says the same to the product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, assert_never

from syncd.sandbox.journal import System

SF, HS = System.SALESFORCE, System.HUBSPOT
Fact = str | int | bool | None


class Shape(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    TICK = "tick"
    CHOICE = "choice"
    DAY = "day"


class Flow(StrEnum):
    BOTH = "both"
    TO_SALESFORCE = "to-salesforce"
    TO_HUBSPOT = "to-hubspot"
    NONE = "none"

    def reaches(self, system: System) -> bool:
        return self is Flow.BOTH or self.value == f"to-{system.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One field. `room` is how many characters Salesforce takes; `converted` is its name on
    a Contact, if it has one there: a dotted one is the account's, and read only."""

    name: str
    salesforce: str
    hubspot: str
    shape: Shape = Shape.TEXT
    flow: Flow = Flow.BOTH
    rule: str = "latest"
    clears: bool = False
    room: int = 255
    converted: str | None = None

    def property_on(self, system: System, kind: str = "Lead") -> str | None:
        if system is HS:
            return self.hubspot
        return self.converted if kind == "Contact" else self.salesforce


CHOICES: Mapping[str, Mapping[System, str]] = {
    "decision-maker": {SF: "Decision maker", HS: "decision_maker"},
    "champion": {SF: "Champion", HS: "champion"},
    "influencer": {SF: "Influencer", HS: "influencer"},
    "user": {SF: "User", HS: "user"},
}
"""Buying roles, and what each is called in a CRM."""
ONLY_HUBSPOT = "gatekeeper"
"""A buying role that an admin added in HubSpot alone."""

FIELDS: tuple[Mapped, ...] = (
    Mapped(
        name="company",
        salesforce="Company",
        hubspot="company",
        rule="hubspot",
        converted="Account.Name",
    ),
    Mapped(name="title", salesforce="Title", hubspot="jobtitle", room=128, converted="Title"),
    Mapped(
        name="phone",
        salesforce="Phone",
        hubspot="phone",
        rule="salesforce",
        room=40,
        converted="Phone",
    ),
    Mapped(
        name="country",
        salesforce="Country",
        hubspot="country",
        rule="ask",
        room=80,
        converted="MailingCountry",
    ),
    Mapped(name="need", salesforce="Need__c", hubspot="need", clears=True, converted="Need__c"),
    Mapped(
        name="employees",
        salesforce="NumberOfEmployees",
        hubspot="employees",
        shape=Shape.WHOLE,
        rule="salesforce",
        converted="Account.NumberOfEmployees",
    ),
    Mapped(
        name="budget_confirmed",
        salesforce="Budget_Confirmed__c",
        hubspot="budget_confirmed",
        shape=Shape.TICK,
        rule="hubspot",
        converted="Budget_Confirmed__c",
    ),
    Mapped(
        name="buying_role",
        salesforce="Buying_Role__c",
        hubspot="buying_role",
        shape=Shape.CHOICE,
    ),
    Mapped(
        name="purchase_timeline",
        salesforce="Purchase_Timeline__c",
        hubspot="purchase_timeline",
        shape=Shape.DAY,
    ),
    Mapped(
        name="demo_attended_on",
        salesforce="Demo_Attended_On__c",
        hubspot="demo_attended_on",
        shape=Shape.DAY,
        flow=Flow.TO_SALESFORCE,
        rule="hubspot",
    ),
)
BY_NAME: Mapping[str, Mapped] = {field.name: field for field in FIELDS}
KINDS: Mapping[System, tuple[str, ...]] = {SF: ("Lead", "Contact"), HS: ("contact",)}
"""The objects that are people, by the names the journal has for them."""
_BY_PROPERTY: Mapping[tuple[str, str], Mapped] = {
    (kind, name): field
    for system, kinds in KINDS.items()
    for kind in kinds
    for field in FIELDS
    if (name := field.property_on(system, kind))
}


def field_of(kind: str, name: str) -> Mapped | None:
    """The field that a property of a record tells; None for one that is not mapped."""
    return _BY_PROPERTY.get((kind, name))


def changed_map(
    fields: Mapping[str, Mapped], name: str, *, flow: Flow | None = None, rule: str | None = None
) -> Mapping[str, Mapped]:
    """The map after an admin changed one line of it."""
    old = fields[name]
    return {**fields, name: replace(old, flow=flow or old.flow, rule=rule or old.rule)}


def fact_of(field: Mapped, system: System, raw: Any) -> Fact:
    """What a raw value of a vendor says; None for blank. ValueError for what says nothing."""
    if raw is None or raw == "":
        return None
    match field.shape:
        case Shape.TEXT | Shape.DAY:
            return str(raw)
        case Shape.WHOLE:
            number = float(raw)
            if not number.is_integer():
                raise ValueError(raw)
            return int(number)
        case Shape.TICK:
            return raw if isinstance(raw, bool) else str(raw) == "true"
        case Shape.CHOICE:
            named = (name for name, called in CHOICES.items() if called[system] == raw)
            return next(named, str(raw))
        case _:
            assert_never(field.shape)


def fits(field: Mapped, fact: Fact, system: System) -> bool:
    """Whether a CRM could hold this fact."""
    if system is HS:
        return field.shape is not Shape.CHOICE or fact is None or fact in CHOICES
    if fact is None:
        return field.shape is not Shape.TICK and field.name != "company"
    if field.shape is Shape.CHOICE:
        return fact in CHOICES
    return not isinstance(fact, str) or len(fact) <= field.room


_STATUSES = {
    "Sales Qualified": "sql",
    "Working": "sal",
    "Marketing Qualified": "mql",
    "Open": "lead",
    "Nurture": "nurture",
    "Disqualified": "disqualified",
}


def stage_in_salesforce(row: Mapping[str, Any], *, won: bool) -> str | None:
    if row["IsConverted"]:
        return "customer" if won else "opportunity"
    return _STATUSES.get(row["Status"])


def stage_in_hubspot(values: Mapping[str, str]) -> str | None:
    """The stage that lifecycle stage and lead status tell together; None for none."""
    cycle, status = values.get("lifecyclestage", ""), values.get("hs_lead_status", "")
    match cycle, status:
        case ("customer", _):
            return "customer"
        case ("opportunity", _):
            return "opportunity"
        case ("salesqualifiedlead", _):
            return "sql"
        case ("marketingqualifiedlead", "IN_PROGRESS"):
            return "sal"
        case ("marketingqualifiedlead", ""):
            return "mql"
        case ("lead", "UNQUALIFIED"):
            return "disqualified"
        case ("lead", "BAD_TIMING"):
            return "nurture"
        case ("lead", _):
            return "lead"
        case _:
            return None
