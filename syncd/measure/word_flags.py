"""Lists of words as columns of yes and no, which are counted many times faster."""

from collections.abc import Sequence

import numpy as np
import polars as pl


def words_of(rows: pl.DataFrame, *columns: str) -> list[str]:
    """Every word that any of the lists has."""
    each = [rows[x].explode().drop_nulls().unique().alias("") for x in columns]
    return pl.concat(each).unique().sort().to_list()


def with_flags(rows: pl.DataFrame, column: str, words: Sequence[str]) -> pl.DataFrame:
    """Besides, a column for each of these words: whether the list has it."""
    flags = np.zeros((len(words), rows.height), dtype=bool)
    told = rows.select(
        pl.int_range(pl.len()).alias("at"), pl.col(column).cast(pl.List(pl.Enum(words)))
    )
    each = told.explode(column).drop_nulls()
    flags[each[column].to_physical().to_numpy(), each["at"].to_numpy()] = True
    return rows.with_columns(pl.Series(flag(column, x), flags[n]) for n, x in enumerate(words))


def flag(column: str, word: str) -> str:
    """The column's name."""
    return f"{column}:{word}"
