"""What other thresholds of a score would do: how many leads are at or above each, and how many
of those won. Counted by whole points, so that a million leads take no room."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

import polars as pl

from syncd.domain.standard import BandName, Scoring
from syncd.measure.column_names import SCORE
from syncd.measure.judging import Columns
from syncd.measure.outcomes import SEGMENT, Outcome
from syncd.measure.shares import Rate
from syncd.measure.standing import STANDING

_MOST_STEPS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Were this the threshold: the share of leads that reach it, and how many of those won."""

    threshold: float
    volume: Rate
    win_rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Of the leads with one and the same score. `unscored` have a score that is unknown."""

    segments: tuple[str, ...]
    steps: tuple[Step, ...]
    bands: Mapping[BandName, Decimal]
    unscored: int


class ScoreCounts:
    """Leads by their score's step, segment by segment."""

    def __init__(self, columns: Columns) -> None:
        self._scorings: dict[str, Scoring] = {
            x.name: x.scoring for x in columns.segments if x.scoring
        }
        self._width = {name: _step_width(x) for name, x in self._scorings.items()}
        self._leads: Counter[tuple[str, int | None]] = Counter()
        self._won: Counter[tuple[str, int | None]] = Counter()

    def add(self, judged: pl.DataFrame) -> None:
        if not self._scorings:
            return
        width = pl.col(SEGMENT).replace_strict(self._width, default=None, return_dtype=pl.Float64)
        won = pl.col(STANDING) == Outcome.WON.value
        counted = (
            judged.filter(width.is_not_null())
            .group_by(SEGMENT, (pl.col(SCORE) / width).floor().cast(pl.Int64).alias("step"))
            .agg(pl.len().alias("leads"), won.sum().alias("won"))
        )
        for segment, step, leads, hits in counted.iter_rows():
            self._leads[segment, step] += leads
            self._won[segment, step] += hits

    def curves(self) -> tuple[Curve, ...]:
        """One for each score; segments that are scored alike share it."""
        alike: dict[int, list[str]] = {}
        scorings: list[Scoring] = []
        for name, scoring in self._scorings.items():
            if scoring not in scorings:
                scorings.append(scoring)
            alike.setdefault(scorings.index(scoring), []).append(name)
        curves = (self._curve(scorings[n], tuple(names)) for n, names in alike.items())
        return tuple(x for x in curves if x.steps)

    def _curve(self, scoring: Scoring, segments: tuple[str, ...]) -> Curve:
        width = self._width[segments[0]]
        leads, won, unscored = Counter[int](), Counter[int](), 0
        for (segment, step), number in self._leads.items():
            if segment in segments and step is None:
                unscored += number
            elif segment in segments and step is not None:
                leads[step] += number
                won[step] += self._won[segment, step]
        steps, above, hits = [], 0, 0
        everybody = leads.total()
        for step in sorted(leads, reverse=True):
            above, hits = above + leads[step], hits + won[step]
            volume, win_rate = Rate(above, everybody), Rate(hits, above)
            steps.append(Step(threshold=step * width, volume=volume, win_rate=win_rate))
        return Curve(
            segments=segments,
            steps=tuple(reversed(steps)),
            bands={x.name: x.minimum for x in scoring.bands},
            unscored=unscored,
        )


def _step_width(scoring: Scoring) -> float:
    """Whole points; wider where a score has a great many."""
    reach = sum((abs(x.points) for x in scoring.points), Decimal())
    return float(max(1, ceil(reach / _MOST_STEPS)))
