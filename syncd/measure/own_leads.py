"""The leads that syncd itself saw judged, with what became of them, in the shape that a backtest
judges: so that the ledger of a standard is also one of its own history.

Of each round the last move that a gate judged counts. A rule that was unknown then counts as
unmet: the gate's own record does not tell them apart. That record names every rule that was met,
but not each that was unmet: where enough others of a group were met, or where a rule only gives
points, nothing is said of it. So what such rules came to is only told of the present version of
the standard, of which it is known what was looked at.
"""

import polars as pl

from syncd.domain.handoff import HandoffState
from syncd.domain.names import RuleId
from syncd.domain.standard import EVERYBODY, Standard
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.column_names import RESULT, rule_column
from syncd.measure.facts import Facts, Treatment
from syncd.measure.judging import Columns
from syncd.measure.outcomes import (
    AMOUNT,
    DECIDED_AT,
    LEAD,
    MOVED_AT,
    OUTCOME,
    OVERRIDDEN,
    SEGMENT,
    Outcome,
)

_ROUND = ("lead_id", "cycle")
_ENDED = ("won_at", "lost_at", "closed_at", "state", "won_amount")


def own_leads(facts: Facts, standard: Standard, columns: Columns) -> pl.DataFrame:
    """One row of each round with a move that the gate of these columns judged, as
    `Columns.judge` would answer it."""
    last = (
        _judged(facts, standard, columns)
        .sort("at", maintain_order=True)
        .group_by(*_ROUND, maintain_order=True)
        .last()
    )
    ended = facts.rounds.select(*_ROUND, *_ENDED)
    return last.join(ended, on=_ROUND, how="inner").select(
        pl.col("lead_id").alias(LEAD),
        pl.col("at").alias(MOVED_AT),
        _outcome().alias(OUTCOME),
        _decided_at().alias(DECIDED_AT),
        pl.col("won_amount").alias(AMOUNT),
        (pl.col("treatment") == Treatment.WAIVED.value).alias(OVERRIDDEN),
        pl.col("variant").fill_null(EVERYBODY).alias(SEGMENT),
        (pl.col("treatment") == Treatment.CONFORMING.value).alias(RESULT),
        *map(rule_column, columns.rules),
    )


def _judged(facts: Facts, standard: Standard, columns: Columns) -> pl.DataFrame:
    """All moves that the gate judged, with a column for each rule in the place of the lists:
    sorting those takes much memory."""
    is_present = pl.col("standard") == standard.version
    always_named = {x for one in columns.segments for x in one.gate.all}
    return facts.moves.filter(pl.col("gate") == columns.stage.value).select(
        *_ROUND,
        *("at", "treatment", "variant"),
        *(
            pl.when(is_present)
            .then(_looked_at(x))
            .when(pl.lit(x in always_named))
            .then(_named(x))
            .alias(rule_column(x))
            for x in columns.rules
        ),
    )


def _looked_at(rule: RuleId) -> pl.Expr:
    """Of a rule that the version asks for. Of the score it is only named that it falls short."""
    if rule == SCORE_RULE:
        return ~pl.col("unmet").list.contains(rule)
    return pl.col("met").list.contains(rule)


def _named(rule: RuleId) -> pl.Expr:
    """Null where that version of the standard did not look at it."""
    return (
        pl.when(pl.col("unmet").list.contains(rule))
        .then(pl.lit(False))
        .when(pl.col("met").list.contains(rule))
        .then(pl.lit(True))
    )


def _outcome() -> pl.Expr:
    """Won beats everything: a lead given back may have been won since."""
    return (
        pl.when(pl.col("won_at").is_not_null())
        .then(pl.lit(Outcome.WON.value))
        .when(pl.col("lost_at").is_not_null())
        .then(pl.lit(Outcome.LOST.value))
        .when(pl.col("state") == HandoffState.REJECTED.value)
        .then(pl.lit(Outcome.REJECTED.value))
        .when(pl.col("state") == HandoffState.EXPIRED.value)
        .then(pl.lit(Outcome.RECYCLED.value))
        .otherwise(pl.lit(Outcome.OPEN.value))
    )


def _decided_at() -> pl.Expr:
    given_back = pl.col("state").is_in([HandoffState.REJECTED.value, HandoffState.EXPIRED.value])
    return pl.coalesce("won_at", "lost_at", pl.when(given_back).then(pl.col("closed_at")))
