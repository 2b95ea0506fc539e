"""What is kept of the older leads' values, and which conditions are thought of."""

import numpy as np
from draft_world import specs

from syncd.domain.names import FieldName
from syncd.domain.standard import Is, NoneOf
from syncd.measure.draft_candidates import Field, conditions_for
from syncd.measure.draft_values import MOST_NUMBERS, Sample, Seen, Word, Words

SECTOR = FieldName("sector")


def test_a_sample_is_even_over_all_that_came_in_whatever_pieces() -> None:
    numbers = np.arange(100_003)
    sample = Sample()

    for first in range(0, len(numbers), 777):
        sample.add(numbers[first : first + 777])

    assert MOST_NUMBERS / 2 < len(sample.kept) <= MOST_NUMBERS
    assert sample.kept.tolist() == numbers[:: sample.stride].tolist()


def test_a_rare_word_is_not_taken_for_the_best_on_the_strength_of_a_few_wins() -> None:
    words = {"rare": Word(10, 6), "usual": Word(1000, 550), "bad": Word(990, 44)}
    seen = Seen(leads=2000, won=600, words={SECTOR: Words(words)})

    found = [x.test for x in conditions_for(Field(spec=specs()[SECTOR], as_of_now=False), seen)]

    assert Is("usual") in found
    assert NoneOf(("bad",)) in found
