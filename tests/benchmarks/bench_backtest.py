"""A million leads with outcomes held against 25 rules: by columns, lead by lead, by another engine.

Run alone with `python tests/benchmarks/bench_backtest.py [LEADS]`.
"""

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import bench_backtest_zen as zen_engine
import polars as pl
from bench_backtest_world import CONDITIONS, MAP, standard, write_csv
from bench_figures import Figure, table
from bench_memory import peak_megabytes

from syncd.cli.outcomes_csv import csv_leads
from syncd.core.judge import Case, Judge
from syncd.domain.names import LeadId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.verdict import Result
from syncd.measure.column_values import lead_values
from syncd.measure.judging import Columns
from syncd.measure.outcomes import Leads

LEADS = 1_000_000
ONE_BY_ONE, BY_ZEN = 50_000, 5_000
"""Those who judge lead by lead judge so many; the time for all is what that comes to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`cpu` is what judging took, `whole` what everything took, reading twice included; both in
    seconds of CPU, which a busy neighbour disturbs less than the clock."""

    leads: int
    passing: int
    cpu: float
    whole: float = 0
    megabytes: float = 0


def by_columns(home: Path) -> Judged:
    """As the command does: once through the CSV to check it, once to judge it."""
    started, cpu, leads, passing = time.process_time(), 0.0, 0, 0
    columns = Columns(standard())
    for batch in _leads(home).batches():
        begun = time.process_time()
        judged = columns.judge(batch)
        cpu += time.process_time() - begun
        leads, passing = leads + judged.height, passing + int(judged["_result"].sum())
    return Judged(
        leads=leads,
        passing=passing,
        cpu=cpu,
        whole=time.process_time() - started,
        megabytes=peak_megabytes(),
    )


def one_by_one(home: Path) -> Judged:
    """The judge of the daemon, every finding explained. Reading is not counted."""
    judge, cases = Judge(standard()), list(_cases(_sample(home, ONE_BY_ONE)))
    begun = time.process_time()
    passing = sum(judge.judge(Stage.SQL, x).result is Result.PASSES for x in cases)
    return Judged(leads=len(cases), passing=passing, cpu=time.process_time() - begun)


def by_zen(home: Path) -> Judged:
    """The same rules as a decision model, whose answers are held against ours. Reading is not
    counted."""
    sample = _sample(home, BY_ZEN)
    leads, decide = list(zen_engine.leads(sample)), zen_engine.engine()
    begun = time.process_time()
    answers = [decide(x) for x in leads]
    cpu = time.process_time() - begun
    zen_engine.compare(answers, Columns(standard()).judge(sample))
    return Judged(leads=len(leads), passing=sum(x["passes"] for x in answers), cpu=cpu)


def figures(leads: int = LEADS) -> Iterator[Figure]:
    """Each way in a process of its own."""
    with TemporaryDirectory(prefix="syncd-bench-") as folder:
        home = Path(folder)
        write_csv(home / "leads.csv", leads)
        (home / "map.yaml").write_text(MAP)
        columns, ours, theirs = (_alone(x, home) for x in (by_columns, one_by_one, by_zen))
    figure = partial(
        Figure, group=f"Backtest: {columns.leads:,} leads, {len(CONDITIONS)} rules, one CPU"
    )
    for name, judged in (
        ("by columns, without words", columns),
        (f"lead by lead, findings explained ({ours.leads:,} measured)", ours),
        (f"zen-engine, without words ({theirs.leads:,} measured)", theirs),
    ):
        yield figure(name=f"judged {name}", value=judged.leads / judged.cpu, unit="leads/s")
        every = judged.cpu / judged.leads * columns.leads
        yield figure(name="  for all of them", value=every, unit="s")
    yield figure(name="the whole: CSV read twice, judged", value=columns.whole, unit="s")
    yield figure(name="peak memory of the whole", value=columns.megabytes, unit="MB", most=2_000)


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


def _alone(way: Callable[[Path], Judged], home: Path) -> Judged:
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(way, home).result()


if __name__ == "__main__":
    print(table(list(figures(int(sys.argv[1]) if len(sys.argv) > 1 else LEADS))))
