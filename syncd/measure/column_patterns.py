"""Regular expressions over a column of texts.

The product's own patterns (google-re2) decide, once for each distinct text: polars has another
engine, which means other things by `\\d`, `\\w`, `\\s`, `\\b` and classes within classes.
"""

import polars as pl

from syncd.domain.standard import Pattern


def matches(pattern: Pattern, seen: pl.Expr) -> pl.Expr:
    """Whether each whole text matches; null for null."""

    def decide(texts: pl.Series) -> pl.Series:
        distinct = texts.unique()
        found = [None if x is None else pattern.fullmatch(x) is not None for x in distinct]
        return texts.replace_strict(distinct, found, return_dtype=pl.Boolean)

    return seen.map_batches(decide, return_dtype=pl.Boolean, is_elementwise=True)
