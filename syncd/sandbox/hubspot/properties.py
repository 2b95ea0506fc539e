"""Property definitions, and the check of one value against its definition.

Values are strings all the way, as in the real portal; the empty string clears.
Options of a property are ordinary data: adding, renaming and removing them is allowed.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from syncd.sandbox.hubspot.refusals import Problem
from syncd.sandbox.hubspot.stamps import iso, parse_day, parse_instant

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: str
    description: str = ""
    display_order: int = -1
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property of one kind of object. `read_only` means its value: the portal sets it."""

    name: str
    label: str
    type: str = "string"
    field_type: str = "text"
    group: str = "contactinformation"
    description: str = ""
    options: tuple[Option, ...] = ()
    read_only: bool = False
    calculated: bool = False
    hidden: bool = False
    unique: bool = False
    external_options: bool = False
    hubspot_defined: bool = False
    form_field: bool = True
    display_order: int = -1
    created_ms: int = field(default=0, compare=False)
    updated_ms: int = field(default=0, compare=False)

    @property
    def several(self) -> bool:
        """Whether one value may name several options, joined by semicolons."""
        return self.field_type == "checkbox"


def text_of(value: Any) -> str:
    """The string HubSpot makes of a JSON scalar; null clears, like the empty string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def fitted(definition: Property, text: str) -> str | Problem:
    """The value as the portal stores it, or what is wrong with it."""
    if definition.read_only:
        return _problem(
            definition,
            "READ_ONLY_VALUE",
            f'"{definition.name}" is a read only property; its value cannot be set.',
        )
    if not text:
        return text
    return _FITS.get(definition.type, _fit_string)(definition, text)


def unknown(name: str) -> Problem:
    return Problem(
        name=name, code="PROPERTY_DOESNT_EXIST", message=f'Property "{name}" does not exist'
    )


def _fit_string(definition: Property, text: str) -> str | Problem:
    if len(text) > 65_536:
        return _problem(definition, "STRING_TOO_LONG", f"{definition.name} was too long.")
    if definition.name != "email":
        return text
    if not _EMAIL.fullmatch(text):
        return _problem(definition, "INVALID_EMAIL", f"Email address {text} is invalid")
    return text.lower()


def _fit_number(definition: Property, text: str) -> str | Problem:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return text
    return _problem(definition, "INVALID_LONG", f"{text} was not a valid long.")


def _fit_option(definition: Property, text: str) -> str | Problem:
    if definition.external_options:
        return text
    allowed = {option.value for option in definition.options}
    chosen = [part for part in text.split(";") if part] if definition.several else [text]
    if allowed.issuperset(chosen):
        return text
    labels = ", ".join(option.label for option in definition.options)
    return _problem(
        definition, "INVALID_OPTION", f"{text} was not one of the allowed options: [{labels}]"
    )


def _fit_day(definition: Property, text: str) -> str | Problem:
    day = parse_day(text)
    if day is None:
        return _problem(definition, "INVALID_DATE", f"{text} was not a valid date.")
    return day


def _fit_instant(definition: Property, text: str) -> str | Problem:
    ms = parse_instant(text)
    if ms is None:
        day = parse_day(text)  # a bare date is taken as its midnight UTC
        ms = None if day is None else parse_instant(f"{day}T00:00:00Z")
    if ms is None:
        return _problem(definition, "INVALID_DATE", f"{text} was not a valid date.")
    return iso(ms)


def _problem(definition: Property, code: str, message: str) -> Problem:
    return Problem(name=definition.name, code=code, message=message)


_FITS: dict[str, Callable[[Property, str], str | Problem]] = {
    "number": _fit_number,
    "enumeration": _fit_option,
    "bool": _fit_option,
    "date": _fit_day,
    "datetime": _fit_instant,
}
