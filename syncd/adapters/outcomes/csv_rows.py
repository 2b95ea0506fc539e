"""Make leads with outcomes of a batch of CSV rows, and count what could not be read.

What a cell means is the mapping's word. Must not stop at a bad value: it is counted with the
rows where it stands.
"""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from syncd.adapters.outcomes.csv_text import ROW
from syncd.adapters.outcomes.csv_times import Clock, instants
from syncd.adapters.outcomes.csv_values import Spelling, numbers, texts_of, values_of
from syncd.measure.column_names import unreadable_column
from syncd.measure.csv_map import CsvColumn, CsvField, CsvMap
from syncd.measure.outcomes import (
    AMOUNT,
    COLUMN_TYPES,
    DECIDED_AT,
    LEAD,
    MOVED_AT,
    NAME,
    OUTCOME,
    OVERRIDDEN,
    SOURCE,
)

_MOST_EXAMPLES = 3


@dataclass(slots=True)
class Bad:
    """How many cells of a column hold something, how many of them cannot be read, and where."""

    column: CsvColumn
    filled: int = 0
    unreadable: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)

    def add(self, rows: pl.Series, texts: pl.Series, values: pl.Series) -> None:
        unread = texts.is_not_null() & values.is_null()
        self.filled += len(texts) - texts.null_count()
        self.unreadable += int(unread.sum())
        room = _MOST_EXAMPLES - len(self.examples)
        if room > 0 and unread.any():
            found = zip(
                rows.filter(unread).head(room), texts.filter(unread).head(room), strict=True
            )
            self.examples += found


@dataclass(slots=True)
class Counts:
    """What was seen in all batches so far. `bad` is by the name of the leads' column;
    `unnamed` are outcome words that the mapping does not name; `here` are the rows of the
    batch that is read now."""

    rows: int = 0
    kept: int = 0
    without_move: int = 0
    without_outcome: int = 0
    unnamed: Counter[str] = field(default_factory=Counter)
    bad: dict[str, Bad] = field(default_factory=dict)
    here: pl.Series = field(default_factory=pl.Series)

    def check(self, column: CsvColumn | None, texts: pl.Series, values: pl.Series) -> None:
        """Count one column of the batch whose rows were begun last."""
        if column is not None:
            self.bad.setdefault(values.name, Bad(column)).add(self.here, texts, values)


@dataclass(frozen=True, slots=True)
class Rows:
    """Reads batches by one mapping."""

    csv_map: CsvMap

    def headers(self) -> tuple[str, ...]:
        """Every column that is needed, once."""
        wanted = self.csv_map
        single = (wanted.lead, wanted.name, wanted.moved_at, wanted.outcome, wanted.decided_at,
                  wanted.amount, wanted.source, wanted.overridden)  # fmt: skip
        columns = (*(x for x in single if x), *(x.column for x in wanted.fields))
        return tuple(dict.fromkeys(x.header for x in columns))

    def leads(self, batch: pl.DataFrame, counts: Counts) -> pl.DataFrame:
        """The rows that have a move and an outcome, as leads with their row numbers."""
        counts.here = batch[ROW]
        columns = [
            counts.here,
            *self._who(batch),
            self._instant(batch, MOVED_AT, counts),
            self._instant(batch, DECIDED_AT, counts),
            self._outcome(batch, counts),
            self._amount(batch, counts),
            self._overridden(batch),
            *(column for x in self.csv_map.fields for column in self._field(batch, x, counts)),
        ]
        leads = pl.DataFrame(columns)
        moved, told = leads[MOVED_AT].is_not_null(), leads[OUTCOME].is_not_null()
        kept = leads.filter(moved & told)
        counts.rows += leads.height
        counts.kept += kept.height
        counts.without_move += int((~moved).sum())
        counts.without_outcome += int((moved & ~told).sum())
        return kept

    def _who(self, batch: pl.DataFrame) -> tuple[pl.Series, pl.Series, pl.Series]:
        row = pl.select(pl.format("row {}", batch[ROW])).to_series()
        lead = row if self.csv_map.lead is None else self._texts(batch, self.csv_map.lead)
        lead = lead.zip_with(lead.is_not_null(), row)
        name = lead if self.csv_map.name is None else self._texts(batch, self.csv_map.name)
        name = name.zip_with(name.is_not_null(), lead)
        return (
            lead.alias(LEAD),
            name.alias(NAME),
            self._texts(batch, self.csv_map.source).alias(SOURCE),
        )

    def _texts(self, batch: pl.DataFrame, column: CsvColumn | None) -> pl.Series:
        if column is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, batch.height)
        return texts_of(batch[column.header], self.csv_map.blanks)

    def _instant(self, batch: pl.DataFrame, name: str, counts: Counts) -> pl.Series:
        column = self.csv_map.moved_at if name == MOVED_AT else self.csv_map.decided_at
        texts = self._texts(batch, column)
        clock = self._clock(self.csv_map.date_format, day_ends=True)
        values = instants(texts, clock).alias(name)
        counts.check(column, texts, values)
        return values

    def _outcome(self, batch: pl.DataFrame, counts: Counts) -> pl.Series:
        """Null where there is none; words that are not named are counted."""
        cells = batch[self.csv_map.outcome.header].fill_null("")
        words = cells.str.strip_chars().str.to_lowercase()
        named = {word: outcome.value for word, outcome in self.csv_map.outcomes.items()}
        found = words.replace_strict(named, default=None, return_dtype=pl.String)
        blank = texts_of(words, self.csv_map.blanks).is_null()
        for word, count in words.filter(found.is_null() & ~blank).value_counts().iter_rows():
            counts.unnamed[word] += count
        return found.alias(OUTCOME)

    def _amount(self, batch: pl.DataFrame, counts: Counts) -> pl.Series:
        column = self.csv_map.amount
        texts = self._texts(batch, column)
        values = numbers(texts, decimal_comma=self.csv_map.decimal_comma).alias(AMOUNT)
        counts.check(column, texts, values)
        return values

    def _overridden(self, batch: pl.DataFrame) -> pl.Series:
        texts = self._texts(batch, self.csv_map.overridden).str.to_lowercase()
        return (
            texts.is_in(list(self.csv_map.overridden_words))
            .fill_null(value=False)
            .alias(OVERRIDDEN)
        )

    def _field(
        self, batch: pl.DataFrame, one: CsvField, counts: Counts
    ) -> tuple[pl.Series, pl.Series]:
        texts = self._texts(batch, one.column)
        spelling = Spelling(
            clock=self._clock(one.date_format),
            decimal_comma=self.csv_map.decimal_comma,
            blanks=self.csv_map.blanks,
            words=one.words,
            separator=one.separator,
        )
        name = one.spec.name
        values = values_of(texts, one.spec.type, spelling).alias(name)
        counts.check(one.column, texts, values)
        unread = texts.is_not_null() & values.is_null()
        return values.cast(COLUMN_TYPES[one.spec.type]), unread.alias(unreadable_column(name))

    def _clock(self, date_format: str | None, *, day_ends: bool = False) -> Clock:
        return Clock(date_format=date_format, time_zone=self.csv_map.time_zone, day_ends=day_ends)
