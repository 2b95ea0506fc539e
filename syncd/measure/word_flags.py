"""Lists of words as yes and no, a line for each word, which are counted many times faster."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Flags = npt.NDArray[np.bool_]
"""By word and row."""


def words_of(*columns: pl.Series) -> list[str]:
    """Every word that any of the lists has."""
    each = [x.explode().drop_nulls().unique().alias("") for x in columns]
    return pl.concat(each).unique().sort().to_list()


def flags_of(lists: pl.Series, words: Sequence[str]) -> Flags:
    """Which of these words each of the lists has."""
    flags = np.zeros((len(words), lists.len()), dtype=bool)
    lengths = lists.list.len().fill_null(0).to_numpy()
    told = lists.explode(empty_as_null=False, keep_nulls=False).cast(pl.Enum(words))
    flags[told.to_physical().to_numpy(), np.arange(lists.len()).repeat(lengths)] = True
    return flags


def columns_of(flags: Flags, column: str, words: Sequence[str]) -> Iterator[pl.Series]:
    return (pl.Series(flag(column, word), each) for word, each in zip(words, flags, strict=True))


def flag(column: str, word: str) -> str:
    """The column's name."""
    return f"{column}:{word}"
