"""How far a backfill is, as the terminal shows it."""

import io
from dataclasses import replace

import pytest
from core_cases import NOW
from decide_cases import HUBSPOT, SALESFORCE
from rich.console import Console

from syncd.cli.backfill_progress import scanning
from syncd.commit import ScanMark
from syncd.domain.names import System
from syncd.jobs.backfill import Progress

HALF = ScanMark(resume="r", seen=1_000, total=2_000, began=NOW)


def shown(*told: Progress) -> str:
    console = Console(file=io.StringIO(), width=120)
    with scanning(console) as tell:
        for progress in told:
            tell(progress)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("system", System)
def test_each_side_has_a_bar_of_its_own(system: System) -> None:
    text = shown(Progress(system=system, mark=HALF))

    assert system.label in text
    assert "1000/2000" in text


def test_a_side_that_is_done_is_full_whatever_was_expected() -> None:
    done = replace(HALF, seen=1_900, done=True)

    text = shown(Progress(system=HUBSPOT, mark=HALF), Progress(system=HUBSPOT, mark=done))

    assert "1900/1900" in text


def test_a_scan_that_begins_anew_is_told() -> None:
    text = shown(Progress(system=SALESFORCE, mark=HALF, anew=True))

    assert "Salesforce no longer has the results: reading it anew" in text
