"""What was found in a CSV, in words: what keeps it from being read, and what was left out.

Words only; nothing here reads.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

import polars as pl

from syncd.adapters.outcomes.csv_rows import Bad, Counts
from syncd.adapters.outcomes.csv_text import UTF_8
from syncd.adapters.outcomes.csv_times import Clock, days
from syncd.adapters.outcomes.csv_values import numbers
from syncd.core.value_words import counted, cut, listed
from syncd.domain.names import FieldName
from syncd.domain.values import FieldType
from syncd.measure.csv_map import CsvMap
from syncd.measure.outcomes import AMOUNT, DECIDED_AT, MOVED_AT

COMMON_DATES = (
    "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y", "%m/%d/%y", "%d/%m/%y",
    "%d %b %Y", "%b %d, %Y", "%d-%b-%y", "%d-%b-%Y", "%d %B %Y", "%B %d, %Y",
)  # fmt: skip
"""Formats to propose, the likeliest first; what the first reads, a later one may read too."""
_KINDS = {
    FieldType.INTEGER: "a whole number",
    FieldType.NUMBER: "a number",
    FieldType.CURRENCY: "an amount",
    FieldType.BOOLEAN: "yes or no",
    FieldType.DATE: "a date",
    FieldType.DATETIME: "a date and time",
}
_TIMES = {FieldType.DATE, FieldType.DATETIME}
_NUMBERS = {FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY}
_OWN_KINDS = {
    MOVED_AT: FieldType.DATETIME,
    DECIDED_AT: FieldType.DATETIME,
    AMOUNT: FieldType.CURRENCY,
}
_MOST_NAMED = 10


def outcome_problem(csv_map: CsvMap, counts: Counts) -> Iterator[str]:
    """The outcome words that the mapping does not name, the most frequent first."""
    if counts.unnamed:
        often = sorted(counts.unnamed.items(), key=lambda x: (-x[1], x[0]))
        words = [f'"{cut(word)}" ({counted(n, "row")})' for word, n in often]
        header, where = csv_map.outcome.header, csv_map.outcome.where
        yield (
            f'{where}: column "{header}" holds outcomes that are not named here: {_some(words)}; '
            "add each under won, lost, rejected, recycled or open"
        )


def unread_columns(csv_map: CsvMap, counts: Counts) -> Iterator[str]:
    """Columns of which not one value can be read: the mapping is wrong there."""
    for name, bad in counts.bad.items():
        if bad.unreadable and bad.unreadable == bad.filled:
            kind = _kind(name, csv_map)
            yield (
                f'{bad.column.where}: no value of column "{bad.column.header}" can be read as '
                f"{_KINDS[kind]} ({_seen(bad)}); {_next_step(kind, bad, csv_map)}"
            )


def twins_problem(
    csv_map: CsvMap, twins: Sequence[tuple[str, Sequence[int]]], source: str
) -> Iterator[str]:
    """`twins` are leads with all their rows, where they have more than one."""
    if twins and csv_map.lead:
        words = [
            f'"{cut(lead)}" (rows {listed(map(str, islice(rows, 5)), "and")})'
            for lead, rows in islice(twins, _MOST_NAMED)
        ]
        yield (
            f'{source}: column "{csv_map.lead.header}" names {counted(len(twins), "lead")} on more '
            f"than one row: {_some(words, len(twins))}; keep one row of each, or remove lead: from "
            f"{csv_map.lead.where} if every row is a lead of its own"
        )


def nothing_left(csv_map: CsvMap, counts: Counts, source: str) -> Iterator[str]:
    if counts.rows == 0:
        yield f"{source}: there are headers and no rows; export it again, with its leads"
    elif counts.kept == 0:
        yield (
            f'{source}: no row has both a date in "{csv_map.moved_at.header}" and an outcome in '
            f'"{csv_map.outcome.header}"; name the columns that hold them'
        )


def notes(csv_map: CsvMap, counts: Counts, encoding: str) -> Iterator[str]:
    """What was left out or could not be read, one sentence each."""
    if encoding != UTF_8:
        yield "The file is not UTF-8; it was read as Windows wrote texts before (Windows-1252)."
    moves = counts.bad.get(MOVED_AT)
    unread = moves.unreadable if moves else 0
    if moves and unread:
        yield (
            f"{counted(unread, 'row')} left out: the date in "
            f'"{csv_map.moved_at.header}" cannot be read ({_seen(moves)}).'
        )
    if counts.without_move > unread:
        missing = counted(counts.without_move - unread, "row")
        yield f'{missing} left out: there is no date in "{csv_map.moved_at.header}".'
    if counts.without_outcome:
        missing = counted(counts.without_outcome, "row")
        yield f'{missing} left out: there is no outcome in "{csv_map.outcome.header}".'
    for name, bad in counts.bad.items():
        if bad.unreadable and name != MOVED_AT:
            yield (
                f"{bad.unreadable:,} of {counted(bad.filled, 'value')} in "
                f'"{bad.column.header}" cannot be read as {_KINDS[_kind(name, csv_map)]} '
                f"({_seen(bad)}) and count as unknown."
            )


def _kind(name: str, csv_map: CsvMap) -> FieldType:
    types = {x.spec.name: x.spec.type for x in csv_map.fields}
    return _OWN_KINDS[name] if name in _OWN_KINDS else types[FieldName(name)]


def _seen(bad: Bad) -> str:
    row, text = bad.examples[0]
    return f'row {row} holds "{cut(text)}"'


def _next_step(kind: FieldType, bad: Bad, csv_map: CsvMap) -> str:
    texts = pl.Series([text for _, text in bad.examples], dtype=pl.String)
    if kind in _TIMES:
        fitting = next(fitting_dates(texts), None)
        return f'write date_format: "{fitting}"' if fitting else "write its date_format"
    if kind in _NUMBERS:
        other = numbers(texts, decimal_comma=not csv_map.decimal_comma)
        if other.null_count() == 0:
            return f"write decimals: {'point' if csv_map.decimal_comma else 'comma'}"
    return "name another column, or give the field another type"


def fitting_dates(texts: pl.Series) -> Iterator[str]:
    """The common formats that read every one of these texts."""
    for format_ in COMMON_DATES:
        if days(texts, Clock(date_format=format_, time_zone="UTC")).null_count() == 0:
            yield format_


def _some(words: Collection[str], total: int | None = None) -> str:
    more = (total or len(words)) - _MOST_NAMED
    named = ", ".join(islice(words, _MOST_NAMED))
    return f"{named} and {more:,} more" if more > 0 else named
