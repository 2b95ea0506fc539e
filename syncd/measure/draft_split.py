"""The leads that a draft learns from, and the newer ones that it is held against.

All have had the same time to win. What is fitted on the older part is told of the newer part
alone: a rule that fits the past by luck does not fit what came after it.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

import polars as pl

from syncd.measure.outcomes import MOVED_AT, Outcome
from syncd.measure.standing import HAD_TIME, STANDING, Horizon, latest_in

OLDER_SHARE = 0.7
WON, NEWER = "_won", "_newer"
"""Whether the lead was won in its time, and whether it is of the newer part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Leads moved at `newer_from` or later are the newer part."""

    horizon: Horizon
    newer_from: datetime

    def add_to(self, batch: pl.DataFrame) -> pl.DataFrame:
        """The leads that have had their time, with `_won` and `_newer`."""
        counted = self.horizon.add_to(batch).filter(HAD_TIME)
        return counted.with_columns(
            (pl.col(STANDING) == Outcome.WON.value).alias(WON),
            (pl.col(MOVED_AT) >= self.newer_from).alias(NEWER),
        )

    def older(self, batch: pl.DataFrame) -> pl.DataFrame:
        return self.add_to(batch).filter(~pl.col(NEWER))


class Days:
    """How many leads were moved on each day: all that must be known to part them."""

    def __init__(self) -> None:
        self._moved: Counter[date] = Counter()
        self._latest: datetime | None = None

    def add(self, batch: pl.DataFrame) -> None:
        for day, leads in batch[MOVED_AT].dt.date().value_counts().iter_rows():
            self._moved[day] += leads
        self._latest = max(filter(None, (self._latest, latest_in(batch))), default=None)

    def split(self, span: timedelta, now: datetime) -> Split | None:
        """None where no lead has had `span` to win, or all were moved on one day."""
        known_until = min(self._latest or now, now)
        counted = sorted(x for x in self._moved if _midnight(x) + span <= known_until)
        if len(counted) < 2:
            return None
        upto = list(accumulate(self._moved[x] for x in counted[:-1]))
        wanted = OLDER_SHARE * (upto[-1] + self._moved[counted[-1]])
        last_older = min(bisect_left(upto, wanted), len(upto) - 1)
        return Split(
            horizon=Horizon(span=span, known_until=known_until),
            newer_from=_midnight(counted[last_older + 1]),
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
