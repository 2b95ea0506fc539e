"""What a Salesforce formula can see of one mapped field, and the tests of it.

Each test is told twice: when it certainly holds, and when it certainly fails. Where neither is
so the standard cannot tell, and a guard lets the move pass. Groups of tests, rules and gates
are elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from syncd.compile.formula import (
    FALSE,
    TRUE,
    NotNative,
    all_of,
    any_of,
    call,
    day,
    is_blank,
    negated,
    number,
    text,
)
from syncd.compile.formula_dates import within
from syncd.compile.formula_pattern import portable
from syncd.compile.spellings import names_of, spellings
from syncd.core.value_words import field_words
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.standard import (
    AtLeast,
    AtMost,
    Between,
    Blank,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    OneOf,
    Present,
    Test,
    Within,
)
from syncd.domain.values import FieldSpec, FieldType, Value

STANDARD_PICKLISTS = frozenset({"Status", "LeadSource", "Industry", "Rating", "Salutation"})
"""Fields of every lead that a formula can read by picklist functions only, whatever crm.yaml
calls them."""

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY})
_TEXTS = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.EMAIL})
_NO_ADDRESS = "[^@; ]+@[^@; ]+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """When something certainly holds, and when it certainly fails."""

    holds: str
    fails: str

    def turned(self) -> "Told":
        return Told(holds=self.fails, fails=self.holds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field as formulas name it. `blank` is when it is empty; `fits` when what it holds is of
    the field's type, so that syncd can read it. Where `blank_tells` is false, HubSpot may hold
    what Salesforce does not, and an empty field tells nothing."""

    spec: FieldSpec
    path: str
    expression: str
    blank: str
    fits: str
    blank_tells: bool


def column_of(field: FieldName, crm: CrmMap) -> Column:
    """NotNative when no formula of the lead can read the field."""
    spec = crm.fields.get(field)
    path = spec.properties.get(System.SALESFORCE) if spec else None
    if spec is None or path is None:
        raise NotNative(f"Salesforce has no field for {field_words(field)}")
    if spec.type is FieldType.OWNER:
        raise NotNative("a formula sees an owner's id, not who that is in both CRMs")
    if not is_reachable(path):
        raise NotNative(f"{path} is beyond what a formula of the lead can reach")
    expression = _expression(spec, path)
    return Column(
        spec=spec,
        path=path,
        expression=expression,
        blank=_blank(spec, path, expression),
        fits=_fits(spec, expression),
        blank_tells=System.HUBSPOT not in spec.properties
        or spec.direction.reaches(System.SALESFORCE),
    )


def is_reachable(path: str) -> bool:
    """A field of the lead itself, or along lookups that point to one kind of record."""
    *relations, _ = path.split(".")
    return all(x.endswith("__r") or x == "RecordType" for x in relations)


def told(condition: FieldTest, crm: CrmMap) -> Told:
    """NotNative when a formula cannot say it."""
    column = column_of(condition.field, crm)
    match condition.test:
        case Present():
            return _presence(column)
        case Blank():
            return _presence(column).turned()
        case test:
            return _told(column, _met(column, test), nothing_is_met=isinstance(test, NoneOf))


def single_tests(condition: FieldTest) -> Iterable[FieldTest]:
    """Tests that hold together exactly where this one does, as small as can be."""
    if isinstance(condition.test, NoneOf):
        for value in condition.test.refused:
            yield FieldTest(condition.field, NoneOf((value,)))
    else:
        yield condition


def _presence(column: Column) -> Told:
    return Told(
        holds=all_of(negated(column.blank), column.fits),
        fails=column.blank if column.blank_tells else FALSE,
    )


def _told(column: Column, met: str, *, nothing_is_met: bool) -> Told:
    """`met` is asked only of what is there and fits; an empty field is decided beforehand."""
    if column.blank == FALSE:
        return Told(holds=met, fails=negated(met))
    there = all_of(negated(column.blank), column.fits)
    if not column.blank_tells:
        return Told(holds=all_of(there, met), fails=all_of(there, negated(met)))
    if nothing_is_met:
        holds = any_of(column.blank, all_of(column.fits, met))
        return Told(holds=holds, fails=all_of(there, negated(met)))
    fails = any_of(column.blank, all_of(column.fits, negated(met)))
    return Told(holds=all_of(there, met), fails=fails)


