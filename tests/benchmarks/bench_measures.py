"""Every table of the report over 100,000 rounds, overall and split.

Run alone with `python tests/benchmarks/bench_measures.py [ROUNDS]`.
"""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np
import polars as pl
from bench_figures import Figure, table

from syncd.domain.handoff import HandoffState
from syncd.domain.stage import Stage
from syncd.measure.catalogue import MEASURES
from syncd.measure.facts import MOVES, ROUNDS, SPEND, Dimension, Facts, Treatment
from syncd.measure.scope import Scope

MANY, RULES = 100_000, 12
YEAR = Scope(
    start=datetime(2026, 1, 1, tzinfo=UTC),
    end=datetime(2027, 1, 1, tzinfo=UTC),
    label="2026",
    time_zone="Europe/Berlin",
    now=datetime(2027, 1, 1, tzinfo=UTC),
)
"""Everything lies in it: the worst that a period can be."""
_SPAN = 365 * 86_400 * 10**6
_VALUES = {
    Dimension.SEGMENT: 4,
    Dimension.SOURCE: 12,
    Dimension.CAMPAIGN: 60,
    Dimension.OWNER: 50,
    Dimension.TEAM: 6,
    Dimension.STANDARD: 5,
}
_STEPS = ("assigned_at", "accepted_at", "attempted_at", "touched_at", "closed_at")


def figures(rounds: int = MANY) -> Iterator[Figure]:
    """The least of five, as `timeit` has it."""
    facts = a_year(rounds)
    group = f"Measures: {rounds:,} rounds, a year"
    for name, measure in MEASURES.items():
        by = (None, *(x for x in (Dimension.OWNER,) if x in measure.dimensions))
        for split in by:
            label = f"{name}, by {split}" if split else name
            spent = min(_timed(name, facts, split) for _ in range(5))
            most = None if split else 50
            yield Figure(group=group, name=label, value=spent * 1e3, unit="ms", most=most)


def measured(rounds: int = MANY) -> list[Figure]:
    return list(figures(rounds))


def _timed(name: str, facts: Facts, by: Dimension | None) -> float:
    begun = time.perf_counter()
    MEASURES[name].table(facts, YEAR, by)
    return time.perf_counter() - begun


