"""What provisioning would do: what a configuration needs, held against what is there.

Pure. Nothing that exists is ever altered but for options added to a picklist: what differs
is told, with what to do about it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from syncd.core.doctor import ailments
from syncd.core.doctor.fields import quoted, unfit
from syncd.core.wanted import Choice, Wanted, WantedField, WantedList
from syncd.domain.mapping import CrmMap, SideMap
from syncd.domain.names import System
from syncd.domain.record import Schema
from syncd.domain.values import FieldType

NAME = "syncd"
"""Of the property group, and of the permission set."""
HOMES = {System.SALESFORCE: "permission set", System.HUBSPOT: "property group"}

Place: TypeAlias = tuple[str, str]
"""The kind of record, and the name of its field."""


class State(StrEnum):
    EXISTS = "exists"
    MISSING = "to create"
    LACKS = "to extend"
    HIDDEN = "to open up"
    DIFFERS = "differs"
    BY_HAND = "by hand"


TO_DO = frozenset({State.MISSING, State.LACKS, State.HIDDEN})
UNSETTLED = frozenset({State.DIFFERS, State.BY_HAND})
"""Only a person can settle these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one CRM has. `schema` is what our user sees; `hidden` are fields that are there, and
    not for our user. `has_home`: what everything is made in is there, and ours to use.
    `fixed_options` are the fields whose options the API cannot change. `lists` are those found
    by the id the configuration gives; `made_lists` those found by label, with their ids."""

    schema: Schema
    has_home: bool
    hidden: frozenset[Place] = frozenset()
    fixed_options: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    made_lists: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing the configuration needs. `says` is more about its state, `choices` the options
    it lacks; `wants` is None for the home."""

    system: System
    kind: str
    name: str
    state: State
    says: str = ""
    wants: WantedField | WantedList | None = None
    choices: tuple[Choice, ...] = ()


def plan(wanted: Wanted, crm: CrmMap, found: Mapping[System, Found]) -> tuple[Item, ...]:
    """Every thing that is wanted, Salesforce's first; each side's home before what is in it."""
    return tuple(item for system in found for item in _side(wanted, crm, system, found[system]))


def _side(wanted: Wanted, crm: CrmMap, system: System, found: Found) -> Iterator[Item]:
    side = crm.sides[system]
    fields = [_field(x, side, found) for x in wanted.fields if x.system is system]
    if found.has_home or any(x.state in (State.MISSING, State.HIDDEN) for x in fields):
        state = State.EXISTS if found.has_home else State.MISSING
        yield Item(system=system, kind=HOMES[system], name=NAME, state=state)
    yield from fields
    for wish in wanted.lists:
        if wish.system is system:
            yield _list(wish, found)


def _field(wish: WantedField, side: SideMap, found: Found) -> Item:
    state, says, choices = _state_of(wish, side, found)
    return Item(
        system=wish.system,
        kind=wish.kind,
        name=wish.name,
        state=state,
        says=says,
        wants=wish,
        choices=choices,
    )


def _state_of(
    wish: WantedField, side: SideMap, found: Found
) -> tuple[State, str, tuple[Choice, ...]]:
    path = wish.name if wish.kind == side.kind else f"{side.converted_path}.{wish.name}"
    there = found.schema.get(path)
    if there is None:
        return *_absent(wish, found), ()
    options = (ailments.STAGE_VALUE_MISSING.id, ailments.OPTION_MISSING.id)
    harmless = (*options, ailments.OPTION_UNMAPPED.id)
    findings = unfit(wish, found.schema, side)
    misfits = [x for x in findings if x.id not in harmless]
    if misfits:
        return State.DIFFERS, "; ".join(f"{x.what}. {x.fix}" for x in misfits), ()
    lacking = tuple(x for x in wish.choices if there.offered and x.value not in there.offered)
    if not lacking:
        return State.EXISTS, "", ()
    named = quoted([x.value for x in lacking])
    if path in found.fixed_options:
        return State.BY_HAND, f"lacks {named}: the API cannot add that, add it in the setup", ()
    return State.LACKS, f"lacks {named}", lacking


def _absent(wish: WantedField, found: Found) -> tuple[State, str]:
    if (wish.kind, wish.name) in found.hidden:
        return State.HIDDEN, "is there, and hidden from syncd's user"
    if wish.type is None or wish.type is FieldType.OWNER or not wish.can_be_made:
        return State.BY_HAND, "not there, or hidden: it comes with the CRM and cannot be made"
    if not _NAMES[wish.system].fullmatch(wish.name):
        return State.BY_HAND, f"cannot be made: {_NAMING[wish.system]}; name another in crm.yaml"
    return State.MISSING, f"{wish.type}, {wish.purpose}"


_NAMES = {
    System.SALESFORCE: re.compile(r"(?=.{1,43}$)[A-Za-z](?:_?[A-Za-z0-9])*__c", re.ASCII),
    System.HUBSPOT: re.compile(r"[a-z][a-z0-9_]{0,99}"),
}
_NAMING = {
    System.SALESFORCE: "Salesforce takes letters, digits and single underscores, 40 before __c",
    System.HUBSPOT: "HubSpot takes small letters, digits and underscores, 100 of them",
}


def _list(wish: WantedList, found: Found) -> Item:
    """One that has another id than the configuration names is not made a second time."""
    state, says = State.MISSING, f'"{wish.label}", as {wish.id} of {wish.where} is not there'
    made = found.made_lists.get(wish.label)
    if wish.id in found.lists:
        state, says = State.EXISTS, ""
    elif made is not None:
        key = wish.where.removeprefix("policy.yaml: ")
        state, says = (
            State.BY_HAND,
            f'"{wish.label}" is there: write {key}: "{made}" in policy.yaml',
        )
    kind = "list" if wish.system is System.HUBSPOT else "campaign"
    return Item(system=wish.system, kind=kind, name=wish.id, state=state, says=says, wants=wish)
