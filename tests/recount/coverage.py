"""What the recount has compared: which columns of which tables, overall and by which splits, and
whether any number there ever told something."""

import re
from collections import Counter
from collections.abc import Iterator

from recount.compare import Compared
from syncd.measure.catalogue import MEASURES

OVERALL = "overall"
_MONTH = re.compile(r"\d{4}-\d{2}")
Place = tuple[str, str, str]
"""Table, column and split."""


class Coverage:
    """Numbers compared, and those of them that told something, by place."""

    def __init__(self) -> None:
        self.compared: Counter[Place] = Counter()
        self.told: Counter[Place] = Counter()

    def add(self, number: Compared, by: str | None) -> None:
        table, _, column = number.key
        place = (table, _heading(column), by or OVERALL)
        self.compared[place] += 1
        self.told[place] += number.tells

    def missing(self) -> set[str]:
        """Tables, and splits of tables, of the catalogue of which nothing was compared."""
        seen = {(table, by) for table, _, by in self.compared}
        wanted = {(x.id, by) for x in MEASURES.values() for by in (OVERALL, *x.dimensions)}
        return {f"{table} {by}" for table, by in wanted - seen}

    def silent(self) -> set[str]:
        """Columns that told nothing anywhere."""
        heard = {(table, column) for (table, column, _), n in self.told.items() if n}
        known = {(table, column) for table, column, _ in self.compared}
        return {f"{table}.{column}" for table, column in known - heard}

    def lines(self) -> Iterator[str]:
        """Each column with its splits: how many numbers told something, of how many."""
        splits: dict[tuple[str, str], list[str]] = {}
        for (table, column, by), n in sorted(self.compared.items()):
            told = self.told[table, column, by]
            splits.setdefault((table, column), []).append(f"{by} {told}/{n}")
        for (table, column), each in splits.items():
            yield f"{table}.{column}: {', '.join(each)}"


def _heading(column: str) -> str:
    """Split, a column is called by its line and its heading."""
    if _MONTH.fullmatch(column):
        return "each month"
    return column.rpartition(".")[2]
