"""What became of leads in the end, whichever round it came in: frames of one row for each lead
or round, with what followed."""

import polars as pl

from syncd.domain.handoff import HandoffState
from syncd.measure.facts import Dimension, Facts

SQL_EVER, WON_EVER = "sql_ever_at", "won_ever_at"
"""When it first came so far, in the round of the row or a later one."""
MQL_AGAIN, SQL_AGAIN, WON_AGAIN = "mql_again_at", "sql_again_at", "won_after_at"
"""The same of later rounds alone; of a win, also after this round was over."""
_KEPT = (
    "lead_id",
    "cycle",
    *(x.value for x in Dimension),
    *("mql_at", "mql_band", "sql_at", "sql_band", "won_at", "state"),
)
"""All that is asked of them: the fewer columns are carried, the faster."""
_GIVEN_UP = (HandoffState.REJECTED.value, HandoffState.EXPIRED.value)


def new_mqls(facts: Facts) -> pl.DataFrame:
    """One row of each lead that was seen to become MQL in its first round. Whoever is in a
    later one was MQL before, though perhaps before anybody looked."""
    return _since(facts, pl.col("mql_at").is_not_null() & (pl.col("cycle") == 1))


def new_sqls(facts: Facts) -> pl.DataFrame:
    """One row of each lead that became SQL: the round in which it first did."""
    return _since(facts, pl.col("sql_at").is_not_null())


def _since(facts: Facts, is_there: pl.Expr) -> pl.DataFrame:
    rounds = facts.rounds.select(_KEPT)
    several = rounds["lead_id"].is_duplicated()
    once = rounds.filter(~several & is_there)
    return pl.concat(
        [
            once.with_columns(pl.col("sql_at").alias(SQL_EVER), pl.col("won_at").alias(WON_EVER)),
            _united(rounds.filter(several), is_there),
        ]
    )


def _united(rounds: pl.DataFrame, is_there: pl.Expr) -> pl.DataFrame:
    """Of leads that came round again."""
    first = pl.col("cycle").filter(is_there).min()
    since = rounds.group_by("lead_id").agg(first.alias("_since"))
    return (
        rounds.join(since, on="lead_id")
        .filter(pl.col("cycle") >= pl.col("_since"))
        .sort("cycle")
        .group_by("lead_id", maintain_order=True)
        .agg(
            pl.col(_KEPT[1:]).first(),
            pl.col("sql_at").drop_nulls().first().alias(SQL_EVER),
            pl.col("won_at").drop_nulls().first().alias(WON_EVER),
        )
    )


def given_up(facts: Facts) -> pl.DataFrame:
    """Rounds that ended without being qualified, with what came of the lead afterwards."""
    over = facts.rounds.filter(pl.col("state").is_in(_GIVEN_UP) & pl.col("closed_at").is_not_null())
    return over.join(_afterwards(facts.rounds, over), on=["lead_id", "cycle"], how="left")


def _afterwards(rounds: pl.DataFrame, over: pl.DataFrame) -> pl.DataFrame:
    ended = over.select("lead_id", "cycle", "closed_at")
    later = rounds.select("lead_id", "mql_at", "sql_at", "won_at", _round="cycle").join(
        ended, on="lead_id"
    )
    is_later = pl.col("_round") > pl.col("cycle")
    is_won = (pl.col("_round") >= pl.col("cycle")) & (pl.col("won_at") > pl.col("closed_at"))
    return later.group_by("lead_id", "cycle").agg(
        pl.col("mql_at").filter(is_later).min().alias(MQL_AGAIN),
        pl.col("sql_at").filter(is_later).min().alias(SQL_AGAIN),
        pl.col("won_at").filter(is_won).min().alias(WON_AGAIN),
    )
