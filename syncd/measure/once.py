"""Each lead once, where an event of a period may have happened to it in several rounds."""

import polars as pl


def last_of_lead(happened: pl.Expr) -> pl.Expr:
    """Of the rounds in which it happened, the last of each lead. Asked of whole tables."""
    return happened & (pl.col("cycle") == _cycle(happened).max().over("lead_id"))


def first_of_lead(happened: pl.Expr) -> pl.Expr:
    """Of the rounds in which it happened, the first of each lead. Asked of whole tables."""
    return happened & (pl.col("cycle") == _cycle(happened).min().over("lead_id"))


def _cycle(happened: pl.Expr) -> pl.Expr:
    return pl.when(happened).then(pl.col("cycle"))
