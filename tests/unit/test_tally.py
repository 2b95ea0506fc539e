"""Tallies stay small however many names there are, and their sums stay exact."""

import polars as pl

from syncd.measure.column_names import RESULT
from syncd.measure.outcomes import AMOUNT, SOURCE
from syncd.measure.rates import Rate
from syncd.measure.standing import STANDING
from syncd.measure.tally import MOST_GROUPS, OTHERS, Tallies, total


def _leads(sources: list[str | None], standing: str = "won") -> pl.DataFrame:
    size = len(sources)
    return pl.DataFrame(
        {
            SOURCE: sources,
            RESULT: [False] * size,
            STANDING: [standing] * size,
            AMOUNT: [2.0] * size,
        }
    )


def test_names_beyond_the_limit_count_together() -> None:
    tallies = Tallies(SOURCE)

    for first in range(0, 3 * MOST_GROUPS, 100):
        tallies.add(_leads([f"s{n}" for n in range(first, first + 100)]))

    groups = tallies.by_size()
    assert len(groups) == MOST_GROUPS + 1
    assert groups[OTHERS].leads == 2 * MOST_GROUPS
    whole = total(groups.values()).failing
    assert (whole.leads, whole.worth) == (3 * MOST_GROUPS, 6.0 * MOST_GROUPS)


def test_only_what_was_won_is_worth_something() -> None:
    tallies = Tallies(SOURCE)

    for standing in ("won", "lost", "rejected", "recycled", "open"):
        tallies.add(_leads(["web"], standing))

    failing = tallies.by_size()["web"].failing
    assert (failing.worth, failing.won, failing.gone) == (2.0, 1, 3)
    assert (failing.win_rate, failing.conversion) == (Rate(1, 5), Rate(2, 5))
