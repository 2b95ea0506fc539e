"""What holds of every number: it opens to its leads, and its parts make up the whole."""

from collections.abc import Iterator

import pytest
from fact_cases import any_facts, scope
from fact_cases import facts as made
from hypothesis import given, settings

from syncd.measure.catalogue import MEASURES
from syncd.measure.facts import Facts
from syncd.measure.tables import Measure, Number, Table, Unit

COUNTED = (Unit.LEADS, Unit.MOVES, Unit.SHARE)
OCTOBER = scope()


def tables(measure: Measure, facts: Facts) -> Iterator[Table]:
    for by in (None, *measure.dimensions):
        yield measure.table(facts, OCTOBER, by)


def numbers(table: Table) -> Iterator[tuple[str, str, Unit, Number]]:
    for row in table.rows:
        for column in table.columns:
            yield row.key, column.id, column.unit, row.numbers[column.id]


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=8)
@given(facts=any_facts())
def test_every_number_opens_to_exactly_its_leads(name: str, facts: Facts) -> None:
    measure = MEASURES[name]

    for table in tables(measure, facts):
        for row, column, unit, number in numbers(table):
            if unit in COUNTED:
                found = measure.leads(facts, OCTOBER, row, column, table.by)
                assert (found.height, found.columns[:2]) == (number.n, ["lead_id", "cycle"])


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=15)
@given(facts=any_facts())
def test_the_values_of_a_dimension_make_up_the_whole(name: str, facts: Facts) -> None:
    measure = MEASURES[name]
    whole = measure.table(facts, OCTOBER)
    overall = {
        f"{row.key}.{column.id}": row.numbers[column.id]
        for row in whole.rows
        for column in whole.columns
    }
    if len(whole.rows) == 1:
        overall = dict(whole.rows[0].numbers)

    for by in measure.dimensions:
        split = measure.table(facts, OCTOBER, by)
        for column in split.columns:
            if column.unit in COUNTED:
                parts = [row.numbers[column.id] for row in split.rows]
                found = sum(x.n for x in parts), sum(x.of or 0 for x in parts)
                assert found == (overall[column.id].n, overall[column.id].of or 0)


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=8)
@given(facts=any_facts())
def test_a_filter_shows_what_the_split_shows(name: str, facts: Facts) -> None:
    measure = MEASURES[name]

    for by in measure.dimensions[:1]:
        for row in measure.table(facts, OCTOBER, by).rows:
            alone = measure.table(facts, scope(only={by: (row.key,)}), by)
            shown = {x: n for x, n in row.numbers.items() if x in {c.id for c in alone.columns}}
            assert [dict(x.numbers) for x in alone.rows] == [shown]


@pytest.mark.parametrize("name", MEASURES)
def test_every_column_says_what_it_means(name: str) -> None:
    table = MEASURES[name].table(made(), OCTOBER)

    meant = {x.id: x for x in table.definitions}
    assert {x.definition for x in table.columns} <= set(meant)
    assert {x.basis for x in meant.values()} == {table.basis}
    for column in table.columns:
        meaning = meant[column.definition]
        assert all((meaning.title, meaning.says, meaning.numerator, meaning.date))
        assert bool(meaning.denominator) == (column.unit is Unit.SHARE)


@pytest.mark.parametrize("name", MEASURES)
def test_a_row_or_column_that_is_not_there_is_refused(name: str) -> None:
    for by in (None, *MEASURES[name].dimensions):
        with pytest.raises(ValueError, match=name):
            MEASURES[name].leads(made(), OCTOBER, "nowhere", "nothing", by)
