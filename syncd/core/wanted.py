"""What must exist in each CRM for a configuration to work: fields, and lists.

Pure. `doctor` compares it with what is there, `provision` makes what is missing. Fields of
other records, reached through a relationship, are nobody's to make and left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from syncd.domain.mapping import CrmMap, Mark, SideMap
from syncd.domain.names import OWNER, System
from syncd.domain.policy import Policy
from syncd.domain.values import FieldSpec, FieldType

GROUP, GROUP_LABEL = "syncd", "syncd"
"""The HubSpot property group of everything that is made for syncd."""

LEAD_ID_LENGTH = 64
"""Longer than any id syncd gives."""
_LENGTHS = {
    Mark.VERDICT: 255,
    Mark.FINDINGS: 32_000,
    Mark.STANDARD: 80,
    Mark.RECYCLE_REASON: 255,
    Mark.WAIVED: 255,
}
_VENDORS_OWN = ("hs_", "hubspot_", "lifecyclestage", "salesforce")
"""How the names of HubSpot properties begin that HubSpot or its connector makes by itself."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a picklist as the CRM stores it, and what people read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedField:
    """A field that records of this kind must have. `type` is None where any will do, as it is
    only read, as text: such a field syncd does not make. `choices` must be among its values;
    `length` is how many characters it must hold at least, None where that does not matter.
    `written` ones syncd writes; `own` ones nobody else does. `where` is the line of the
    configuration, "" where there is none of its own."""

    system: System
    kind: str
    name: str
    type: FieldType | None
    label: str
    purpose: str
    choices: tuple[Choice, ...] = ()
    length: int | None = None
    unique: bool = False
    is_stage: bool = False
    written: bool = False
    own: bool = False
    where: str = ""

    @property
    def can_be_made(self) -> bool:
        """Whether it is the org's own; all others come with the CRM or its connector."""
        if self.type is None:
            return False
        if self.system is System.SALESFORCE:
            return self.name.endswith("__c")
        return not self.name.startswith(_VENDORS_OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedList:
    """A HubSpot list or Salesforce campaign the configuration names by `id`; `where` says in
    which key. `label` is what to call one that is made in its place."""

    system: System
    id: str
    label: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Each field of a kind once, in the order of the configuration."""

    fields: tuple[WantedField, ...]
    lists: tuple[WantedList, ...]


def wanted(policy: Policy, crm: CrmMap) -> Wanted:
    """All of it, Salesforce's first."""
    fields = [x for system in System for x in _fields(crm, crm.sides[system])]
    once = {(x.system, x.kind, x.name): x for x in reversed(fields)}
    return Wanted(
        fields=tuple(x for x in fields if once[x.system, x.kind, x.name] is x),
        lists=tuple(_lists(policy)),
    )


def _fields(crm: CrmMap, side: SideMap) -> Iterator[WantedField]:
    """The first that names a field says most about it."""
    yield from _stage_fields(side)
    if side.external_id:
        yield _external_id(side, side.external_id)
    marks = {name: mark for mark, name in crm.marks.items()}
    for spec in crm.fields.values():
        yield from _mapped(spec, side, marks.get(spec.name))
    yield from _read_only(side)


def _stage_fields(side: SideMap) -> Iterator[WantedField]:
    """The properties that tell the stage, with every value a line of the map names."""
    written = {p for line in side.stages if not line.read_only for p in line.values}
    for name in dict.fromkeys(p for line in side.stages for p in line.values if "." not in p):
        values = dict.fromkeys(v for line in side.stages if (v := line.values.get(name)))
        is_flag = values.keys() <= {"true", "false"}
        yield WantedField(
            system=side.system,
            kind=side.kind,
            name=name,
            type=FieldType.BOOLEAN if is_flag else FieldType.PICKLIST,
            label=_words(name),
            purpose="tells the stage",
            choices=() if is_flag else tuple(Choice(v, v) for v in values),
            is_stage=True,
            written=name in written,
            where=f"crm.yaml: {side.system}.stages",
        )


def _external_id(side: SideMap, name: str) -> WantedField:
    return WantedField(
        system=side.system,
        kind=side.kind,
        name=name,
        type=FieldType.STRING,
        label="syncd id",
        purpose="keeps syncd's own id of the lead, so that a record is never made twice",
        length=LEAD_ID_LENGTH,
        unique=True,
        written=True,
        own=True,
        where=f"crm.yaml: {side.system}.external_id",
    )


def _mapped(spec: FieldSpec, side: SideMap, mark: Mark | None) -> Iterator[WantedField]:
    """The field on the lead, and on the contact a lead becomes."""
    places = {side.kind: spec.properties.get(side.system)}
    if side.converted_kind:
        places[side.converted_kind] = spec.converted
    for kind, name in places.items():
        if name is not None and "." not in name:
            yield WantedField(
                system=side.system,
                kind=kind,
                name=name,
                type=spec.type,
                label=_words(spec.name),
                purpose="syncd explains itself here" if mark else f'the field "{spec.name}"',
                choices=_choices(spec, side.system),
                length=_LENGTHS.get(mark) if mark else None,
                written=mark is not None or _is_written(spec, side.system),
                own=mark is not None,
                where=spec.where or f"crm.yaml: marks.{mark}",
            )


def _is_written(spec: FieldSpec, system: System) -> bool:
    """The owner is, by recycling and reassigning, whichever way it flows."""
    return spec.name == OWNER or spec.direction.reaches(system)


def _choices(spec: FieldSpec, system: System) -> tuple[Choice, ...]:
    spelled = spec.options.get(system, {})
    return tuple(Choice(vendor, _words(name)) for name, vendor in spelled.items())


def _read_only(side: SideMap) -> Iterator[WantedField]:
    """What is looked at and never written. `other_id` is there only with the connector."""
    purposes: dict[str | None, str] = {
        side.email: "records are matched by it",
        side.extra_emails: "records are matched by it",
        **dict.fromkeys(side.fixed_when, "tells whether the stage can be moved back"),
    }
    for name, purpose in purposes.items():
        if name and "." not in name:
            yield WantedField(
                system=side.system,
                kind=side.kind,
                name=name,
                type=None,
                label=_words(name),
                purpose=purpose,
                where=f"crm.yaml: {side.system}",
            )


def _lists(policy: Policy) -> Iterator[WantedList]:
    """Those syncd puts people on. The lists of score bands are HubSpot's own to fill."""
    recycle = policy.recycle
    named = (
        (System.HUBSPOT, recycle.nurture_list, "nurture_list"),
        (System.SALESFORCE, recycle.campaign, "campaign"),
    )
    for system, list_id, key in named:
        if list_id:
            where = f"policy.yaml: recycle.{key}"
            yield WantedList(system=system, id=list_id, label="Nurture (syncd)", where=where)


def _words(name: str) -> str:
    """What people read for a name: budget_confirmed, Budget confirmed."""
    text = name.removesuffix("__c").replace("_", " ").replace("-", " ").strip()
    return text if text.startswith("syncd") else text[:1].upper() + text[1:]
