"""Conditions and rules as formulas: when they certainly hold, and when they certainly fail.

As in the standard itself a group of tests follows Kleene. What a formula cannot say is NotNative,
whole: half a rule is no rule.
"""

from collections.abc import Iterable
from typing import assert_never

from syncd.compile.formula import all_of, any_of
from syncd.compile.formula_fields import Told, single_tests, told
from syncd.domain.mapping import CrmMap
from syncd.domain.standard import AllOf, AnyOf, Condition, FieldTest, Not


def condition_told(condition: Condition, crm: CrmMap) -> Told:
    match condition:
        case FieldTest():
            return told(condition, crm)
        case AllOf(of=of):
            return _all([condition_told(x, crm) for x in of])
        case AnyOf(of=of):
            return _all([condition_told(x, crm).turned() for x in of]).turned()
        case Not(of=inner):
            return condition_told(inner, crm).turned()
        case _:
            assert_never(condition)


def conjuncts(condition: Condition) -> Iterable[Condition]:
    """Conditions that hold together exactly where this one does: each can be guarded alone."""
    match condition:
        case AllOf(of=of):
            for part in of:
                yield from conjuncts(part)
        case Not(of=AnyOf(of=of)):
            for part in of:
                yield from conjuncts(Not(part))
        case Not(of=Not(of=inner)):
            yield from conjuncts(inner)
        case FieldTest():
            yield from single_tests(condition)
        case _:
            yield condition


def _all(parts: list[Told]) -> Told:
    return Told(holds=all_of(*(x.holds for x in parts)), fails=any_of(*(x.fails for x in parts)))
