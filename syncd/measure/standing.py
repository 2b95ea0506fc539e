"""How each lead stood when its time was up: the same time for all, counted from its own move.

A lead that had less time than the others is left out of every rate, however it ended: among
the young, those already decided are not like the rest. Must not look at any rule.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from syncd.measure.outcomes import DECIDED_AT, MOVED_AT, OUTCOME, Outcome

STANDING, HAD_TIME = "_standing", "_had_time"
"""The `Outcome` at the end of the lead's time, `open` where none had come by then; and whether
the lead had all its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Every lead has `span` from its move. What is known reaches to `known_until`."""

    span: timedelta
    known_until: datetime

    def add_to(self, leads: pl.DataFrame) -> pl.DataFrame:
        """The leads with `_standing` and `_had_time`. An outcome without a date counts as one
        that came in time: nothing says otherwise."""
        ends = pl.col(MOVED_AT) + self.span
        late = (pl.col(DECIDED_AT) > ends).fill_null(value=False)
        standing = pl.when(late).then(pl.lit(Outcome.OPEN.value)).otherwise(pl.col(OUTCOME))
        return leads.with_columns(
            standing.alias(STANDING), (ends <= self.known_until).alias(HAD_TIME)
        )


def latest_in(leads: pl.DataFrame) -> datetime | None:
    """The last instant of which the leads tell."""
    last = leads.select(pl.max_horizontal(pl.col(MOVED_AT).max(), pl.col(DECIDED_AT).max())).item()
    return last if isinstance(last, datetime) else None
