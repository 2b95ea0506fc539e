"""How one typed value is spelled in each CRM: reading it, and writing it without loss.

Every vendor value is read by way of its text, so that HubSpot's strings and Salesforce's
JSON types meet in one place. Stages are in `stages`; what a property accepts is asked in
`denormalise`.

Instants are held to the whole second: Salesforce keeps no more.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from operator import methodcaller

from syncd.core.ids import salesforce_id_18
from syncd.core.stages import as_text
from syncd.domain.names import System
from syncd.domain.record import Directory, Person
from syncd.domain.values import FieldSpec, FieldType, Unreadable, Value

VendorValue = str | int | float | bool | None
Reader = Callable[[str], Value]
"""A text that is not empty to its value. ValueError or ArithmeticError when it does not fit."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MILLISECONDS = re.compile(r"-?[0-9]{1,15}")
_EMAIL = re.compile(r"[^@\s;\x00-\x1f\x7f]+@[^@\s;\x00-\x1f\x7f]+")
_read_text: Callable[[str], str] = methodcaller("replace", "\r\n", "\n")
"""Salesforce keeps line ends as CR LF, HubSpot as they came."""
_SINGLE = (str, type(None), bool, int, float)
"""What JSON has for one value; told first, because almost every value is of these."""
_MOST_DIGITS = 28
"""What decimal arithmetic keeps exactly; also keeps 1e999999 from filling the memory."""

FITS: Mapping[FieldType, str] = {
    FieldType.STRING: "a text",
    FieldType.TEXT: "a text",
    FieldType.INTEGER: "a whole number",
    FieldType.NUMBER: "a number",
    FieldType.CURRENCY: "an amount",
    FieldType.BOOLEAN: "true or false",
    FieldType.DATE: "a date",
    FieldType.DATETIME: "a date and time with its zone",
    FieldType.PICKLIST: "one option",
    FieldType.MULTI_PICKLIST: "options without a semicolon in them",
    FieldType.EMAIL: "an email address",
    FieldType.OWNER: "an owner syncd knows there",
}
"""What fits a field of each type, in words."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """The value cannot be spelled there; `fits` says what could."""

    fits: str


def read_value(
    raw: object, spec: FieldSpec, system: System, directory: Directory
) -> Value | Unreadable:
    """A vendor value in canonical form; Unreadable when it is not of the field's type."""
    try:
        return read_raw(raw, reader(spec, system, directory))
    except (ValueError, ArithmeticError):
        return misread(spec, system)


def read_raw(raw: object, read: Reader) -> Value:
    """A vendor value by way of its text. ValueError or ArithmeticError when it does not fit."""
    text = raw.strip() if isinstance(raw, str) else _scalar(raw)
    return read(text) if text else None


def reader(spec: FieldSpec, system: System, directory: Directory) -> Reader:
    """How a text of this field is read, for reading many."""
    if spec.type is FieldType.OWNER:
        return lambda text: _find(text, system, directory).owner
    if spec.type is FieldType.PICKLIST:
        names = _names(spec, system)
        return lambda text: names.get(text, text)
    if spec.type is FieldType.MULTI_PICKLIST:
        return partial(_read_several, names=_names(spec, system))
    return _READERS[spec.type]


def misread(spec: FieldSpec, system: System) -> Unreadable:
    return Unreadable(why=f"what {system.label} shows is not {FITS[spec.type]}")


def spell_value(
    value: Value, spec: FieldSpec, system: System, directory: Directory
) -> VendorValue | Misfit:
    """The value as the vendor takes it; Misfit when it would not read back as itself."""
    if spec.type is FieldType.OWNER:
        return _spell_owner(value, system, directory)
    if value is None:
        return None
    if not _is_typed(value, spec.type):
        return Misfit(FITS[spec.type])
    spelling = _spell(value, spec, system)
    if read_value(spelling, spec, system, directory) != value:
        return Misfit(f"{FITS[spec.type]} that {system.label} keeps unchanged")
    return spelling


