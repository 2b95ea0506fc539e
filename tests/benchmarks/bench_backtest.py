"""A million leads with outcomes held against 25 rules: by columns, lead by lead, by another engine.

Run alone with `python tests/benchmarks/bench_backtest.py [LEADS]`.
"""

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import bench_backtest_zen as zen_engine
import polars as pl
from bench_backtest_world import MAP, standard, write_csv
from bench_figures import Figure

from syncd.cli.outcomes_csv import csv_leads
from syncd.core.judge import Case, Judge
from syncd.domain.names import LeadId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result
from syncd.measure.column_values import lead_values
from syncd.measure.judging import Columns
from syncd.measure.outcomes import Leads

ONE_BY_ONE, BY_ZEN = 50_000, 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Seconds are of the whole, reading included, and of judging alone."""

    leads: int
    passing: int
    seconds: float
    judging: float
    megabytes: float


def by_columns(home: Path) -> Judged:
    """Reads the CSV twice, as the command does: once to check it, once to judge it."""
    started, judging, leads, passing = time.perf_counter(), 0.0, 0, 0
    columns = Columns(standard())
    for batch in _leads(home).batches():
        begun = time.perf_counter()
        judged = columns.judge(batch)
        judging += time.perf_counter() - begun
        leads, passing = leads + judged.height, passing + int(judged["_result"].sum())
    return Judged(
        leads=leads,
        passing=passing,
        seconds=time.perf_counter() - started,
        judging=judging,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    )


def one_by_one(home: Path) -> Judged:
    """The judge of the daemon, every finding explained; the values are there already."""
    sample = _sample(home, ONE_BY_ONE)
    judge, cases = Judge(standard()), list(_cases(sample))
    begun = time.perf_counter()
    passing = sum(judge.judge(Stage.SQL, x).result is Result.PASSES for x in cases)
    seconds = time.perf_counter() - begun
    return Judged(
        leads=len(cases), passing=passing, seconds=seconds, judging=seconds, megabytes=0
    )


def by_zen(home: Path) -> Judged:
    """The same rules as a decision model; its answers are compared with ours first."""
    sample = _sample(home, BY_ZEN)
    expected = Columns(standard()).judge(sample)
    leads = list(zen_engine.leads(sample))
    decide = zen_engine.engine()
    begun = time.perf_counter()
    answers = [decide(x) for x in leads]
    seconds = time.perf_counter() - begun
    zen_engine.compare(answers, expected)
    return Judged(
        leads=len(leads),
        passing=sum(x["passes"] for x in answers),
        seconds=seconds,
        judging=seconds,
        megabytes=0,
    )


def _leads(home: Path) -> Leads:
    leads, _ = csv_leads(home / "leads.csv", home / "map.yaml", {})
    return leads


def _sample(home: Path, size: int) -> pl.DataFrame:
    batches: list[pl.DataFrame] = []
    for batch in _leads(home).batches():
        batches.append(batch)
        if sum(x.height for x in batches) >= size:
            break
    return pl.concat(batches).head(size)


def _cases(sample: pl.DataFrame) -> Iterator[Case]:
    for values, now in zip(lead_values(sample), sample["_moved_at"], strict=True):
        yield Case(
            transition=TransitionId("t"), lead_id=LeadId("l"), cycle=1, values=values, now=now
        )
