"""Conditions and counts of rules as polars expressions: Kleene's logic, null for unknown.

Polars' own `&`, `|` and `~` are Kleene's already. Knows no gates and no scores.
"""

from collections.abc import Iterable
from typing import assert_never

import polars as pl

from syncd.domain.standard import AllOf, AnyOf, Condition, FieldTest, Not, SomeOf
from syncd.measure.column_names import rule_column
from syncd.measure.column_tests import Schema, field_truth


def condition_truth(condition: Condition, schema: Schema) -> pl.Expr:
    """Whether the condition holds for each lead."""
    match condition:
        case FieldTest():
            return field_truth(condition, schema)
        case AllOf(of=of):
            return all_of(condition_truth(x, schema) for x in of)
        case AnyOf(of=of):
            return ~all_of(~condition_truth(x, schema) for x in of)
        case Not(of=inner):
            return ~condition_truth(inner, schema)
        case _:
            assert_never(condition)


def all_of(truths: Iterable[pl.Expr]) -> pl.Expr:
    """Kleene's and; nothing at all holds."""
    return pl.all_horizontal(pl.lit(True), *truths)


def enough_of(some: SomeOf) -> pl.Expr:
    """Whether enough of the rules hold: null where the unknown ones would decide it."""
    truths = [pl.col(rule_column(x)) for x in some.of]
    met = pl.sum_horizontal(x.fill_null(value=False).cast(pl.UInt32) for x in truths)
    possible = pl.sum_horizontal(x.fill_null(value=True).cast(pl.UInt32) for x in truths)
    return pl.when(met >= some.at_least).then(True).when(possible < some.at_least).then(False)
