"""How people lay hands on records: what they type, and what a CRM makes of it.

A deed is a value that does something to a town; a script is a list of them. It is done as well
as it can be: what a CRM refuses does not happen. Values are chosen by counting, so that the
same script always does the same.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol, assert_never

from model_map import CHOICES, HS, ONLY_HUBSPOT, SF, Mapped, Shape
from town import SECOND, Person, Town

from syncd.sandbox.hubspot.refusals import BadRequest, Duplicate, NotFound, NotValid
from syncd.sandbox.journal import System
from syncd.sandbox.salesforce.errors import Refused

_REFUSALS = (Refused, NotValid, Duplicate, NotFound, BadRequest, KeyError)


class Value(StrEnum):
    NEW = "new"
    BLANK = "blank"
    BACK = "back"  # what it was at first
    ODD = "odd"  # letters beyond ASCII, or the other kind of number
    LONG = "long"  # more than Salesforce has room for
    STRANGE = "strange"  # an option only HubSpot has


class Deed(Protocol):
    def do(self, town: Town) -> None: ...


@contextmanager
def as_allowed(town: Town) -> Iterator[None]:
    """People try; a CRM that refuses has the last word."""
    with town.world.lock:
        try:
            yield
        except _REFUSALS:
            return


def raw_value(field: Mapped, side: System, value: Value, number: int, person: Person) -> Any:
    """A value of this kind, as somebody types it into one CRM. The same number gives the
    same fact on both sides."""
    if value is Value.BLANK:
        return "" if side is HS else None
    match field.shape:
        case Shape.TEXT:
            text = _text(field, value, number, person.name)
            return text if side is SF or value is not Value.LONG else text * 40
        case Shape.WHOLE:
            whole = 120 if value is Value.BACK else number
            return whole if side is SF else f"{whole}.5" if value is Value.ODD else str(whole)
        case Shape.TICK:
            ticked = number % 2 == 0
            return ticked if side is SF else str(ticked).lower()
        case Shape.CHOICE:
            if side is HS and value is Value.STRANGE:
                return ONLY_HUBSPOT
            return list(CHOICES.values())[number % len(CHOICES)][side]
        case Shape.DAY:
            return (date(2026, 5, 1) + timedelta(days=number % 400)).isoformat()
        case _:
            assert_never(field.shape)


def _text(field: Mapped, value: Value, number: int, name: str) -> str:
    if value is Value.BACK:
        return f"{name} {field.name}"
    if value is Value.ODD:
        return f"Zoë & Søn “{number}” 🦊"
    return f"{name} {field.name} {number}"


def for_hubspot(field: Mapped, raw: Any) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return str(raw).lower()
    if field.shape is Shape.CHOICE:
        return next((called[HS] for called in CHOICES.values() if called[SF] == raw), "")
    return str(raw)


def enter(
    town: Town, person: Person, side: System, entry: tuple[Mapped, Any], *, late: int = 0
) -> None:
    """Enter one field where the person's record has it by now; an account's is left alone."""
    field, raw = entry
    name = field.property_on(side, town.kind_of(person) if side is SF else "contact")
    if name and "." not in name:
        put(town, person, side, {name: raw}, late)


def put(town: Town, person: Person, side: System, values: Mapping[str, Any], late: int) -> None:
    with as_allowed(town):
        if side is SF and person.lead:
            town.world.salesforce.edit(
                town.record_of(person),
                values,
                town.rep,
                commit_after=SECOND * late if late else None,
            )
        elif side is HS and person.contact:
            town.portal.edit(person.contact, values)
