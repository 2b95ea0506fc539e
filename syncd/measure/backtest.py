"""What a standard would have done to leads whose outcome is known: the whole answer.

Reads the leads twice: once to see how far they reach and which fields are known only after the
outcome, once to judge them. Keeps counts, not leads.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from syncd.core.condition_parts import fields_of
from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.errors import PermanentError
from syncd.measure.judging import Columns
from syncd.measure.leakage import Fills
from syncd.measure.ledger import Line, Marks, ledger
from syncd.measure.ledger_counts import LedgerCounts
from syncd.measure.outcomes import DECIDED_AT, OUTCOME, SEGMENT, SOURCE, AsOf, Leads, Outcome
from syncd.measure.rule_fields import fields_by_rule, without
from syncd.measure.score_curve import Curve, ScoreCounts
from syncd.measure.standing import HAD_TIME, STANDING, Horizon, latest_in
from syncd.measure.stopped import Largest, StoppedWinner, stopped_winners
from syncd.measure.tally import Sides, Tallies, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`now` bounds what can be known: no outcome is younger. `forced` fields count as evidence
    though they look as if they were known only after the outcome."""

    standard: Standard
    stage: Stage
    span: timedelta
    now: datetime
    forced: Collection[FieldName] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaks:
    """Fields known only after the outcome, with why: those refused, and those forced."""

    refused: Mapping[FieldName, str]
    forced: Mapping[FieldName, str]


@dataclass(slots=True, kw_only=True)
class Besides:
    """Leads that are in no rate (`young`, by their outcome), or in it as undecided though they
    won in the end (`won_late`), and won leads without a date of it (`undated`)."""

    read: int = 0
    young: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    won_late: int = 0
    undated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """Rates are over `sides.leads`: the leads that had all of `span`. `as_of_now` are the fields
    in use whose values are those of today; `missing` those that the leads do not have at all."""

    source: str
    stage: Stage
    version: str
    span: timedelta
    known_until: datetime
    sides: Sides
    by_segment: Mapping[str, Sides]
    by_source: Mapping[str, Sides]
    ledger: tuple[Line, ...]
    curves: tuple[Curve, ...]
    winners: tuple[StoppedWinner, ...]
    winners_found: int
    besides: Besides
    leaks: Leaks
    doubtful_segments: tuple[str, ...]
    as_of_now: tuple[FieldName, ...]
    missing: tuple[FieldName, ...]
    notes: tuple[str, ...]


