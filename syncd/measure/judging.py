"""Judge leads with known outcomes by columns: a standard as polars expressions.

Finds for each row what `core/judge` finds for that lead at the instant of its own move: the
result of the gate, each rule's truth, score, band and variant; no words. There are no
waivers here, and what the gate to MQL also asks of a lead that came round before is not
asked. Must not read files, and must not keep what it judged.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import Condition, Gate, RulePoints, Scoring, Standard
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.column_groups import all_of, condition_truth, enough_of
from syncd.measure.column_names import BAND, PASSING, RESULT, SCORE, rule_column
from syncd.measure.column_score import ScoreColumns
from syncd.measure.column_tests import UNKNOWN, Schema
from syncd.measure.outcomes import SEGMENT

EVERYBODY = "everybody"
"""The segment of all leads to whom no variant applies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What is asked of the leads of one variant, or of everybody else (`applies` is None)."""

    name: str
    applies: Condition | None
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


class Columns:
    """One gate of a standard, ready to judge frames of leads (their columns: `outcomes`).

    `segments` are in the order in which they are tried, everybody's last; `rules` are all that
    any of them looks at. A rule's column tells of every lead, also of one whose segment does
    not look at it: hold it against `Segment.asks` by the column `_segment`.
    """

    def __init__(self, standard: Standard, gate: Stage = Stage.SQL) -> None:
        """KeyError when the standard has no gate for the stage."""
        self._standard = standard
        variants = (
            Segment(name=x.name, applies=x.applies, gate=x.gates[gate], scoring=x.scoring)
            for x in standard.variants
        )
        everybody = Segment(
            name=EVERYBODY, applies=None, gate=standard.gates[gate], scoring=standard.scoring
        )
        self.segments = (*variants, everybody)
        self.rules = tuple(dict.fromkeys(rule for x in self.segments for rule in x.looks_at))

    def judge(self, leads: pl.DataFrame) -> pl.DataFrame:
        """The leads with `_result`, `_score`, `_band`, `_segment`, and `!<rule>` for each of
        `rules`. Each is judged as of its own `_moved_at`."""
        schema = dict(leads.schema)
        tried = tuple(_Tried(number=n, segment=x) for n, x in enumerate(self.segments))
        judged = leads.lazy().with_columns(*self._truths(schema))
        for one in tried:
            judged = one.add_to(judged, schema)
        judged = judged.with_columns(*_chosen(tried))
        return judged.select(~pl.selectors.starts_with(PASSING)).collect()

    def _truths(self, schema: Schema) -> Iterator[pl.Expr]:
        for rule in self.rules:
            if rule != SCORE_RULE:
                condition = self._standard.rules[rule].condition
                yield condition_truth(condition, schema).alias(rule_column(rule))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """One segment's columns, made for every lead, before it is told whose segment it is."""

    number: int
    segment: Segment

    @property
    def _prefix(self) -> str:
        return f"{PASSING}{self.number}"

    @property
    def applies(self) -> pl.Expr:
        return pl.col(f"{self._prefix}applies")

    @property
    def result(self) -> pl.Expr:
        return pl.col(f"{self._prefix}result")

    @property
    def score_rule(self) -> pl.Expr:
        """Whether the band is reached; null as well where none is asked for."""
        wanted = self.segment.gate.score
        return self._score.reaches(wanted) if wanted and self._score else UNKNOWN

    @property
    def score(self) -> pl.Expr:
        return self._score.points() if self._score else pl.lit(None, dtype=pl.Float64)

    @property
    def band(self) -> pl.Expr:
        return self._score.band() if self._score else pl.lit(None, dtype=pl.String)

    @property
    def _score(self) -> ScoreColumns | None:
        scoring = self.segment.scoring
        return ScoreColumns(scoring=scoring, prefix=f"{self._prefix}score") if scoring else None

    def add_to(self, leads: pl.LazyFrame, schema: Schema) -> pl.LazyFrame:
        if self._score:
            leads = self._score.add_to(leads, schema)
        condition = self.segment.applies
        applies = pl.lit(True) if condition is None else condition_truth(condition, schema)
        return leads.with_columns(
            applies.alias(f"{self._prefix}applies"),
            all_of(self._parts()).alias(f"{self._prefix}result"),
        )

    def _parts(self) -> Iterator[pl.Expr]:
        gate = self.segment.gate
        yield from (pl.col(rule_column(x)) for x in gate.all)
        if gate.any:
            yield enough_of(gate.any)
        if SCORE_RULE in self.segment.asks:
            yield self.score_rule


def _chosen(tried: tuple[_Tried, ...]) -> Iterator[pl.Expr]:
    """What the segment of each lead finds: the first that certainly applies."""
    yield _first(tried, (pl.lit(x.segment.name) for x in tried)).alias(SEGMENT)
    yield _first(tried, (x.result for x in tried)).alias(RESULT)
    yield _first(tried, (x.score for x in tried)).alias(SCORE)
    yield _first(tried, (x.band for x in tried)).alias(BAND)
    if any(SCORE_RULE in x.segment.asks for x in tried):
        yield _first(tried, (x.score_rule for x in tried)).alias(rule_column(SCORE_RULE))


def _first(tried: tuple[_Tried, ...], found: Iterable[pl.Expr]) -> pl.Expr:
    *before, found_last = found
    chosen: pl.Expr = found_last
    for one, expr in reversed(list(zip(tried, before, strict=False))):
        chosen = pl.when(one.applies).then(expr).otherwise(chosen)
    return chosen
