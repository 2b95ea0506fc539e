"""Whether the fields the configuration names are there, and take what syncd will write."""

from collections.abc import Iterator, Sequence

from syncd.core.doctor import ailments
from syncd.core.doctor.facts import Facts, SideFacts, Unseen
from syncd.core.doctor.finding import Finding
from syncd.core.refusal import takes
from syncd.core.value_words import listed
from syncd.core.wanted import WantedField, wanted
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.record import PropertySchema, Schema


def unfit_fields(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Of every wanted field the first thing that is wrong with its being there, and all that
    is wrong with what it takes."""
    if isinstance(side.schema, Unseen):
        return
    setup = facts.setup
    side_map = setup.crm.sides[system]
    for field in wanted(setup.policy, setup.crm).fields:
        if field.system is system:
            yield from unfit(field, side.schema, side_map)


def missing_relations(system: System, side: SideFacts, facts: Facts) -> Iterator[Finding]:
    """Paths to other records that lead nowhere."""
    if isinstance(side.schema, Unseen):
        return
    side_map = facts.setup.crm.sides[system]
    inside = f"{side_map.converted_path}." if side_map.converted_kind else None
    for path in facts.setup.crm.properties(system):
        own = path.removeprefix(inside) if inside else path
        if "." in own and path not in side.schema:
            what = f"{path} leads to no record syncd's user can see"
            yield ailments.FIELD_MISSING.found(what, system.label, place=_AT[system])


def unfit(field: WantedField, schema: Schema, side: SideMap) -> Iterator[Finding]:
    """All that is wrong with one. A contact's fields stand in the schema under the path that
    leads to them."""
    path = field.name if field.kind == side.kind else f"{side.converted_path}.{field.name}"
    there = schema.get(path)
    if there is None:
        yield _missing(field)
        return
    yield from _unfit_type(field, there)
    yield from _unwritable(field, there)
    yield from _too_short(field, there)
    yield from _wrong_options(field, there)
    if field.unique and not there.unique:
        how = _UNIQUE[field.system]
        what = f"{_named(field)} does not have to be unique"
        yield ailments.EXTERNAL_ID_NOT_UNIQUE.found(what, _where(field), how=how)


def _missing(field: WantedField) -> Finding:
    what = f"{_named(field)} is not there, or hidden: {field.purpose}"
    if field.is_stage:
        return ailments.STAGE_PROPERTY_MISSING.found(what, _where(field), system=field.system.value)
    if field.own and not field.unique:
        return ailments.MARK_MISSING.found(what, _where(field))
    return ailments.FIELD_MISSING.found(what, _where(field), place=_AT[field.system])


def _unfit_type(field: WantedField, there: PropertySchema) -> Iterator[Finding]:
    if field.type is not None and not takes(field.type, there, field.system):
        what = f"{_named(field)} is of type {there.type}, and crm.yaml says {field.type}"
        yield ailments.FIELD_TYPE.found(what, _where(field))


def _unwritable(field: WantedField, there: PropertySchema) -> Iterator[Finding]:
    if field.written and not there.writable:
        what = f"{_named(field)} cannot be written, and is to be"
        yield ailments.FIELD_READ_ONLY.found(what, _where(field), how=_WRITE[field.system])


def _too_short(field: WantedField, there: PropertySchema) -> Iterator[Finding]:
    if field.length and there.max_length is not None and there.max_length < field.length:
        what = f"{_named(field)} holds {there.max_length:,} characters"
        yield ailments.FIELD_TOO_SHORT.found(
            what, _where(field), length=f"{field.length:,}", place=_AT[field.system]
        )


def _wrong_options(field: WantedField, there: PropertySchema) -> Iterator[Finding]:
    """Only where the CRM offers options at all."""
    if not field.choices or not there.offered:
        return
    named = [choice.value for choice in field.choices]
    lacking = [value for value in named if value not in there.offered]
    if lacking:
        options = quoted(lacking)
        ailment = ailments.STAGE_VALUE_MISSING if field.is_stage else ailments.OPTION_MISSING
        yield ailment.found(
            f"{_named(field)} does not offer {options}",
            _where(field),
            options=options,
            place=_AT[field.system],
            system=field.system.value,
        )
    unmapped = [value for value in there.offered if value not in named]
    if unmapped and not field.is_stage:
        options = quoted(unmapped)
        what = f"{_named(field)} offers {options}, which crm.yaml does not name"
        yield ailments.OPTION_UNMAPPED.found(what, _where(field), options=options)


def _named(field: WantedField) -> str:
    return f"{field.kind} {field.name}"


def _where(field: WantedField) -> str:
    return f"{field.system.label}, {field.where}"


def quoted(values: Sequence[str]) -> str:
    return listed([f'"{value}"' for value in values], "and")


_AT = {
    System.SALESFORCE: "Setup > Object Manager > Lead > Fields & Relationships",
    System.HUBSPOT: "Settings > Properties > Contact properties",
}
_WRITE = {
    System.SALESFORCE: "Setup > Permission Sets > the integration user's set > Object Settings > "
    "the object > Field Permissions: tick Edit. A formula cannot be written: set its direction so "
    "that it does not flow there.",
    System.HUBSPOT: "HubSpot calculates it: name another property in crm.yaml, or set its "
    "direction so that it does not flow there.",
}
_UNIQUE = {
    System.SALESFORCE: "Setup > Object Manager > Lead > Fields & Relationships > the field > Edit: "
    "tick Unique and External ID.",
    System.HUBSPOT: "HubSpot takes that at creation only: make a new property with unique "
    "values and name it as hubspot.external_id in crm.yaml.",
}
