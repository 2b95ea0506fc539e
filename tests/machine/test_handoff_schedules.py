"""Schedules of handoffs with crashes: no recycle before its deadline, none missing, none doubled;
every breach told at least once, and twice only when it was in doubt whether it had been.

A town is drawn from its number: 50 leads, each with a schedule of its own, and one worker for all
of them, killed some ten times at any of its effects.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from handoff_days import lived, rest
from handoff_deeds import PEOPLE, give_to, offer
from handoff_laws import Fate, broken_laws, fate
from handoff_town import CALENDARS, HOUR, Town

from syncd.errors import TransientError

_LEADS = 50
OFFICE, HOTLINE, _ = CALENDARS


def broken_in(towns: Iterable[int], folder: Path) -> tuple[list[str], Counter[object]]:
    """What broke, and how much of what there was to see."""
    found: list[str] = []
    seen: Counter[object] = Counter()
    for number in towns:
        town = lived(folder / f"{number}.db", number, leads=_LEADS)
        found += [f"town {number}: {wrong}" for wrong in broken_laws(town)]
        seen.update(fate(case, town) for case in town.cases if case.turns)
        seen["converted"] += sum(case.is_converted for case in town.cases)
        seen["deaths"] += town.deaths
        seen["doubts"] += town.post.doubts.total()
        town.close()
    return found, seen


def test_p4_p5_100_schedules_with_crashes_keep_every_deadline(tmp_path: Path) -> None:
    found, seen = broken_in(range(2), tmp_path)

    assert found == []
    assert seen[Fate.RECYCLED] > 30
    assert seen[Fate.REJECTED] > 10
    assert seen[Fate.SPARED] > 12
    assert seen["converted"] > 4
    assert seen["deaths"] > 12
    assert seen["doubts"] > 5


def test_a_lead_that_waits_is_counted_again_when_the_office_closes_earlier(tmp_path: Path) -> None:
    town = Town(tmp_path / "town.db", 0, leads=1)
    town.adopt(HOTLINE)
    town.cycle()
    town.house.time.sleep(8 * HOUR)
    offer(town, town.cases[0])
    town.cycle()

    town.adopt(OFFICE)
    rest(town)

    found, expected = broken_laws(town), fate(town.cases[0], town)
    town.close()
    assert (found, expected) == ([], Fate.RECYCLED)


def test_an_owner_whom_syncd_could_not_see_begins_no_clock(tmp_path: Path) -> None:
    town = Town(tmp_path / "town.db", 0, leads=1)
    (case,) = town.cases
    town.cycle()
    town.house.time.sleep(2 * HOUR)
    offer(town, case)
    town.cycle()
    town.house.sf.fails["poll"] = TransientError("503")
    first = town.house.sf.value(case.sf, "owner__c")
    for owner in (*(x for x in PEOPLE if x != first), str(first)):
        town.house.time.sleep(HOUR)
        give_to(town, case, owner)
        town.cycle()

    rest(town)

    found, expected = broken_laws(town), fate(case, town)
    town.close()
    assert (found, expected) == ([], Fate.RECYCLED)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_p4_p5_10_000_schedules_with_crashes_keep_every_deadline(
    part: int, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """How much there was to see is in the report that `--junitxml` writes."""
    found, seen = broken_in(range(25 * part, 25 * (part + 1)), tmp_path)

    for what, count in seen.items():
        record_property(str(what), count)
    assert found == []
