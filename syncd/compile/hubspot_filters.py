"""Conditions as filters of HubSpot lists (version 3): alternatives, each a row of filters.

A list is told exactly or not at all. HubSpot compares texts without regard to case, knows no
patterns and counts days in the portal's own zone: such tests are NotNative.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, assert_never

from syncd.compile.formula import NotNative
from syncd.core.value_words import field_words
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.standard import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMost,
    Between,
    Blank,
    Condition,
    FieldTest,
    Is,
    Matches,
    NoneOf,
    Not,
    OneOf,
    Present,
    Test,
    Within,
)
from syncd.domain.values import FieldSpec, FieldType, Value

Filter = Mapping[str, Any]
Branches = tuple[tuple[Filter, ...], ...]
"""Any of these rows; all filters of the row."""

ALWAYS: Branches = ((),)
NEVER: Branches = ()
MOST_BRANCHES = 60
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY})
_PICKLISTS = frozenset({FieldType.PICKLIST, FieldType.MULTI_PICKLIST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Who certainly meets a condition, and who certainly does not."""

    holds: Branches
    fails: Branches

    def turned(self) -> "Listed":
        return Listed(holds=self.fails, fails=self.holds)


def listed(condition: Condition, crm: CrmMap) -> Listed:
    match condition:
        case FieldTest():
            return _tested(condition, crm)
        case AllOf(of=of):
            return _all(tuple(listed(x, crm) for x in of))
        case AnyOf(of=of):
            return _all(tuple(listed(x, crm).turned() for x in of)).turned()
        case Not(of=inner):
            return listed(inner, crm).turned()
        case _:
            assert_never(condition)


def both(*parts: Branches) -> Branches:
    """Whoever is in all of them. NotNative when that takes too many rows."""
    rows: Branches = ALWAYS
    for part in (NEVER,) if NEVER in parts else parts:
        met = ({repr(x): x for x in (*row, *more)} for row in rows for more in part)
        rows = tuple({tuple(x): tuple(x.values()) for x in met}.values())
        if len(rows) > MOST_BRANCHES:
            raise NotNative(f"it takes more than {MOST_BRANCHES} rows of filters")
    return rows


def either(*parts: Branches) -> Branches:
    return tuple(row for rows in parts for row in rows)


def branch_of(branches: Branches) -> Mapping[str, Any]:
    """As the lists API takes it: one OR of ANDs."""
    return {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filterBranches": [
            {
                "filterBranchType": "AND",
                "filterBranchOperator": "AND",
                "filterBranches": [],
                "filters": [dict(x) for x in row],
            }
            for row in branches
        ],
        "filters": [],
    }


def _all(parts: tuple[Listed, ...]) -> Listed:
    return Listed(holds=both(*(x.holds for x in parts)), fails=either(*(x.fails for x in parts)))


def _tested(condition: FieldTest, crm: CrmMap) -> Listed:
    spec = crm.fields.get(condition.field)
    name = spec.properties.get(System.HUBSPOT) if spec else None
    if spec is None or name is None:
        raise NotNative(f"HubSpot has no property for {field_words(condition.field)}")
    in_both = System.SALESFORCE in spec.properties
    if in_both and not spec.direction.reaches(System.HUBSPOT):
        raise NotNative(f"Salesforce may hold another {field_words(condition.field)} than HubSpot")
    return _Property(spec=spec, name=name).tested(condition.test)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Property:
    spec: FieldSpec
    name: str

    def tested(self, test: Test) -> Listed:
        match test:
            case Present():
                return Listed(holds=self._known("IS_KNOWN"), fails=self._known("IS_UNKNOWN"))
            case Blank():
                return self.tested(Present()).turned()
            case Is(value=value):
                return self._named((value,), alone=True)
            case OneOf(allowed=allowed):
                return self._named(allowed)
            case NoneOf(refused=refused):
                return self._named(refused).turned()
            case AtLeast(minimum=low):
                return self._compared("IS_GREATER_THAN_OR_EQUAL_TO", "IS_LESS_THAN", low)
            case AtMost(maximum=high):
                return self._compared("IS_LESS_THAN_OR_EQUAL_TO", "IS_GREATER_THAN", high)
            case Between(minimum=low, maximum=high):
                return _all((self.tested(AtLeast(low)), self.tested(AtMost(high))))
            case Matches():
                raise NotNative("lists of HubSpot know no patterns")
            case Within():
                raise NotNative("lists of HubSpot count days in the zone of the portal, not in UTC")
            case _:
                assert_never(test)

    def _known(self, operator: str) -> Branches:
        return self._one({"operationType": "ALL_PROPERTY", "operator": operator}, blank=None)

    def _compared(self, holds: str, fails: str, bound: int | Decimal) -> Listed:
        if self.spec.type not in _NUMBERS:
            raise NotNative(f"{self.name} is no number")
        return Listed(
            holds=self._number(holds, bound), fails=self._number(fails, bound, blank=True)
        )

    def _named(self, values: tuple[Value, ...], *, alone: bool = False) -> Listed:
        kind = self.spec.type
        if kind is FieldType.BOOLEAN:
            return _any_of([self._flag(bool(x)) for x in values])
        if kind in _NUMBERS:
            return _any_of([self._equals(x) for x in values if isinstance(x, int | Decimal)])
        if kind in _PICKLISTS:
            return self._chosen([str(x) for x in values], alone=alone)
        raise NotNative(f"lists of HubSpot compare {self.name} without regard to case or to zone")

    def _flag(self, value: bool) -> Listed:
        told: dict[str, Any] = {"operationType": "BOOL", "value": value}
        return Listed(
            holds=self._one({**told, "operator": "IS_EQUAL_TO"}),
            fails=self._one({**told, "operator": "IS_NOT_EQUAL_TO"}, blank=True),
        )

    def _equals(self, value: int | Decimal) -> Listed:
        return Listed(
            holds=self._number("IS_EQUAL_TO", value),
            fails=self._number("IS_NOT_EQUAL_TO", value, blank=True),
        )

    def _chosen(self, values: list[str], *, alone: bool) -> Listed:
        """A property has the options that crm.yaml lists; HubSpot refuses to filter by others."""
        listed = self.spec.options.get(System.HUBSPOT, {})
        words = [listed.get(x, x) for x in values]
        told: dict[str, Any] = {"operationType": "ENUMERATION", "values": words}
        exactly = alone and self.spec.type is FieldType.MULTI_PICKLIST
        holds, fails = ("IS_EXACTLY", "IS_NOT_EXACTLY") if exactly else ("IS_ANY_OF", "IS_NONE_OF")
        return Listed(
            holds=self._one({**told, "operator": holds}),
            fails=self._one({**told, "operator": fails}, blank=True),
        )

    def _number(self, operator: str, value: int | Decimal, *, blank: bool = False) -> Branches:
        plain = int(value) if value == int(value) else float(value)
        told = {"operationType": "NUMBER", "operator": operator, "value": plain}
        return self._one(told, blank=blank)

    def _one(self, operation: Mapping[str, Any], *, blank: bool | None = False) -> Branches:
        """One filter; `blank` is whether contacts without a value pass it."""
        unset = {} if blank is None else {"includeObjectsWithNoValueSet": blank}
        told = {
            "filterType": "PROPERTY",
            "property": self.name,
            "operation": {**operation, **unset},
        }
        return ((told,),)


def _any_of(parts: list[Listed]) -> Listed:
    return _all(tuple(x.turned() for x in parts)).turned()
