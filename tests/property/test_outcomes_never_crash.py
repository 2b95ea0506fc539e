"""Whatever is in a CSV, it is read, or what is wrong is said: no crash, and no row that turns."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from syncd.adapters.outcomes.csv_guess import guess
from syncd.adapters.outcomes.csv_guess_page import guessed_map
from syncd.adapters.outcomes.csv_text import open_csv
from syncd.cli.outcomes_csv import csv_leads
from syncd.errors import SyncdError
from syncd.settings.yaml_source import read_source

MAP = """\
date_format: "%d.%m.%Y"
decimals: comma
moved_at: moved
outcome: {column: outcome, won: [won], lost: [lost], open: [""]}
amount: number
fields:
  number: {column: number, type: number}
  whole: {column: whole, type: integer}
  flag: {column: flag, type: boolean}
  day: {column: day, type: date}
  at: {column: day, type: datetime}
  many: {column: many, type: multi-picklist}
  text: {column: many, type: string}
"""
HEADERS = ("moved", "outcome", "number", "whole", "flag", "day", "many")
CELLS = (
    "", "won", "lost", "31.12.2025", "2026-02-30", "1.1.26", "31.12.99999", "-", "1.234,5", "1e400",
    "(", "9" * 30, "ja", "a;b", ";", 'say "hi"', "two\nlines", "\r", "a,b", " \u00a0", "\u2028",
    "\U0001f600", "0", "NaN", "-0", "%", "$", "31.12.2025 25:00", "0001-01-01", "2025-12-31T24:00Z",
    "\t", "'", "=1+1",
)  # fmt: skip

cells = st.sampled_from(CELLS)
SOUND_MOVES = ("31.12.2025", "2026-01-01T10:00:00Z", "1.2.2026 10:30")
moves = st.sampled_from(SOUND_MOVES) | cells
outcomes = st.sampled_from(("won", "lost", ""))
rows = st.lists(st.tuples(moves, outcomes, *[cells] * 5), max_size=8)
quiet = settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def written(rows: Sequence[tuple[str, ...]]) -> str:
    sheet = io.StringIO()
    csv.writer(sheet, quoting=csv.QUOTE_ALL).writerows([HEADERS, *rows])
    return sheet.getvalue()


SOUND = ("31.12.2025", "won", "1,5", "1", "ja", "31.12.2025", "a")
"""Without a value that can be read a column is an error by itself."""


def assert_rows_kept(folder: Path, rows: Sequence[tuple[str, ...]]) -> None:
    path, mapping = folder / "leads.csv", folder / "map.yaml"
    path.write_text(written(rows), encoding="utf-8", newline="")
    mapping.write_text(MAP, encoding="utf-8")

    leads, _ = csv_leads(path, mapping, {})
    found = pl.concat(leads.batches())

    kept = [int(x.removeprefix("row ")) - 2 for x in found["_lead"]]
    assert found["_outcome"].to_list() == [rows[n][1] or "open" for n in kept]
    assert found["text"].to_list() == [rows[n][6].strip() or None for n in kept]
    left_out = set(range(len(rows))) - set(kept)
    assert all(rows[n][0] not in SOUND_MOVES for n in left_out)


@quiet
@given(rows)
def test_every_row_that_is_kept_is_a_row_of_the_file(
    tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    assert_rows_kept(tmp_path, [SOUND, *rows])


@pytest.mark.slow
@settings(quiet, max_examples=1_000)
@given(rows)
def test_thousands_of_files_keep_their_rows(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    assert_rows_kept(tmp_path, [SOUND, *rows])


@quiet
@given(st.one_of(st.text(), st.binary(), st.lists(st.sampled_from(CELLS)).map(",".join)))
@example("a\n\n\n")
@example(",\n,\n")
@example('"')
@example(";;;\n1;2\n")
def test_any_file_is_guessed_at_or_refused(tmp_path: Path, content: str | bytes) -> None:
    path, mapping = tmp_path / "leads.csv", tmp_path / "map.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))

    try:
        page = guessed_map(guess(open_csv(path)), path.name)
    except SyncdError:
        return

    mapping.write_text(page, encoding="utf-8")
    assert read_source(mapping, "map.yaml").problems == []
