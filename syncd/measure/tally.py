"""How many leads came to what, by what the gate says of them: counts that add up over batches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from syncd.measure.column_names import RESULT
from syncd.measure.outcomes import AMOUNT, Outcome
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate
from syncd.measure.standing import STANDING

MOST_GROUPS = 500
"""Beyond so many different names (a source that is an address, say) the later ones count
together, so that memory stays bounded."""
OTHERS = "(all others)"
NO_NAME = "(not known)"

_N, _WORTH, _UNPRICED = "n", "worth", "unpriced"


@dataclass(slots=True, kw_only=True)
class Tally:
    """Leads by how they stood when their time was up. `worth` is what was won with them, of
    which `unpriced` leads have no amount."""

    standing: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    worth: float = 0.0
    unpriced: int = 0

    @property
    def leads(self) -> int:
        return sum(self.standing.values())

    @property
    def won(self) -> int:
        return self.standing[Outcome.WON]

    @property
    def gone(self) -> int:
        """Lost, rejected or recycled; not those of which nothing is decided."""
        return self.leads - self.won - self.standing[Outcome.OPEN]

    @property
    def win_rate(self) -> Rate:
        """Won, of all leads: also of those that sales gave back and of those still undecided."""
        return Rate(self.won, self.leads)

    @property
    def conversion(self) -> Rate:
        """Worked by sales to a decision (won or lost), of all leads."""
        return Rate(self.won + self.standing[Outcome.LOST], self.leads)

    def add(self, other: "Tally") -> None:
        for outcome, leads in other.standing.items():
            self.standing[outcome] += leads
        self.worth += other.worth
        self.unpriced += other.unpriced


@dataclass(slots=True, kw_only=True)
class Sides:
    """Leads that conform, that would have been stopped, and of which it cannot be told."""

    passing: Tally = field(default_factory=Tally)
    failing: Tally = field(default_factory=Tally)
    unknown: Tally = field(default_factory=Tally)

    @property
    def leads(self) -> int:
        return self.passing.leads + self.failing.leads + self.unknown.leads

    @property
    def win_rates(self) -> Contrast:
        return Contrast(self.passing.win_rate, self.failing.win_rate)

    @property
    def conversions(self) -> Contrast:
        return Contrast(self.passing.conversion, self.failing.conversion)

    @property
    def tallies(self) -> Mapping[bool | None, Tally]:
        return {True: self.passing, False: self.failing, None: self.unknown}

    def add(self, other: "Sides") -> None:
        for result, tally in self.tallies.items():
            tally.add(other.tallies[result])


class Tallies:
    """Sides by the value of one column, the first `MOST_GROUPS` values each by itself."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._groups: dict[str, Sides] = {}

    def add(self, leads: pl.DataFrame) -> None:
        for name, result, tally in _counted(leads, self._column):
            key = name if name in self._groups or len(self._groups) < MOST_GROUPS else OTHERS
            self._groups.setdefault(key, Sides()).tallies[result].add(tally)

    def by_size(self) -> Mapping[str, Sides]:
        return dict(sorted(self._groups.items(), key=lambda x: (-x[1].leads, x[0])))


def total(groups: Iterable[Sides]) -> Sides:
    whole = Sides()
    for one in groups:
        whole.add(one)
    return whole


def _counted(leads: pl.DataFrame, column: str) -> Iterator[tuple[str, bool | None, Tally]]:
    won = pl.col(STANDING) == Outcome.WON.value
    counted = (
        leads.group_by(pl.col(column).fill_null(NO_NAME).alias("name"), RESULT, STANDING)
        .agg(
            pl.len().alias(_N),
            pl.col(AMOUNT).filter(won).sum().alias(_WORTH),
            pl.col(AMOUNT).filter(won).null_count().alias(_UNPRICED),
        )
        .sort("name", RESULT, STANDING)
    )
    for row in counted.iter_rows(named=True):
        tally = Tally(worth=row[_WORTH], unpriced=row[_UNPRICED])
        tally.standing[Outcome(row[STANDING])] = row[_N]
        yield row["name"], row[RESULT], tally
