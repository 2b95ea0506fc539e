"""A CRM map for somebody who has none yet: guessed from what both CRMs offer, by words.

Pure. It is good enough to look by, never to write by. Whatever it takes a value for is shown
on the page, and a value it cannot place is a finding.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from syncd.core.rejection import REJECTION_REASON
from syncd.domain.mapping import CrmMap, Mark, SideMap
from syncd.domain.names import OWNER, FieldName, System
from syncd.domain.record import PropertySchema, Schema
from syncd.domain.stage import Stage, StageLine
from syncd.domain.values import FieldSpec, FieldType

STATUS, LIFECYCLE, LEAD_STATUS = "Status", "lifecyclestage", "hs_lead_status"
LOST_REASON = "closed_lost_reason"
"""Of HubSpot's deals; Salesforce has none of its own."""
_CONVERTED = {
    Stage.CUSTOMER: {"IsConverted": "true", "ConvertedOpportunity.IsWon": "true"},
    Stage.OPPORTUNITY: {"IsConverted": "true"},
}
_WORDS: Sequence[tuple[Stage, str]] = (
    (Stage.LEAD, r"^(open|new)\b|not[ -]contacted"),
    (Stage.DISQUALIFIED, r"disqual|unqual|not[ -](qual|convert)|reject|junk|dead|lost|bad[ -]fit"),
    (Stage.NURTURE, r"nurtur|recycl|not[ -]ready|bad[ -]timing|later"),
    (Stage.CUSTOMER, r"customer|won|evangelist|advocate"),
    (Stage.OPPORTUNITY, r"opportunit"),
    (Stage.MQL, r"\bmql\b|marketing[ -]*(qualified|accepted)"),
    (Stage.SQL, r"\bsql\b|sales[ -]*qualified|^qualified$"),
    (Stage.SAL, r"\bsal\b|accepted|working|contacted|attempt|in[ -]progress|connected"),
    (Stage.LEAD, r"open|new|lead|subscriber|inquir|raw"),
)  # fmt: skip
"""Tried in this order: "marketing qualified" holds the word "qualified", too."""
_STATUS_OF = {Stage.SAL: Stage.MQL, Stage.DISQUALIFIED: Stage.LEAD, Stage.NURTURE: Stage.LEAD}
"""Stages HubSpot's own lifecycle lacks: the lead status tells them, of those who stand here."""
_KNOWN: Mapping[str, tuple[FieldType, str, str]] = {
    "email": (FieldType.EMAIL, "Email", "email"),
    "first_name": (FieldType.STRING, "FirstName", "firstname"),
    "last_name": (FieldType.STRING, "LastName", "lastname"),
    "company": (FieldType.STRING, "Company", "company"),
    "title": (FieldType.STRING, "Title", "jobtitle"),
    "phone": (FieldType.STRING, "Phone", "phone"),
    "country": (FieldType.STRING, "Country", "country"),
    "source": (FieldType.STRING, "LeadSource", "hs_analytics_source"),
    OWNER: (FieldType.OWNER, "OwnerId", "hubspot_owner_id"),
}
_CARRIED = {"Email", "FirstName", "LastName", "Title", "Phone", "LeadSource", "OwnerId"}
"""Fields the contact has under the same name, once a lead is converted."""
_WHY = re.compile(
    r"(reject|disqual|unqual|recycl|lost|closed|return).*reason|reason.*(reject|disqual|unqual|lost)"
)
_OURS = re.compile(r"syncd", re.IGNORECASE)


def first_map() -> CrmMap:
    """Enough to ask what else there is."""
    return _map({x: {} for x in System})


def guessed_map(schemas: Mapping[System, Schema]) -> CrmMap:
    return _map(schemas)


def with_reasons(crm: CrmMap, schemas: Mapping[System, Schema]) -> CrmMap:
    """With the field in which sales says why, where the map names none and one is there."""
    if REJECTION_REASON in crm.fields:
        return crm
    found = {s: name for s in System if (name := _reason_in(schemas[s]))}
    if not found:
        return crm
    spec = _spec(REJECTION_REASON, FieldType.STRING, found)
    return replace(crm, fields={**crm.fields, REJECTION_REASON: spec})


def reasons_of(crm: CrmMap) -> FieldName | None:
    """The field in which it stands why a lead was turned down: that of sales, else syncd's."""
    ours = crm.marks.get(Mark.RECYCLE_REASON)
    return REJECTION_REASON if REJECTION_REASON in crm.fields else ours


def _reason_in(schema: Schema) -> str | None:
    """Neither what syncd keeps, nor what a vendor reckons."""
    named = (
        x.name
        for x in schema.values()
        if x.writable and "." not in x.name and not _OURS.search(x.name)
        if _WHY.search(f"{x.name} {x.label}".lower().replace("_", " "))
    )
    return min(named, default=None)


