"""The first rows of a CSV: what type each column seems to be of, and how it is written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from syncd.adapters.outcomes.csv_text import CsvText
from syncd.adapters.outcomes.csv_times import Clock, instants
from syncd.adapters.outcomes.csv_values import Spelling, texts_of, values_of
from syncd.adapters.outcomes.csv_words import COMMON_DATES
from syncd.domain.values import FieldType
from syncd.errors import PermanentError

SEPARATORS = (";", "|")
_BLANKS = ("n/a", "na", "-", "--", "none", "null", "k.a.", "k. a.", "keine angabe", "#n/a")
_NARROW = (FieldType.INTEGER, FieldType.CURRENCY, FieldType.DATE, FieldType.BOOLEAN)
_DECIMAL_COMMA = r"^[^A-Za-z]*\d,\d{1,2}\D{0,4}$|\d\.\d{3},\d|^\d{1,3}(?:\.\d{3}){2,}$"
_LIKE_A_DATE = r"^[A-Za-z]{0,9}\W{0,2}\d{1,4}[ ./,-]{1,2}\w{1,9}[ ./,-]{1,2}\d"
_MOST_OPTIONS, _ROWS_PER_OPTION = 40, 3
_LONG = 80
_MOST_ODD_WORDS, _ROWS_PER_ODD_WORD = 3, 5
_ENOUGH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Texts of the first rows, by header. `date_formats` fit equally, the likeliest first; `odd`
    are the few words among numbers or dates that are none, such as "unknown"."""

    columns: Mapping[str, pl.Series]
    types: Mapping[str, FieldType]
    odd: Mapping[str, Sequence[str]]
    date_formats: Sequence[str]
    decimal_comma: bool
    blanks: Sequence[str]


def sample_of(text: CsvText) -> Sample:
    """PermanentError where no column can be told from the others, or the file is no proper CSV."""
    headers = tuple(x for x in dict.fromkeys(text.headers) if x and text.headers.count(x) == 1)
    if not headers:
        raise PermanentError(f"{text.path}: no header is there only once; give each its own name")
    first = next(text.batches(headers), pl.DataFrame(schema=dict.fromkeys(headers, pl.String())))
    raw = {x: texts_of(first[x], ()) for x in headers}
    blanks = sorted({x for one in raw.values() for x in _blanks_in(one)})
    columns = {header: texts_of(x, blanks) for header, x in raw.items()}
    formats, comma = _date_formats(columns), _has_decimal_comma(columns)
    spelling = Spelling(
        clock=Clock(date_format=formats[0] if formats else None, time_zone="UTC"),
        decimal_comma=comma,
        blanks=(),
        words={},
        separator=SEPARATORS[0],
    )
    typed = {header: _type_of(x.drop_nulls(), spelling) for header, x in columns.items()}
    return Sample(
        columns=columns,
        types={header: type_ for header, (type_, _) in typed.items()},
        odd={header: odd for header, (_, odd) in typed.items()},
        date_formats=formats,
        decimal_comma=comma,
        blanks=blanks,
    )


def separator_of(texts: pl.Series) -> str | None:
    """What stands between several values, where some cells hold several."""
    held = (x for x in SEPARATORS if texts.str.contains(x, literal=True).sum() > len(texts) / 10)
    return next(held, None)


def _type_of(texts: pl.Series, spelling: Spelling) -> tuple[FieldType, Sequence[str]]:
    """The narrowest type that reads every value, but for a few odd words among numbers or dates."""
    if texts.is_empty():
        return FieldType.STRING, ()
    for type_ in _NARROW:
        unread = values_of(texts, type_, spelling).is_null()
        odd = texts.filter(unread)
        if odd.is_empty() or (type_ is not FieldType.BOOLEAN and _are_odd(odd, texts)):
            return _narrowed(texts.filter(~unread), type_), odd.unique().sort().to_list()
    return _text_type(texts), ()


def _are_odd(words: pl.Series, texts: pl.Series) -> bool:
    few = words.n_unique() <= _MOST_ODD_WORDS and len(words) <= len(texts) / _ROWS_PER_ODD_WORD
    return few and not words.str.contains(r"\d").any()


def _text_type(texts: pl.Series) -> FieldType:
    if texts.str.contains(r"^[^@\s]+@[^@\s]+$").all():
        return FieldType.EMAIL
    if separator_of(texts):
        return FieldType.MULTI_PICKLIST
    if texts.n_unique() <= min(_MOST_OPTIONS, len(texts) / _ROWS_PER_OPTION):
        return FieldType.PICKLIST
    return FieldType.TEXT if (texts.str.len_chars() > _LONG).any() else FieldType.STRING


def _narrowed(texts: pl.Series, type_: FieldType) -> FieldType:
    """0 and 1 alone are no and yes; a time of day makes a day an instant; money has a sign; what
    begins with a zero, such as a postcode, is no number."""
    if type_ is FieldType.INTEGER and texts.str.contains(r"^0\d").any():
        return FieldType.STRING
    if type_ is FieldType.INTEGER and set(texts.unique()) <= {"0", "1"}:
        return FieldType.BOOLEAN
    if type_ is FieldType.DATE and texts.str.contains(r"\d:\d\d").any():
        return FieldType.DATETIME
    if type_ is FieldType.CURRENCY and not texts.str.contains(r"\p{Sc}|[A-Z]{3}").any():
        return FieldType.NUMBER
    if type_ is FieldType.INTEGER and texts.str.contains(r"\p{Sc}").any():
        return FieldType.CURRENCY
    return type_


def _blanks_in(texts: pl.Series) -> Sequence[str]:
    lower = texts.str.to_lowercase()
    return lower.filter(lower.is_in(_BLANKS)).unique().to_list()


def _date_formats(columns: Mapping[str, pl.Series]) -> Sequence[str]:
    """Those that read most columns whole; none where all dates begin with the year."""
    count: Counter[str] = Counter()
    for texts in (x.drop_nulls().unique().head(_ENOUGH) for x in columns.values()):
        is_dated = not texts.is_empty() and texts.str.contains(_LIKE_A_DATE).all()
        if is_dated and not _reads(texts, None):
            count.update(x for x in COMMON_DATES if _reads(texts, x))
    most = max(count.values(), default=0)
    return [x for x in COMMON_DATES if most and count[x] == most]


def _reads(texts: pl.Series, date_format: str | None) -> bool:
    return instants(texts, Clock(date_format=date_format, time_zone="UTC")).null_count() == 0


def _has_decimal_comma(columns: Mapping[str, pl.Series]) -> bool:
    """Whether in some column most values end in a comma and one or two digits, or count
    thousands by points."""
    return any(x.str.contains(_DECIMAL_COMMA).sum() > x.count() / 2 for x in columns.values())
