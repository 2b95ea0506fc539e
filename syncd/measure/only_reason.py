"""Whether a rule is all that keeps a lead from passing: met, and all else as it is, it passes."""

from collections.abc import Sequence

import polars as pl

from syncd.domain.names import RuleId
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.column_names import RESULT, rule_column
from syncd.measure.column_segments import Segment
from syncd.measure.judging import Columns
from syncd.measure.outcomes import SEGMENT


def only_reason(rule: RuleId, columns: Columns) -> pl.Expr:
    """True for the leads that fail, and would pass if this one rule were met. What it would
    give in points is left out of account: the score stays as it is."""
    asked = [x for x in columns.segments if rule in x.asks]
    told = (_in_segment(x) & _lacks_only(rule, x) for x in asked)
    fails = pl.col(RESULT).not_() & pl.col(rule_column(rule)).not_()
    return (fails & pl.any_horizontal(pl.lit(False), *told)).fill_null(value=False)


def _in_segment(segment: Segment) -> pl.Expr:
    return pl.col(SEGMENT) == segment.name


def _lacks_only(rule: RuleId, segment: Segment) -> pl.Expr:
    gate = segment.gate
    parts = [_is_met(x) for x in gate.all if x != rule]
    if gate.any:
        enough = gate.any.at_least - (rule in gate.any.of)
        met = _count_met([x for x in gate.any.of if x != rule])
        parts.append(met >= enough)
    if SCORE_RULE in segment.asks and rule != SCORE_RULE:
        parts.append(_is_met(SCORE_RULE))
    return pl.all_horizontal(pl.lit(True), *parts)


def _count_met(rules: Sequence[RuleId]) -> pl.Expr:
    return pl.sum_horizontal(pl.lit(0, pl.UInt32), *(_is_met(x).cast(pl.UInt32) for x in rules))


def _is_met(rule: RuleId) -> pl.Expr:
    return pl.col(rule_column(rule)).fill_null(value=False)
