"""Rounds and the leads behind them: a lead that came back is one lead.

What is counted of leads counts each once, however often it came round; what is counted of
rounds says so. Made of whole tables, before anything is left out.
"""

import polars as pl

from syncd.domain.stage import Stage
from syncd.measure.facts import Dimension, Facts

FUNNEL = (Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL, Stage.OPPORTUNITY, Stage.CUSTOMER)
_DIMENSIONS = tuple(x.value for x in Dimension)


def at(stage: Stage) -> str:
    """The column of when it was reached."""
    return f"{stage}_at"


_STAGES = tuple(map(at, FUNNEL))
_ONCE = (at(Stage.LEAD), at(Stage.MQL))
"""Whoever is in a later round was there in the first, though perhaps before anybody looked."""


def before(column: str) -> str:
    """The column of whether the lead had this in an earlier round."""
    return f"before_{column}"


def leads_of(facts: Facts) -> pl.DataFrame:
    """One row of each lead: its first round, with the instant at which each stage was first
    reached in this or any later one. Null where it was there before anybody looked."""
    once, several = _apart(facts.rounds.with_columns(_only_in_the_first_round(x) for x in _ONCE))
    united = (
        several.sort("cycle")
        .group_by("lead_id", maintain_order=True)
        .agg(pl.col("cycle", *_DIMENSIONS).first(), pl.col(*_STAGES).drop_nulls().first())
    )
    return pl.concat([once, united])


def rounds_of(facts: Facts) -> pl.DataFrame:
    """Every round, marked with what its lead had reached in an earlier one."""
    once, several = _apart(facts.rounds)
    firsts = several.group_by("lead_id").agg(_first_round_with(x) for x in _STAGES)
    single = once.with_columns(pl.col("cycle").alias(before(x)) for x in _STAGES)
    marked = pl.concat([single, several.join(firsts, on="lead_id", how="left")])
    return marked.with_columns(_came_before(x) for x in _STAGES)


def _apart(rounds: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rounds of leads that have but one, and those of the others: most of the work is
    needed for these alone."""
    rounds = rounds.select("lead_id", "cycle", *_DIMENSIONS, *_STAGES)
    several = rounds["lead_id"].is_duplicated()
    return rounds.filter(~several), rounds.filter(several)


def _only_in_the_first_round(column: str) -> pl.Expr:
    return pl.when(pl.col("cycle") == 1).then(pl.col(column))


def _first_round_with(column: str) -> pl.Expr:
    return pl.col("cycle").filter(pl.col(column).is_not_null()).min().alias(before(column))


def _came_before(column: str) -> pl.Expr:
    """From the round in which it first had this; where it had it from the start, from the first."""
    first = pl.lit(1) if column in _ONCE else pl.col(before(column))
    return (pl.col("cycle") > first).fill_null(value=False).alias(before(column))
