"""Which conditions are worth a look, field by field: what a standard could ask of it.

Each is a test as a standard has it, so that what is counted is what would be judged. Looks at
the older leads' values only. Nothing here is asked in the negative of a whole field ("must be
empty"), for no team would sign that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import chain

import numpy as np

from syncd.domain.standard import (
    AtLeast,
    AtMost,
    FieldTest,
    Is,
    NoneOf,
    OneOf,
    Present,
    Test,
    Within,
)
from syncd.domain.values import FieldSpec, FieldType
from syncd.measure.draft_values import NUMBERS, WORDS, Sample, Seen, Word, Words

DATES = frozenset({FieldType.DATE, FieldType.DATETIME})
LAST_DAYS = (30, 60)
"""Behaviour in the days before the sales conversation."""
NEXT_DAYS = (30, 60, 90)
TENTHS = tuple(x / 10 for x in range(1, 10))
LEAST_OF_A_WORD = 10
MOST_WORDS_NAMED = 8
"""In one rule: a longer list is a list of customers, not a standard."""
MOST_DIFFERENT_TEXTS = 50
"""A text field with more different values than this is no list of choices (a name, an address)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that may be evidence. Of `as_of_now` the values are those of today."""

    spec: FieldSpec
    as_of_now: bool


def conditions_for(field: Field, seen: Seen) -> tuple[FieldTest, ...]:
    """Each once, in a fixed order: of two that part the leads alike, the first is taken."""
    return tuple(FieldTest(field.spec.name, x) for x in dict.fromkeys(_tests(field, seen)))


def _tests(field: Field, seen: Seen) -> Iterator[Test]:
    spec = field.spec
    if spec.type is FieldType.OWNER:  # who works a lead says nothing of the lead
        return
    if spec.type is FieldType.BOOLEAN:
        yield Is(True)
        yield Is(False)
        return
    yield Present()
    if spec.type in NUMBERS:
        yield from _thresholds(seen.numbers.get(spec.name, Sample()))
    elif spec.type in WORDS:
        yield from _choices(spec, seen)
    elif spec.type in DATES:
        yield from _windows(field)


def _windows(field: Field) -> Iterator[Test]:
    """Ahead only where the values are of the time of the move: else a date after it may have
    come with the outcome."""
    for days in LAST_DAYS:
        yield Within(last=timedelta(days=days))
    if not field.as_of_now:
        for days in NEXT_DAYS:
            yield Within(next=timedelta(days=days))


def _thresholds(sample: Sample) -> Iterator[Test]:
    if not len(sample.kept):
        return
    numbers = dict.fromkeys(_round(float(x)) for x in np.quantile(sample.kept, TENTHS))
    yield from (AtLeast(x) for x in numbers)
    yield from (AtMost(x) for x in numbers)


def _round(number: float) -> int | Decimal:
    """To two figures: 47 and 1,200 are numbers that people agree on."""
    near = Decimal(f"{number:.2g}")
    return int(near) if near == near.to_integral_value() else near


def _choices(spec: FieldSpec, seen: Seen) -> Iterator[Test]:
    """The best few words, the second best few with them and so on; and likewise without the
    worst."""
    found = seen.words.get(spec.name, Words())
    if spec.type is FieldType.STRING and len(found.words) > MOST_DIFFERENT_TEXTS:
        return
    ranked = _best_first(_sayable(found.words, spec), seen)
    most = min(MOST_WORDS_NAMED, len(ranked) - 1)
    for many in range(1, most + 1):
        yield Is(ranked[0]) if _is_one(many, spec) else OneOf(tuple(sorted(ranked[:many])))
        yield NoneOf(tuple(sorted(ranked[-many:])))
    if spec.type is FieldType.MULTI_PICKLIST:
        yield from (OneOf((x,)) for x in ranked)


def _is_one(many: int, spec: FieldSpec) -> bool:
    return many == 1 and spec.type is not FieldType.MULTI_PICKLIST


def _sayable(words: Mapping[str, Word], spec: FieldSpec) -> Mapping[str, Word]:
    """Often enough, such as the field can hold, and such as can be written in a file."""
    options = frozenset(chain.from_iterable(spec.options.values()))
    return {
        text: word
        for text, word in words.items()
        if word.leads >= LEAST_OF_A_WORD and text.isprintable() and (not options or text in options)
    }


def _best_first(words: Mapping[str, Word], seen: Seen) -> list[str]:
    """By win rate, rare words drawn to that of all."""
    usual = seen.won / seen.leads if seen.leads else 0.0
    rates = {
        x: (w.won + 2 * LEAST_OF_A_WORD * usual) / (w.leads + 2 * LEAST_OF_A_WORD)
        for x, w in words.items()
    }
    return sorted(words, key=lambda x: (-rates[x], x))
