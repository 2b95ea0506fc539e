"""Read the texts of one CSV column as values of one type; what cannot be read becomes null.

Knows how spreadsheets and CRMs of several countries spell numbers, money and yes. Must not
guess where two readings are possible: the mapping says which one is meant.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import assert_never

import polars as pl

from syncd.adapters.outcomes.csv_times import Clock, days, instants
from syncd.domain.values import FieldType

_YES = ("true", "yes", "y", "t", "1", "x", "ja", "wahr", "oui", "vrai", "si", "sí", "sì")
_NO = ("false", "no", "n", "f", "0", "nein", "falsch", "non", "faux")
_BOOLEANS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
_MONEY = r"(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3})?"
_LARGEST_WHOLE = 2.0**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """How a column is written. `words` and `blanks` are in lower case."""

    clock: Clock
    decimal_comma: bool
    blanks: Collection[str]
    words: Mapping[str, str]
    separator: str


def texts_of(cells: pl.Series, blanks: Collection[str]) -> pl.Series:
    """Stripped; null where there is nothing."""
    return _each(cells, lambda cell: _text(cell, blanks))


def values_of(texts: pl.Series, type_: FieldType, spelling: Spelling) -> pl.Series:
    """As a column of the type; null where a text cannot be read."""
    if type_ is FieldType.MULTI_PICKLIST:
        return _many(texts, spelling)
    texts = _each(texts, lambda text: _canonical(text, spelling.words))
    match type_:
        case FieldType.STRING | FieldType.TEXT | FieldType.PICKLIST:
            return texts
        case FieldType.EMAIL:
            return texts.str.to_lowercase()
        case FieldType.OWNER:  # an address, or a queue whose name keeps its capitals
            return texts.str.to_lowercase().zip_with(texts.str.contains("@"), texts)
        case FieldType.INTEGER:
            return _whole(texts, decimal_comma=spelling.decimal_comma)
        case FieldType.NUMBER | FieldType.CURRENCY:
            return numbers(texts, decimal_comma=spelling.decimal_comma)
        case FieldType.BOOLEAN:
            return texts.str.to_lowercase().replace_strict(
                _BOOLEANS, default=None, return_dtype=pl.Boolean
            )
        case FieldType.DATE:
            return days(texts, spelling.clock)
        case FieldType.DATETIME:
            return instants(texts, spelling.clock)
        case _:
            assert_never(type_)


def numbers(texts: pl.Series, *, decimal_comma: bool) -> pl.Series:
    """Floats. Signs of money and percent, brackets for less than nothing and thousands set
    apart are understood; 12 % is 12."""
    return _finite(_plain(texts, decimal_comma=decimal_comma).cast(pl.Float64, strict=False))


def _whole(texts: pl.Series, *, decimal_comma: bool) -> pl.Series:
    exact = texts.cast(pl.Int64, strict=False)
    if exact.null_count() == texts.null_count():
        return exact
    plain = _plain(texts, decimal_comma=decimal_comma)
    exact = plain.str.replace(r"\.0*$", "").cast(pl.Int64, strict=False)
    near = _finite(plain.cast(pl.Float64, strict=False))
    is_whole = (near == near.floor()) & (near.abs() <= _LARGEST_WHOLE)
    return exact.zip_with(exact.is_not_null() | ~is_whole, near.cast(pl.Int64, strict=False))


def _finite(found: pl.Series) -> pl.Series:
    return found.set(~found.is_finite(), None)


def _plain(texts: pl.Series, *, decimal_comma: bool) -> pl.Series:
    """Numbers as a program writes them: `-1234.5`; most are so already."""
    plain = r"^-?\d+$" if decimal_comma else r"^-?\d+(?:\.\d+)?$"
    other = (~texts.str.contains(plain)).fill_null(value=False).arg_true()
    if other.is_empty():
        return texts
    return texts.clone().scatter(other, _plainly(texts.gather(other), decimal_comma=decimal_comma))


def _plainly(texts: pl.Series, *, decimal_comma: bool) -> pl.Series:
    group, point = (r"\.", ",") if decimal_comma else (",", r"\.")
    apart = rf"[{group}\s'’]"
    digits = rf"(?:\d{{1,3}}(?:{apart}\d{{3}})+|\d+)(?:{point}\d*)?|{point}\d+"
    pattern = (
        rf"^(?<opened>\(?)\s*(?<sign>[+-]?)\s*{_MONEY}\s*(?<late>[+-]?)\s*(?<digits>{digits})"
        rf"(?<power>E[+-]?\d+)?\s*(?:{_MONEY}|%)\s*(?<closed>\)?)$"
    )
    found = texts.str.to_uppercase().str.replace("−", "-").str.extract_groups(pattern).struct
    minus = (found["opened"] == "(") | (found["sign"] == "-") | (found["late"] == "-")
    bare = found["digits"].str.replace_all(apart, "").str.replace(point, ".")
    signs = pl.Series([""]).new_from_index(0, len(texts)).set(minus.fill_null(value=False), "-")
    sound = (found["opened"] == "(") == (found["closed"] == ")")
    return (signs + bare + found["power"].fill_null("")).set(~sound, None)


def _many(texts: pl.Series, spelling: Spelling) -> pl.Series:
    """Several values: sorted, each once. The same few combinations stand in many rows."""
    one = _canonical(_text(pl.element(), spelling.blanks), spelling.words)
    together = pl.col("together").str.split(spelling.separator).list.eval(one).list.drop_nulls()
    distinct = texts.alias("together").unique().to_frame()
    apart = distinct.with_columns(together.list.unique().list.sort().alias("apart"))
    rows = texts.alias("together").to_frame()
    return rows.join(apart, on="together", how="left", maintain_order="left")["apart"]


def _text(cell: pl.Expr, blanks: Collection[str]) -> pl.Expr:
    text = cell.str.strip_chars()
    return pl.when(~text.str.to_lowercase().is_in(["", *blanks])).then(text)


def _canonical(text: pl.Expr, words: Mapping[str, str]) -> pl.Expr:
    """Texts that stand for others, as those."""
    if not words:
        return text
    known = text.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.String)
    return pl.coalesce(known, text)


def _each(texts: pl.Series, change: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    return texts.to_frame("x").select(change(pl.col("x")).alias("x"))["x"]