def _met(column: Column, test: Test) -> str:
    spec, seen = column.spec, column.expression
    match test:
        case Present() | Blank():
            return TRUE  # told by `_presence`
        case Is(value=value):
            return _equals(column, value)
        case OneOf(allowed=allowed):
            return any_of(*(_has(column, value) for value in allowed))
        case NoneOf(refused=refused):
            return negated(any_of(*(_has(column, value) for value in refused)))
        case AtLeast(minimum=low):
            return f"{_numeric(column)} >= {number(low)}"
        case AtMost(maximum=high):
            return f"{_numeric(column)} <= {number(high)}"
        case Between(minimum=low, maximum=high):
            least, most = f"{_numeric(column)} >= {number(low)}", f"{seen} <= {number(high)}"
            return all_of(least, most)
        case Matches(pattern=pattern):
            return _matches(column, pattern.pattern, test)
        case Within():
            return within(seen, test, is_day=spec.type is FieldType.DATE)
        case _:
            assert_never(test)


def _numeric(column: Column) -> str:
    if column.spec.type not in _NUMBERS:
        raise NotNative(f"{column.path} is no number")
    return column.expression


def _equals(column: Column, value: Value) -> str:
    """The field holds this value and nothing else."""
    if column.spec.type is FieldType.MULTI_PICKLIST:
        raise NotNative("a formula cannot see that nothing else is selected")
    return _has(column, value)


def _has(column: Column, value: Value) -> str:
    """The field holds this value, perhaps among others."""
    seen, kind = column.expression, column.spec.type
    match value:
        case bool() if kind is FieldType.BOOLEAN:
            return seen if value else negated(seen)
        case int() | Decimal() if kind in _NUMBERS and not isinstance(value, bool):
            return f"{seen} = {number(value)}"
        case date() if kind is FieldType.DATE and not isinstance(value, datetime):
            return f"{seen} = {day(value)}"
        case str() if kind in _TEXTS:
            return f"{seen} = {text(value)}"
        case str() if kind in (FieldType.PICKLIST, FieldType.MULTI_PICKLIST):
            function = "ISPICKVAL" if kind is FieldType.PICKLIST else "INCLUDES"
            words = spellings(column.spec, value, System.SALESFORCE)
            return any_of(*(call(function, column.path, text(word)) for word in words))
    raise NotNative(f"{column.path} cannot be compared with {value!r}")


def _matches(column: Column, pattern: str, test: Matches) -> str:
    kind, seen = column.spec.type, column.expression
    if kind not in _TEXTS and kind is not FieldType.PICKLIST:
        raise NotNative(f"{column.path} is no text")
    told = portable(pattern, no_spaces=kind is FieldType.EMAIL)
    if kind in _TEXTS:
        return call("REGEX", seen, text(told))
    names = names_of(column.spec, System.SALESFORCE)
    renamed = {word: name for word, name in names.items() if word != name}
    met = [x for x, name in renamed.items() if test.pattern.fullmatch(name)]
    other = negated(any_of(*(call("ISPICKVAL", column.path, text(x)) for x in renamed)))
    as_shown = call("REGEX", call("TEXT", column.path), text(told))
    return any_of(*(call("ISPICKVAL", column.path, text(x)) for x in met), all_of(other, as_shown))


def _expression(spec: FieldSpec, path: str) -> str:
    """The value as it is compared: syncd reads texts without the space around them, addresses in
    lower case."""
    if spec.type is FieldType.EMAIL:
        return call("LOWER", call("TRIM", path))
    if spec.type in _TEXTS:
        return call("TEXT", path) if path in STANDARD_PICKLISTS else call("TRIM", path)
    return path


def _blank(spec: FieldSpec, path: str, expression: str) -> str:
    if spec.type is FieldType.BOOLEAN:
        return FALSE
    if spec.type is FieldType.PICKLIST:
        return is_blank(call("TEXT", path))
    return is_blank(expression if path in STANDARD_PICKLISTS else path)


def _fits(spec: FieldSpec, expression: str) -> str:
    """What is of another type is not certain to fail."""
    if spec.type is FieldType.INTEGER:
        return f"{expression} = {call('FLOOR', expression)}"
    if spec.type is FieldType.EMAIL:
        return call("REGEX", expression, text(_NO_ADDRESS))
    return TRUE
