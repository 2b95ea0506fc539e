"""What each variant of a standard finds of every lead, and whose findings count.

As in `core/variants`: the first that certainly applies, unless one above it cannot be told to;
then what all that it may be agree on. Knows no rules' conditions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from syncd.domain.names import RuleId
from syncd.domain.standard import UNTOLD, Condition, Gate, RulePoints, Scoring
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.column_groups import all_of, condition_truth, enough_of
from syncd.measure.column_names import BAND, PASSING, RESULT, SCORE, rule_column
from syncd.measure.column_score import ScoreColumns
from syncd.measure.column_tests import UNKNOWN
from syncd.measure.outcomes import SEGMENT

_NO_POINTS = pl.lit(None, dtype=pl.Float64)
_NO_TEXT = pl.lit(None, dtype=pl.String)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What is asked of the leads of one variant; the last is everybody's."""

    name: str
    applies: Condition
    gate: Gate
    scoring: Scoring | None

    @property
    def asks(self) -> tuple[RuleId, ...]:
        """Every rule that can keep a lead from passing, `score` included."""
        some = self.gate.any.of if self.gate.any else ()
        score = (SCORE_RULE,) if self.gate.score and self.scoring else ()
        return tuple(dict.fromkeys((*self.gate.all, *some, *score)))

    @property
    def looks_at(self) -> tuple[RuleId, ...]:
        """`asks`, and the rules that only give points."""
        points = self.scoring.points if self.scoring else ()
        giving = (x.rule for x in points if isinstance(x, RulePoints))
        return tuple(dict.fromkeys((*self.asks, *giving)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentColumns:
    """One segment's columns, made for every lead, whosoever it is. All begin with `_prefix`."""

    number: int
    segment: Segment
    unit: int

    def add_to(self, leads: pl.DataFrame) -> pl.DataFrame:
        if self._score:
            leads = self._score.add_to(leads)
        return leads.with_columns(
            condition_truth(self.segment.applies, leads.schema).alias(f"{self._prefix}applies"),
            all_of(self._parts()).alias(f"{self._prefix}result"),
        )

    def is_untold_of_any(self, leads: pl.DataFrame) -> bool:
        """Whether there is a lead of which it cannot be told if the segment applies."""
        return bool(leads.select(self.applies.null_count()).item())

    @property
    def applies(self) -> pl.Expr:
        return pl.col(f"{self._prefix}applies")

    @property
    def result(self) -> pl.Expr:
        return pl.col(f"{self._prefix}result")

    @property
    def reaches_band(self) -> pl.Expr:
        """Null as well where no band is asked for."""
        wanted = self.segment.gate.score
        return self._score.reaches(wanted) if wanted and self._score else UNKNOWN

    @property
    def points(self) -> pl.Expr:
        return self._score.points() if self._score else _NO_POINTS

    @property
    def band(self) -> pl.Expr:
        return self._score.band() if self._score else _NO_TEXT

    @property
    def spelled_score(self) -> pl.Expr:
        return self._score.spelled() if self._score else _NO_TEXT

    @property
    def _prefix(self) -> str:
        return f"{PASSING}{self.number}"

    @property
    def _score(self) -> ScoreColumns | None:
        scoring = self.segment.scoring
        if scoring is None:
            return None
        return ScoreColumns(scoring=scoring, unit=self.unit, prefix=f"{self._prefix}score")

    def _parts(self) -> Iterator[pl.Expr]:
        gate = self.segment.gate
        yield from (pl.col(rule_column(x)) for x in gate.all)
        if gate.any:
            yield enough_of(gate.any)
        if gate.score and self._score:
            yield self.reaches_band


_Tried = Sequence[SegmentColumns]


def findings(tried: _Tried) -> dict[str, pl.Expr]:
    """What the segment of each lead finds, where it is known of every lead which that is."""
    found = {
        RESULT: _first(tried, lambda x: x.result),
        SEGMENT: _first(tried, lambda x: pl.lit(x.segment.name)),
        SCORE: _first(tried, lambda x: x.points),
        BAND: _first(tried, lambda x: x.band),
    }
    if any(SCORE_RULE in x.segment.asks for x in tried):
        found[rule_column(SCORE_RULE)] = _first(tried, lambda x: x.reaches_band)
    return found


def findings_in_doubt(tried: _Tried) -> dict[str, pl.Expr]:
    """The same where it cannot be told of each: what all the segments it may have agree on."""
    may = _may_hold(tried)
    untold = pl.any_horizontal(x & one.applies.is_null() for one, x in zip(tried, may, strict=True))
    score = _first(tried, lambda x: x.spelled_score)
    fails = _all(tried, may, lambda x: (~x.result).fill_null(value=False))
    passes = _all(tried, may, lambda x: x.result.fill_null(value=False))
    scored = _all(tried, may, lambda x: x.spelled_score.eq_missing(score))
    found = findings(tried)
    agreed = {
        RESULT: pl.when(fails).then(pl.lit(False)).when(passes).then(pl.lit(True)),
        SEGMENT: pl.lit(UNTOLD),
        SCORE: pl.when(scored).then(found[SCORE]),
        BAND: pl.when(scored).then(found[BAND]),
        rule_column(SCORE_RULE): UNKNOWN,
    }
    return {x: pl.when(untold).then(agreed[x]).otherwise(found[x]) for x in found}


def _may_hold(tried: _Tried) -> Sequence[pl.Expr]:
    """Of each segment, whether it may be the lead's: it may apply, and none above it does."""
    none_above: pl.Expr = pl.lit(True)
    may = []
    for one in tried:
        may.append(none_above & one.applies.fill_null(value=True))
        none_above = none_above & ~one.applies.fill_null(value=False)
    return may


def _first(tried: _Tried, found: Callable[[SegmentColumns], pl.Expr]) -> pl.Expr:
    """What the first segment finds that may be the lead's."""
    *before, last = tried
    chosen = found(last)
    for one in reversed(before):
        applies = one.applies.fill_null(value=True)
        chosen = pl.when(applies).then(found(one)).otherwise(chosen)
    return chosen


def _all(
    tried: _Tried, may: Sequence[pl.Expr], found: Callable[[SegmentColumns], pl.Expr]
) -> pl.Expr:
    """Whether every segment that may be the lead's finds so."""
    return all_of(~x | found(one) for one, x in zip(tried, may, strict=True))
