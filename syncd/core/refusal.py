"""What a CRM would refuse, or would not keep as it is, of a value already spelled for it.

Pure, by what the CRM says of its properties: type, length, options, digits. Saying so beforehand
is kinder than the vendor's error, which takes a whole write with it.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from syncd.core.spelling import Misfit, VendorValue
from syncd.core.value_words import counted, listed
from syncd.domain.names import System
from syncd.domain.record import PropertySchema
from syncd.domain.values import FieldType, Value

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY})
_TYPED: Mapping[str, frozenset[FieldType]] = {
    "number": _NUMBERS,
    "int": frozenset({FieldType.INTEGER}),
    "long": frozenset({FieldType.INTEGER}),
    "double": _NUMBERS,
    "currency": _NUMBERS,
    "percent": _NUMBERS,
    "bool": frozenset({FieldType.BOOLEAN}),
    "boolean": frozenset({FieldType.BOOLEAN}),
    "date": frozenset({FieldType.DATE}),
    "datetime": frozenset({FieldType.DATETIME}),
}
"""Vendor types that take only fields of these types. All others hold text."""
_JSON_TYPES = _NUMBERS | {FieldType.BOOLEAN}
_EMAIL = re.compile(r"[^@\s;,<>()\"]+@[^@\s;,.]+(?:\.[^@\s;,.]+)+")
"""What both vendors take; more is read than is written."""
_MOST_OPTIONS = 12
_SALESFORCE_YEARS = range(1700, 4001)


def refusal(
    value: Value, spelling: VendorValue, kind: FieldType, accepts: PropertySchema, system: System
) -> Misfit | None:
    """Why the vendor would not take this value for this property, or would change it."""
    if spelling is None:
        return _clear_refusal(accepts, system)
    if not takes(kind, accepts, system):
        return Misfit(f"a value of type {accepts.type}")
    if kind in _NUMBERS and isinstance(value, int | Decimal):
        return _number_refusal(Decimal(value), accepts)
    if isinstance(value, date) and system is System.SALESFORCE:
        return _year_refusal(value)
    if kind is FieldType.OWNER or not isinstance(spelling, str):
        return None
    if kind is FieldType.EMAIL and not _EMAIL.fullmatch(spelling):
        return Misfit("an email address such as name@example.com")
    if kind is FieldType.MULTI_PICKLIST and accepts.options is not None:
        return _option_refusal(spelling.split(";"), accepts.options)
    return text_refusal(spelling, accepts)


def takes(kind: FieldType, accepts: PropertySchema, system: System) -> bool:
    """Whether the property is of a type that holds values of such a field."""
    taken = _TYPED.get(accepts.type)
    if taken is not None:
        return kind in taken
    return system is not System.SALESFORCE or kind not in _JSON_TYPES


def text_refusal(text: str, accepts: PropertySchema) -> Misfit | None:
    if text and accepts.options is not None:
        return _option_refusal([text], accepts.options)
    if accepts.max_length is not None and len(text) > accepts.max_length:
        return Misfit(f"at most {accepts.max_length:,} characters")
    return None


def _clear_refusal(accepts: PropertySchema, system: System) -> Misfit | None:
    """A Salesforce check box is never empty."""
    if system is System.SALESFORCE and accepts.type == "boolean":
        return Misfit("true or false")
    return Misfit("a value: it must not be empty there") if accepts.required else None


def _number_refusal(number: Decimal, accepts: PropertySchema) -> Misfit | None:
    """Salesforce rounds what has more decimals than it keeps, and says nothing."""
    decimals = -int(number.normalize().as_tuple().exponent)
    if accepts.decimals is not None and decimals > accepts.decimals:
        return Misfit(f"a number with at most {counted(accepts.decimals, 'decimal')}")
    if accepts.whole_digits is not None and abs(number) >= 10**accepts.whole_digits:
        return Misfit(f"a number below {10**accepts.whole_digits:,}")
    return None


def _year_refusal(day: date) -> Misfit | None:
    if day.year in _SALESFORCE_YEARS:
        return None
    return Misfit(f"a date from {_SALESFORCE_YEARS[0]} to {_SALESFORCE_YEARS[-1]}")


def _option_refusal(chosen: Collection[str], options: frozenset[str]) -> Misfit | None:
    if options.issuperset(chosen):
        return None
    shown = sorted(options)[:_MOST_OPTIONS]
    more = [f"{len(options) - len(shown)} more"] if len(options) > len(shown) else []
    return Misfit(f"one of {listed([*shown, *more], 'or')}")
