"""What the leads judged so far say of the standard's own rules: which tell winners from the rest,
which no longer do, and which stopped leads that were won in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.measure.facts import Facts, Treatment
from syncd.measure.judging import Columns
from syncd.measure.ledger import Line, Marks, Says, ledger
from syncd.measure.ledger_counts import LedgerCounts
from syncd.measure.outcomes import MOVED_AT
from syncd.measure.own_leads import own_leads
from syncd.measure.standing import HAD_TIME, Horizon

_NO_MARKS = Marks(as_of_now=(), forced=(), refused={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Faded:
    """A rule that told winners apart among the older half of the leads, and among the newer does
    not, or the other way round."""

    rule: RuleId
    older: Line
    newer: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLedger:
    """`leads` had their time, of `judged` in all; `newer_from` parts them in halves. `counted`
    is each of them as a row, for whoever tries another gate on them."""

    stage: Stage
    judged: int
    leads: int
    newer_from: datetime | None
    lines: tuple[Line, ...]
    faded: tuple[Faded, ...]
    counted: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedWinners:
    """Leads that a gate moved back for want of this rule, and that were won all the same: in
    the period, and ever. `amount` is of those in the period; `lead_ids` are these."""

    stage: Stage
    rule: RuleId
    words: str
    in_period: int
    ever: int
    amount: float
    lead_ids: tuple[str, ...]


def gate_ledger(
    facts: Facts, standard: Standard, stage: Stage, *, span: timedelta, now: datetime
) -> GateLedger:
    """Each lead has `span` from its move to win; those that had less are in no rate."""
    columns = Columns(standard, stage)
    judged = Horizon(span=span, known_until=now).add_to(own_leads(facts, standard, columns))
    counted = judged.filter(HAD_TIME)
    middle = _middle(counted)
    halves: tuple[tuple[Line, ...], ...] = ()
    if middle is not None:
        older = pl.col(MOVED_AT) < middle
        halves = tuple(_lines(standard, columns, counted.filter(x)) for x in (older, ~older))
    return GateLedger(
        stage=stage,
        judged=judged.height,
        leads=counted.height,
        newer_from=middle,
        lines=_lines(standard, columns, counted),
        faded=_faded(*halves) if halves else (),
        counted=counted,
    )


def _middle(counted: pl.DataFrame) -> datetime | None:
    found = counted.get_column(MOVED_AT).median()
    return found if isinstance(found, datetime) else None


def _lines(standard: Standard, columns: Columns, counted: pl.DataFrame) -> tuple[Line, ...]:
    counts = LedgerCounts(columns)
    counts.add(counted)
    return ledger(standard, columns, counts, _NO_MARKS)


def _faded(older: Sequence[Line], newer: Sequence[Line]) -> tuple[Faded, ...]:
    now = {x.rule: x for x in newer}
    return tuple(
        Faded(rule=before.rule, older=before, newer=now[before.rule])
        for before in older
        if before.says is Says.PREDICTS and _lost_it(before, now[before.rule])
    )


def _lost_it(before: Line, after: Line) -> bool:
    """Surely less than it was: that fewer leads show no difference does not mean there is none."""
    if after.says not in (Says.NOTHING, Says.MISLEADS):
        return False
    between, was = after.win_rates.difference_interval, before.win_rates.difference
    return between is not None and was is not None and between.high < was


def stopped_winners(
    facts: Facts, standard: Standard, *, start: datetime, end: datetime
) -> tuple[StoppedWinners, ...]:
    """By rule, those that stopped most in the period first. A lead counts once for each rule."""
    won = (
        facts.rounds.filter(pl.col("won_at").is_not_null())
        .group_by("lead_id")
        .agg(pl.col("won_at").min(), pl.col("won_amount").sum())
        .with_columns(inside=pl.col("won_at").is_between(start, end, closed="left"))
    )
    stopped = (
        facts.moves.filter(pl.col("treatment") == Treatment.BLOCKED.value)
        .explode("unmet")
        .drop_nulls("unmet")
        .join(won, on="lead_id", how="inner")
        .filter(pl.col("at") <= pl.col("won_at"))
        .unique(("gate", "unmet", "lead_id"))
        .group_by("gate", "unmet")
        .agg(
            pl.col("inside").sum().alias("in_period"),
            pl.len().alias("ever"),
            pl.col("won_amount").filter("inside").sum().alias("amount"),
            pl.col("lead_id").filter("inside").sort().alias("ids"),
        )
        .sort("in_period", "ever", "gate", "unmet", descending=[True, True, False, False])
    )
    return tuple(
        StoppedWinners(
            stage=Stage(row["gate"]),
            rule=RuleId(row["unmet"]),
            words=_words(standard, RuleId(row["unmet"])),
            in_period=row["in_period"],
            ever=row["ever"],
            amount=row["amount"],
            lead_ids=tuple(row["ids"]),
        )
        for row in stopped.iter_rows(named=True)
    )


def _words(standard: Standard, rule: RuleId) -> str:
    """Empty for a rule that the standard no longer has."""
    known = standard.rules.get(rule)
    return known.says if known else ""