def backtest(
    leads: Leads, question: Question, on_winners: Callable[[pl.DataFrame], None]
) -> Backtest:
    """`on_winners` gets every won lead that would have been stopped, in batches, as they come.
    PermanentError where no lead has had its time yet."""
    look = _first_look(leads, question)
    judged_by = _without_leaks(question, look)
    columns = Columns(judged_by.standard, question.stage)
    counts = _Counts(columns, Horizon(span=question.span, known_until=look.known_until))
    for batch in leads.batches():
        on_winners(counts.add(batch))
    _some_had_time(counts, look, question)
    return _answer(leads, question, look, judged_by, counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    known_until: datetime
    leaky: Mapping[FieldName, str]


def _first_look(leads: Leads, question: Question) -> _Look:
    fills, latest = Fills(leads), None
    for batch in leads.batches():
        fills.add(batch)
        of_batch = latest_in(batch)
        latest = max(filter(None, (latest, of_batch)), default=None)
    known_until = min(latest or question.now, question.now)
    return _Look(known_until=known_until, leaky=fills.leaky())


@dataclass(frozen=True, slots=True, kw_only=True)
class _JudgedBy:
    """The standard as it is judged by, without what was refused."""

    standard: Standard
    leaks: Leaks
    refused: Mapping[RuleId, str]


def _without_leaks(question: Question, look: _Look) -> _JudgedBy:
    named = fields_by_rule(question.standard)
    used = Columns(question.standard, question.stage).rules
    leaks = Leaks(
        refused={x: why for x, why in look.leaky.items() if x not in question.forced},
        forced={x: why for x, why in look.leaky.items() if x in question.forced},
    )
    refused = {
        rule: "; ".join(
            f"{x} is {leaks.refused[x]}" for x in sorted(named[rule] & set(leaks.refused))
        )
        for rule in used
        if rule in question.standard.rules and named[rule] & set(leaks.refused)
    }
    standard = without(question.standard, question.stage, refused, leaks.refused)
    return _JudgedBy(standard=standard, leaks=leaks, refused=refused)


class _Counts:
    """All that is counted while the leads are judged."""

    def __init__(self, columns: Columns, horizon: Horizon) -> None:
        self.columns, self.horizon = columns, horizon
        self.segments, self.sources = Tallies(SEGMENT), Tallies(SOURCE)
        self.ledger, self.scores = LedgerCounts(columns), ScoreCounts(columns)
        self.largest, self.besides = Largest(), Besides()

    def add(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Answers the won leads that would have been stopped."""
        judged = self.horizon.add_to(self.columns.judge(batch))
        self._count_besides(judged)
        counted = judged.filter(HAD_TIME)
        for one in (self.segments, self.sources, self.ledger, self.scores):
            one.add(counted)
        winners = stopped_winners(judged, self.columns)
        self.largest.add(winners)
        return winners

    def _count_besides(self, judged: pl.DataFrame) -> None:
        won = pl.col(OUTCOME) == Outcome.WON.value
        young = judged.filter(~pl.col(HAD_TIME))[OUTCOME].value_counts()
        for outcome, leads in young.iter_rows():
            self.besides.young[Outcome(outcome)] += leads
        late, undated = judged.filter(HAD_TIME).select(
            (won & (pl.col(STANDING) != Outcome.WON.value)).sum().alias("late"),
            (won & pl.col(DECIDED_AT).is_null()).sum().alias("undated"),
        ).row(0)  # fmt: skip
        self.besides.read += judged.height
        self.besides.won_late += late
        self.besides.undated += undated


def _some_had_time(counts: _Counts, look: _Look, question: Question) -> None:
    if not total(counts.segments.by_size().values()).leads:
        raise PermanentError(
            f"none of {counts.besides.read:,} leads was moved {question.span.days} days or more "
            f"before {look.known_until:%Y-%m-%d}, where what is known of them ends: wait, or give "
            "all of them less time with --horizon"
        )


def _answer(
    leads: Leads, question: Question, look: _Look, judged_by: _JudgedBy, counts: _Counts
) -> Backtest:
    segments, standard = counts.segments.by_size(), judged_by.standard
    used = _fields_in_use(standard, counts.columns)
    as_of_now = {x for x, when in leads.as_of.items() if when is AsOf.NOW}
    marks = Marks(as_of_now=as_of_now, forced=judged_by.leaks.forced, refused=judged_by.refused)
    return Backtest(
        source=leads.source,
        stage=question.stage,
        version=standard.version,
        span=question.span,
        known_until=look.known_until,
        sides=total(segments.values()),
        by_segment=segments,
        by_source=counts.sources.by_size(),
        ledger=ledger(question.standard, counts.columns, counts.ledger, marks),
        curves=counts.scores.curves(),
        winners=tuple(counts.largest.winners()),
        winners_found=counts.largest.count,
        besides=counts.besides,
        leaks=judged_by.leaks,
        doubtful_segments=_doubtful_segments(standard, judged_by.leaks),
        as_of_now=tuple(sorted(used & as_of_now)),
        missing=tuple(sorted(used - set(leads.as_of))),
        notes=leads.notes,
    )


def _fields_in_use(standard: Standard, columns: Columns) -> set[FieldName]:
    named = fields_by_rule(standard)
    rules = (named[x] for x in columns.rules)
    segments = (fields_of(x.applies) for x in columns.segments)
    return set().union(*rules, *segments)


def _doubtful_segments(standard: Standard, leaks: Leaks) -> tuple[str, ...]:
    """Those told by a field that is known only after the outcome."""
    leaky = {**leaks.refused, **leaks.forced}
    return tuple(x.name for x in standard.variants if leaky.keys() & fields_of(x.applies))
