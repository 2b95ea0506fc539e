"""What holds of every number: it opens to its leads, and its parts make up the whole."""

from collections.abc import Callable, Iterator
from random import Random

import pytest
from fact_cases import any_facts, drawn, scope
from fact_cases import facts as made
from hypothesis import given, settings

from syncd.measure.catalogue import MEASURES
from syncd.measure.facts import Dimension, Facts
from syncd.measure.tables import Measure, Number, Table, Unit

COUNTED = (Unit.LEADS, Unit.MOVES, Unit.SHARE)
OCTOBER = scope()
MOST = 15
"""Of a large table, so many numbers are opened: every second, every third."""
SOME = drawn(Random(6), leads=60)

every_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
Law = Callable[[Measure, Facts], None]


def every_number_opens_to_its_leads(measure: Measure, facts: Facts) -> None:
    for by in (None, *measure.dimensions[:1]):
        numbers = list(counted(measure.table(facts, OCTOBER, by)))
        for row, column, number in numbers[:: 1 + len(numbers) // MOST]:
            found = measure.leads(facts, OCTOBER, row, column, by)
            assert (found.height, found.columns[:2]) == (number.n, ["lead_id", "cycle"])


def parts_make_up_the_whole(measure: Measure, facts: Facts) -> None:
    whole = measure.table(facts, OCTOBER)
    single = [x.key for x in whole.rows] == ["all"]
    overall = {x if single else f"{row}.{x}": (n.n, n.of or 0) for row, x, n in counted(whole)}

    for by in measure.dimensions:
        split = measure.table(facts, OCTOBER, by)
        for column in split.columns:
            if column.unit in COUNTED:
                parts = [row.numbers[column.id] for row in split.rows]
                found = sum(x.n for x in parts), sum(x.of or 0 for x in parts)
                assert found == overall[column.id]


def a_filter_shows_what_the_split_shows(measure: Measure, facts: Facts) -> None:
    for by in measure.dimensions[:1]:
        for row in measure.table(facts, OCTOBER, by).rows:
            alone = measure.table(facts, scope(only={by: (row.key,)}), by)
            shown = {x.id: row.numbers[x.id] for x in alone.columns}
            assert [dict(x.numbers) for x in alone.rows] == [shown]


def counted(table: Table) -> Iterator[tuple[str, str, Number]]:
    """The numbers that are counts, or made of counts, by row and column."""
    for row in table.rows:
        for column in table.columns:
            if column.unit in COUNTED:
                yield row.key, column.id, row.numbers[column.id]


LAWS = (
    every_number_opens_to_its_leads,
    parts_make_up_the_whole,
    a_filter_shows_what_the_split_shows,
)


@every_measure
@pytest.mark.parametrize("law", LAWS)
def test_of_some_leads(law: Law, measure: Measure) -> None:
    law(measure, SOME)


@pytest.mark.slow
@every_measure
@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=20)
@given(facts=any_facts())
def test_of_any_leads(law: Law, measure: Measure, facts: Facts) -> None:
    law(measure, facts)


@every_measure
def test_every_column_says_what_it_means(measure: Measure) -> None:
    table = measure.table(made(), OCTOBER)

    meant = {x.id: x for x in table.definitions}
    assert {x.basis for x in meant.values()} == {table.basis}
    for column in table.columns:
        meaning = meant[column.definition]
        assert all((meaning.title, meaning.says, meaning.numerator, meaning.date))
        assert bool(meaning.denominator) == (column.unit is Unit.SHARE)


@every_measure
def test_a_row_or_column_that_is_not_there_is_refused(measure: Measure) -> None:
    for by in (None, *measure.dimensions):
        with pytest.raises(ValueError, match=measure.id):
            measure.leads(made(), OCTOBER, "nowhere", "nothing", by)


@every_measure
def test_only_what_it_can_be_split_by_splits_it(measure: Measure) -> None:
    for by in set(Dimension) - set(measure.dimensions):
        with pytest.raises(ValueError, match=by):
            measure.table(made(), OCTOBER, by)
