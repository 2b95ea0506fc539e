"""Read tables of numbers in tests: what stands where, in as few words as can be."""

from syncd.measure.tables import Number, Table


def keys(table: Table) -> list[str]:
    return [row.key for row in table.rows]


def cell(table: Table, row: str, column: str) -> Number:
    [found] = [x for x in table.rows if x.key == row]
    return found.numbers[column]


def counts(table: Table, column: str) -> dict[str, int]:
    """What each number of the column is made of, by row."""
    return {row.key: row.numbers[column].n for row in table.rows}


def parts(table: Table, column: str) -> dict[str, tuple[int, int | None]]:
    """How many of how many, by row."""
    return {row.key: (row.numbers[column].n, row.numbers[column].of) for row in table.rows}