def read_email(text: str) -> str:
    """Addresses are compared in lower case. ValueError when it is none."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise ValueError("not an email address")
    return email


def _scalar(raw: object) -> str:
    if not isinstance(raw, _SINGLE) and isinstance(raw, Mapping | list | tuple):
        raise ValueError("several values where one is meant")  # noqa: TRY004 - a misfit, not a bug
    return as_text(raw)


def _find(owner_id: str, system: System, directory: Directory) -> Person:
    person = directory.by_id.get(owner_id)
    if person is None and system is System.SALESFORCE:
        person = directory.by_id.get(salesforce_id_18(owner_id) or "")
    if person is None:
        raise ValueError("nobody has this owner id")
    return person


def _names(spec: FieldSpec, system: System) -> Mapping[str, str]:
    """The canonical name of each vendor value; of several the one that stands first."""
    names: dict[str, str] = {}
    for name, vendor in spec.options.get(system, {}).items():
        names.setdefault(vendor, name)
    return names


def _read_several(text: str, names: Mapping[str, str]) -> Value:
    parts = {part.strip() for part in text.split(";")} - {""}
    return tuple(sorted({names.get(part, part) for part in parts})) or None


def _read_number(text: str) -> Decimal:
    if _is_plain(text):
        return Decimal(text)
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    number = Decimal(text)
    if len(number.as_tuple().digits) > _MOST_DIGITS or abs(number.adjusted()) >= _MOST_DIGITS:
        raise ValueError("more digits than are kept exactly")
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if whole == number else number.normalize()


def _read_integer(text: str) -> int:
    if _is_plain(text):
        return int(text)
    number = _read_number(text)
    if number != int(number):
        raise ValueError("not whole")
    return int(number)


def _is_plain(text: str) -> bool:
    """Whether it is digits and nothing else, as most numbers are: these fit as they are."""
    return text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS


def _read_boolean(text: str) -> bool:
    word = text.lower()
    if word not in ("true", "false"):
        raise ValueError("neither true nor false")
    return word == "true"


def _read_date(text: str) -> date:
    """HubSpot also tells a date as the instant of its midnight UTC."""
    if not _MILLISECONDS.fullmatch(text) and "T" not in text:
        return date.fromisoformat(text)
    instant = _read_instant(text)
    if instant.time() != time():
        raise ValueError("not midnight UTC")
    return instant.date()


def _read_instant(text: str) -> datetime:
    """ISO 8601 with a zone, or epoch milliseconds: HubSpot answers in both."""
    if _MILLISECONDS.fullmatch(text):
        instant = _EPOCH + timedelta(milliseconds=int(text))
    else:
        instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no zone")
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.replace(microsecond=0) if instant.microsecond else instant


_READERS: Mapping[FieldType, Callable[[str], Value]] = {
    FieldType.STRING: _read_text,
    FieldType.TEXT: _read_text,
    FieldType.INTEGER: _read_integer,
    FieldType.NUMBER: _read_number,
    FieldType.CURRENCY: _read_number,
    FieldType.BOOLEAN: _read_boolean,
    FieldType.DATE: _read_date,
    FieldType.DATETIME: _read_instant,
    FieldType.EMAIL: read_email,
}


_TEXTS = frozenset(
    {
        FieldType.STRING,
        FieldType.TEXT,
        FieldType.PICKLIST,
        FieldType.EMAIL,
        FieldType.OWNER,
    }
)


def _is_typed(value: Value, kind: FieldType) -> bool:
    """Whether a canonical value is of the field's type."""
    if isinstance(value, str):
        return kind in _TEXTS
    match kind:
        case FieldType.BOOLEAN:
            return isinstance(value, bool)
        case FieldType.INTEGER:
            return _is_whole(value)
        case FieldType.NUMBER | FieldType.CURRENCY:
            return _is_whole(value) or (isinstance(value, Decimal) and value.is_finite())
        case FieldType.DATE:
            return isinstance(value, date) and not isinstance(value, datetime)
        case FieldType.DATETIME:
            return isinstance(value, datetime) and value.tzinfo is not None
        case FieldType.MULTI_PICKLIST:
            return isinstance(value, tuple)
    return False


def _is_whole(value: Value) -> bool:
    """An int that is no bool; to Python every bool is an int."""
    return isinstance(value, int) and not isinstance(value, bool)


def _spell(value: Value, spec: FieldSpec, system: System) -> VendorValue:
    """HubSpot takes text alone; Salesforce takes numbers and booleans as JSON has them."""
    if isinstance(value, bool | int | Decimal):
        return _json(value) if system is System.SALESFORCE else _plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    options = spec.options.get(system, {})
    if isinstance(value, tuple):
        return ";".join(options.get(part, part) for part in value)
    return None if value is None else options.get(value, str(value))


def _json(number: bool | int | Decimal) -> VendorValue:
    if not isinstance(number, Decimal):
        return number
    return int(number) if number == number.to_integral_value() else float(number)


def _plain(number: bool | int | Decimal) -> str:
    return format(number, "f") if isinstance(number, Decimal) else as_text(number)


def _spell_owner(value: Value, system: System, directory: Directory) -> VendorValue | Misfit:
    """Salesforce must have an owner; HubSpot has no queues."""
    if value is None:
        return (
            None if system is System.HUBSPOT else Misfit("an owner: Salesforce has no lead without")
        )
    person = directory.by_owner.get(value) if isinstance(value, str) else None
    is_queue = str(value).startswith("queue:") or (person is not None and person.is_queue)
    if system is System.HUBSPOT and is_queue:
        return Misfit("a person: HubSpot has no queues")
    if person is None:
        return Misfit(
            f"an owner who exists in {system.label}; one with another address there is named "
            f"under {system}.owners in crm.yaml"
        )
    return person.id if person.active else Misfit(f"an owner who is active in {system.label}")