def _map(schemas: Mapping[System, Schema]) -> CrmMap:
    fields = {x.name: x for x in (*_known(schemas), *_own(schemas))}
    return CrmMap(
        sides={
            System.SALESFORCE: _salesforce(schemas[System.SALESFORCE]),
            System.HUBSPOT: _hubspot(schemas[System.HUBSPOT]),
        },
        fields=fields,
        marks={},
        name=tuple(FieldName(x) for x in ("first_name", "last_name") if x in fields),
        company=FieldName("company") if "company" in fields else None,
        source=FieldName("source") if "source" in fields else None,
    )


def _known(schemas: Mapping[System, Schema]) -> Iterator[FieldSpec]:
    for name, (type_, *paths) in _KNOWN.items():
        there = {s: p for s, p in zip(System, paths, strict=True) if p in schemas[s]}
        if there:
            yield _spec(FieldName(name), type_, there)


def _own(schemas: Mapping[System, Schema]) -> Iterator[FieldSpec]:
    """Fields the org made for itself, with those of HubSpot that have the same name."""
    hubspot = {_plain(x.name): x.name for x in schemas[System.HUBSPOT].values()}
    for field in schemas[System.SALESFORCE].values():
        if not field.name.endswith("__c") or "." in field.name or _OURS.search(field.name):
            continue
        twin = hubspot.get(_plain(field.name.removesuffix("__c")))
        there = {System.SALESFORCE: field.name} | ({System.HUBSPOT: twin} if twin else {})
        name = field.name.removesuffix("__c").lower()
        if _WHY.search(f"{field.name} {field.label}".lower().replace("_", " ")):
            continue
        yield _spec(FieldName(name), _type_of(field), there)


def _type_of(field: PropertySchema) -> FieldType:
    """Numbers and dates as such: the two CRMs spell them apart."""
    return _TYPES.get(field.type, FieldType.STRING)


_TYPES = {
    "boolean": FieldType.BOOLEAN,
    "int": FieldType.INTEGER,
    "double": FieldType.NUMBER,
    "percent": FieldType.NUMBER,
    "currency": FieldType.CURRENCY,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
}


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _spec(name: FieldName, type_: FieldType, properties: Mapping[System, str]) -> FieldSpec:
    own = properties.get(System.SALESFORCE)
    carried = own if own in _CARRIED or (own or "").endswith("__c") else None
    if own == "Company":
        carried = "Account.Name"
    return FieldSpec(name=name, type=type_, properties=properties, options={}, converted=carried)


def _salesforce(schema: Schema) -> SideMap:
    offered = schema[STATUS].offered if STATUS in schema else ()
    lines = [StageLine(stage=s, values=v, read_only=True) for s, v in _CONVERTED.items()]
    lines += [
        StageLine(stage=stage, values={STATUS: value})
        for value in offered
        if (stage := stage_in_words(value)) and not is_conversion(value)
    ]
    return SideMap(
        system=System.SALESFORCE,
        kind="Lead",
        stages=tuple(lines),
        email="Email",
        extra_emails=None,
        external_id=None,
        other_id=None,
        fixed_when={},
        record_url="{id}",
        overlap=timedelta(),
        converted_kind="Contact",
        converted_path="ConvertedContact",
    )


def _hubspot(schema: Schema) -> SideMap:
    stages = schema[LIFECYCLE].offered if LIFECYCLE in schema else ()
    statuses = schema[LEAD_STATUS].offered if LEAD_STATUS in schema else ()
    whole = [(x, stage) for x in stages if (stage := stage_in_words(_spaced(x)))]
    lines = [
        StageLine(stage=stage, values={LIFECYCLE: x, LEAD_STATUS: status})
        for status in statuses
        if (stage := stage_in_words(_spaced(status))) in _STATUS_OF
        for x, below in whole
        if below is _STATUS_OF[stage] and stage
    ]
    lines += [StageLine(stage=stage, values={LIFECYCLE: x}) for x, stage in whole]
    return SideMap(
        system=System.HUBSPOT,
        kind="contact",
        stages=tuple(lines),
        email="email",
        extra_emails="hs_additional_emails" if "hs_additional_emails" in schema else None,
        external_id=None,
        other_id=None,
        fixed_when={},
        record_url="{id}",
        overlap=timedelta(),
        lost_reason=LOST_REASON,
    )


def _spaced(value: str) -> str:
    """HubSpot's own names are written together."""
    return re.sub(r"(marketing|sales)(qualified)(lead)", r"\1 \2", value.lower()).replace("_", " ")


def is_conversion(value: str) -> bool:
    """Whether a status is one that only converting sets: Closed - Converted, and the like."""
    return "convert" in value.lower().replace("not convert", "")


def stage_in_words(value: str) -> Stage | None:
    """What a value's name most likely means; None where it says nothing."""
    text = value.lower().replace("_", " ")
    return next((stage for stage, words in _WORDS if re.search(words, text)), None)
