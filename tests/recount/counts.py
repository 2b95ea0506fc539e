"""Every number of the report, counted once more: overall, and split by a dimension."""

from collections.abc import Callable, Iterator, Mapping

from recount import cost_counts, funnel_counts, month_counts, word_counts
from recount.asked import Asked, Key, Sheet, overall, split
from recount.tally import Counted

_EACH: tuple[Callable[[Asked], Iterator[Sheet]], ...] = (
    funnel_counts.funnels,
    funnel_counts.rounds,
    funnel_counts.handoffs,
    funnel_counts.promises,
    word_counts.moves,
    word_counts.reasons,
    word_counts.outcomes,
    word_counts.money,
)


def numbers(asked: Asked) -> Mapping[Key, Counted]:
    """All of them, by where they stand."""
    sheets = [sheet for make in _EACH for sheet in make(asked)]
    found: dict[Key, Counted] = {}
    for sheet in sheets:
        if asked.by is None:
            found |= overall(sheet)
        elif sheet.apart != asked.by:
            found |= split(sheet, asked.by)
    if asked.by is None:
        found |= {**month_counts.months(asked), **cost_counts.costs(asked)}
    return found
