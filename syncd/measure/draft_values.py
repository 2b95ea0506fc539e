"""What values a field takes among the older leads: enough to think of conditions, in little memory.

Of numbers a thinned sample, of words how often each comes with a win. Decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from syncd.domain.names import FieldName
from syncd.domain.values import FieldType
from syncd.measure.draft_split import WON
from syncd.measure.outcomes import COLUMN_TYPES

NUMBERS = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.CURRENCY})
WORDS = frozenset({FieldType.PICKLIST, FieldType.MULTI_PICKLIST, FieldType.STRING})
MOST_NUMBERS = 20_000
MOST_WORDS = 1_000
"""Different words that are counted for one field; later ones are not looked at."""


@dataclass(slots=True)
class Sample:
    """Every so many-th number, evenly over all that came: rarer as more come."""

    kept: np.ndarray = field(default_factory=lambda: np.empty(0))
    stride: int = 1
    seen: int = 0

    def add(self, numbers: np.ndarray) -> None:
        taken = numbers[-self.seen % self.stride :: self.stride]
        self.seen += len(numbers)
        self.kept = np.concatenate((self.kept, taken))
        while len(self.kept) > MOST_NUMBERS:
            self.kept = self.kept[::2]
            self.stride *= 2


@dataclass(slots=True)
class Word:
    leads: int = 0
    won: int = 0


@dataclass(slots=True)
class Words:
    """Later ones than `MOST_WORDS` are left out."""

    words: dict[str, Word] = field(default_factory=dict)

    def add(self, text: str, leads: int, won: int) -> None:
        if text not in self.words and len(self.words) >= MOST_WORDS:
            return
        word = self.words.setdefault(text, Word())
        word.leads += leads
        word.won += won


@dataclass(slots=True)
class Seen:
    """All that is kept of the older leads' values."""

    leads: int = 0
    won: int = 0
    numbers: dict[FieldName, Sample] = field(default_factory=dict)
    words: dict[FieldName, Words] = field(default_factory=dict)

    def add(self, older: pl.DataFrame, types: Mapping[FieldName, FieldType]) -> None:
        self.leads += older.height
        self.won += int(older[WON].sum())
        for name, kind in types.items():
            if name not in older.columns or older.schema[name] != COLUMN_TYPES[kind]:
                continue
            if kind in NUMBERS:
                numbers = older[name].drop_nulls().cast(pl.Float64).to_numpy()
                self.numbers.setdefault(name, Sample()).add(numbers)
            elif kind in WORDS:
                self._add_words(name, older)

    def _add_words(self, name: FieldName, older: pl.DataFrame) -> None:
        words, pairs = self.words.setdefault(name, Words()), older.select(name, WON)
        if isinstance(older.schema[name], pl.List):
            pairs = pairs.explode(name)
        counts = pairs.drop_nulls(name).group_by(name).agg(pl.len(), pl.col(WON).sum())
        for text, leads, won in counts.sort(name).iter_rows():
            words.add(text, leads, won)