def a_year(rounds: int) -> Facts:
    """One round in eight is of a lead that came back."""
    dice = np.random.default_rng(6)
    leads = np.arange(rounds)
    leads[rounds * 7 // 8 :] = dice.integers(0, rounds * 7 // 8, rounds - rounds * 7 // 8)
    frame = pl.DataFrame({"lead_id": leads}).with_columns(
        pl.format("l-{}", "lead_id").alias("lead_id"),
        (pl.int_range(pl.len()).over("lead_id") + 1).alias("cycle"),
    )
    frame = frame.with_columns(_dimensions(dice, rounds)).with_columns(_stages(dice, rounds))
    frame = frame.with_columns(_handoff(dice, rounds)).with_columns(_end(dice, rounds))
    return Facts(
        rounds=_in_shape(frame, ROUNDS),
        moves=_moves(dice, frame, rounds),
        spend=pl.DataFrame(schema=dict(SPEND)),
    )


def _in_shape(frame: pl.DataFrame, schema: dict[str, pl.DataType] | object) -> pl.DataFrame:
    assert isinstance(schema, dict)
    missing = [pl.lit(None, dtype=kind).alias(x) for x, kind in schema.items() if x not in frame]
    return frame.with_columns(missing).select(pl.col(x).cast(k) for x, k in schema.items())


def _dimensions(dice: np.random.Generator, size: int) -> list[pl.Series]:
    return [
        pl.Series(x.value, [f"{x}-{n}" if n else None for n in dice.integers(0, many, size)])
        for x, many in _VALUES.items()
    ]


def _instants(name: str, micros: np.ndarray, known: np.ndarray) -> pl.Series:
    first = int(YEAR.start.timestamp() * 10**6)
    series = pl.Series(name, first + micros.astype(np.int64))
    kept = pl.Series(known)
    return (
        pl.select(pl.when(kept).then(series))
        .to_series()
        .cast(pl.Datetime("us"))
        .dt.replace_time_zone("UTC")
        .alias(name)
    )


def _stages(dice: np.random.Generator, size: int) -> list[pl.Series]:
    far, at = dice.integers(1, 7, size), dice.integers(0, _SPAN, size)
    found = []
    for number, stage in enumerate(list(Stage)[3:]):
        found.append(_instants(f"{stage}_at", at, far > number))
        at = at + dice.integers(0, 20 * 86_400 * 10**6, size)
    return found


def _handoff(dice: np.random.Generator, size: int) -> list[pl.Series]:
    at, all_of_them = dice.integers(0, _SPAN, size), np.ones(size, dtype=bool)
    found = [_instants("offered_at", at, all_of_them)]
    states = [x.value for x in HandoffState]
    found.append(pl.Series("state", [states[n] for n in dice.integers(0, len(states), size)]))
    for clock in ("assign", "accept", "touch", "dispose"):
        due = at + dice.integers(0, 5 * 86_400 * 10**6, size)
        found.append(_instants(f"{clock}_due_at", due, all_of_them))
        found.append(pl.Series(f"{clock}_missed", dice.random(size) < 0.2))
        if clock != "dispose":
            found.append(pl.Series(f"{clock}_business_s", dice.integers(0, 90_000, size)))
    for name in _STEPS:
        at = at + dice.integers(0, 2 * 86_400 * 10**6, size)
        found.append(_instants(name, at, dice.random(size) < 0.8))
    reasons = ["too-early", "no-budget", "no-fit", None]
    found.append(pl.Series("reason", [reasons[n] for n in dice.integers(0, 4, size)]))
    found.append(pl.Series("mql_score", dice.random(size) * 100))
    found.append(pl.Series("mql_band", [f"band-{n}" for n in dice.integers(0, 3, size)]))
    return found


def _end(dice: np.random.Generator, size: int) -> list[pl.Series]:
    at, fate = dice.integers(0, _SPAN, size), dice.random(size)
    return [
        _instants("won_at", at, fate < 0.1),
        _instants("lost_at", at, fate > 0.7),
        pl.Series("won_amount", dice.random(size) * 9_000),
        pl.Series("sourced", dice.random(size) < 0.5),
        pl.Series("influenced", dice.random(size) < 0.5),
        pl.Series("sql_band", [f"band-{n}" for n in dice.integers(0, 3, size)]),
        pl.Series("lost_reason", [f"reason-{n}" for n in dice.integers(0, 9, size)]),
    ]


def _moves(dice: np.random.Generator, rounds: pl.DataFrame, size: int) -> pl.DataFrame:
    treatments = [x.value for x in Treatment]
    rules = [f"rule-{n}" for n in range(RULES)]
    unmet = [sorted(dice.choice(rules, n, replace=False)) for n in (0, 0, 0, 1, 1, 2, 3, 5)]
    met = [[x for x in rules if x not in some] for some in unmet]
    kinds = dice.integers(0, len(unmet), size)
    moves = rounds.select("lead_id", "cycle", *(x.value for x in Dimension)).with_columns(
        _instants("at", dice.integers(0, _SPAN, size), np.ones(size, dtype=bool)),
        pl.Series("gate", [("mql", "sql")[n] for n in dice.integers(0, 2, size)]),
        pl.Series("treatment", [treatments[n] for n in dice.integers(0, len(treatments), size)]),
        pl.Series("unmet", [unmet[n] for n in kinds], dtype=pl.List(pl.String)),
        pl.Series("met", [met[n] for n in kinds], dtype=pl.List(pl.String)),
        pl.Series("score", dice.random(size) * 100),
    )
    return _in_shape(moves, MOVES)


if __name__ == "__main__":
    print(table(measured(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)))
