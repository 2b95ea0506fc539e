"""A backtest at size: a million leads and 25 rules stay below two gigabytes."""

from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from bench_backtest_world import MAP, standard, write_csv
from bench_memory import peak_megabytes

from syncd.cli.backtest_page import page
from syncd.cli.outcome_source import from_csv
from syncd.cli.stopped_file import StoppedFile
from syncd.domain.stage import Stage
from syncd.measure.backtest import Question, backtest

SPAWN = get_context("spawn")
LEADS, MOST_MEGABYTES, HELD_MEGABYTES = 1_000_000, 2_000, 800

pytestmark = pytest.mark.slow


def test_a_million_leads_are_read_judged_counted_and_shown_in_little_memory(
    tmp_path: Path,
) -> None:
    write_csv(tmp_path / "leads.csv", LEADS)
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")

    with SPAWN.Pool(1) as pool:
        counted, named, peak = pool.apply(_whole, (tmp_path,))

    assert counted == LEADS
    assert named == len((tmp_path / "stopped.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert peak < MOST_MEGABYTES


def test_what_the_process_holds_that_starts_it_is_not_counted(tmp_path: Path) -> None:
    held = bytearray(HELD_MEGABYTES * 1_000_000)
    write_csv(tmp_path / "leads.csv", 1_000)
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")

    with SPAWN.Pool(1) as pool:
        _, _, peak = pool.apply(_whole, (tmp_path,))

    assert peak < len(held) / 1e6


def _whole(home: Path) -> tuple[int, int, float]:
    """Leads counted, stopped winners, and the most megabytes that were resident."""
    outcomes = from_csv(home / "leads.csv", home / "map.yaml", home / "no-config")
    question = Question(
        standard=standard(),
        stage=Stage.SQL,
        span=timedelta(days=180),
        now=datetime(2026, 11, 1, tzinfo=UTC),
    )
    with StoppedFile(home / "stopped.csv") as stopped:
        found = backtest(outcomes.leads, question, stopped.add)
    (home / "page.html").write_text(page(found), encoding="utf-8")
    return found.sides.leads, found.winners_found, peak_megabytes()
