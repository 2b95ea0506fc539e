"""Hold values and tests of a rule against the type of the field they name."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

from syncd.domain.values import FieldSpec, FieldType, Value
from syncd.settings.problem import Mistake, did_you_mean, shown

NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY})
WHOLE_OR_MONEY = frozenset({FieldType.INTEGER, FieldType.CURRENCY})
DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
TEXTS = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.EMAIL})
PICKLISTS = frozenset({FieldType.PICKLIST, FieldType.MULTI_PICKLIST})
EXACT = frozenset(FieldType) - {FieldType.DATETIME, FieldType.TEXT}
_THOUSANDS = 3

TYPES_FOR: Mapping[str, Collection[FieldType]] = {
    "present": frozenset(FieldType),
    "blank": frozenset(FieldType),
    "is": EXACT,
    "one_of": EXACT,
    "none_of": EXACT,
    "at_least": NUMBERS,
    "at_most": NUMBERS,
    "between": NUMBERS,
    "matches": TEXTS | {FieldType.PICKLIST, FieldType.OWNER},
    "within": DATES,
}
"""Which tests a field of each type can take."""


def test_misfit(name: str, spec: FieldSpec) -> Mistake | None:
    """Why this test means nothing for the field's type; None when it does mean something."""
    if spec.type in TYPES_FOR[name]:
        return None
    fitting = ", ".join(test for test, types in TYPES_FOR.items() if spec.type in types)
    return Mistake(
        f'{name} cannot test "{spec.name}", which is of type {spec.type}',
        f"use one of {fitting}, or give the field another type",
    )


def fitting_value(value: object, spec: FieldSpec) -> Value:
    """The canonical form of a value a rule names; Mistake when the field can never hold it."""
    if spec.type in NUMBERS:
        return _number(value, spec)
    if spec.type is FieldType.BOOLEAN:
        return _boolean(value, spec)
    if spec.type in DATES:
        return _date(value, spec)
    return _text(value, spec)


def _number(value: object, spec: FieldSpec) -> int | Decimal:
    if isinstance(value, Decimal) and spec.type in WHOLE_OR_MONEY:
        _refuse_thousands(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise _misfit(value, spec, "a number, without quotes")


def _refuse_thousands(number: Decimal) -> None:
    """2.000 is two thousand to half of Europe, and two to YAML; nobody means two by it."""
    if abs(number) >= 1 and number.as_tuple().exponent == -_THOUSANDS:
        small, large = f"{number.normalize():f}", f"{number.scaleb(_THOUSANDS):f}"
        other = small if small != str(number) else f"{number}0"
        raise Mistake(f"{number} is not {large}, but less than that", f"write {large} or {other}")


def _boolean(value: object, spec: FieldSpec) -> bool:
    if isinstance(value, bool):
        return value
    raise _misfit(value, spec, "true or false")


def _date(value: object, spec: FieldSpec) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _misfit(value, spec, "a date such as 2027-06-30, without quotes")


def _text(value: object, spec: FieldSpec) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _misfit(value, spec, "a text in quotes" if value != "" else "blank: true instead")
    text = value.strip()
    if spec.type in PICKLISTS:
        _check_option(text, spec)
    # An owner is an address, or a queue whose name keeps its capitals.
    is_address = spec.type is FieldType.EMAIL or (spec.type is FieldType.OWNER and "@" in text)
    return text.lower() if is_address else text


def _check_option(text: str, spec: FieldSpec) -> None:
    options = {name for side in spec.options.values() for name in side}
    if options and text not in options:
        raise Mistake(f'"{text}" is not an option of "{spec.name}"', did_you_mean(text, options))


def _misfit(value: object, spec: FieldSpec, instead: str) -> Mistake:
    return Mistake(
        f'{shown(value)} does not fit "{spec.name}", which is of type {spec.type}',
        f"write {instead}",
    )


def unknown_field(name: str, known: Collection[str], named_in: str) -> Mistake:
    """The words for a field that the map in the file `named_in` does not have."""
    return Mistake(
        f'unknown field "{name}"',
        did_you_mean(name, known, otherwise=f'add "{name}" under fields in {named_in}'),
    )
