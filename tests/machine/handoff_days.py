"""Days in the town of handoffs: what happens when is drawn from a seed, then all is calm."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from handoff_town import DAY, HOUR, MINUTE, Case, Town

_STEPS = tuple(x * MINUTE for x in (5, 10, 20, 30, 45, 60, 180))
_BUSY, _CALM = 5 * DAY, 4 * DAY
_WAITS: Mapping[str, float] = {"give": 0.015, "accept": 0.02, "snooze": 0.01, "touch": 0.02}
_WORKS: Mapping[str, float] = {"touch": 0.03, "qualify": 0.02}


def lived(store: Path, seed: int, *, leads: int) -> Town:
    """A town after a working week of troubles and some days without."""
    town = Town(store, seed, leads=leads)
    town.cycle()  # first sight is no move
    end = town.now + _BUSY
    while town.now < end:
        _pass(town, town.random.choice(_STEPS))
        for case in town.cases:
            _deed(town, case)
        _trouble(town)
        dies = town.random.random() < 0.15
        town.cycle(dies_after=town.random.randint(1, 12) if dies else 0)
    rest(town)
    return town


def rest(town: Town) -> None:
    """Days in which nothing happens but what the clocks bring."""
    town.calm()
    for hours in range(int(_CALM / HOUR) // 3):
        _pass(town, 3 * HOUR if hours else MINUTE)
        town.cycle()


def _pass(town: Town, span: timedelta) -> None:
    town.house.time.sleep(span)


def _deed(town: Town, case: Case) -> None:
    """At most one thing at a time, that makes sense to who sees the record."""
    if not case.turns:
        if town.random.random() < 0.03:
            town.offer(case)
        return
    may = {"mql": _WAITS, "sal": _WORKS}.get(str(town.shows(case)), {})
    if case.ended_at and may is _WAITS:
        return
    for name, chance in {**may, "delete": 0.001 if may else 0.0}.items():
        if town.random.random() < chance:
            deed: Callable[[Case], None] = getattr(town, name)
            deed(case)
            return


def _trouble(town: Town) -> None:
    """An outage begins or ends, an answer is lost, the calendar is edited, the machine is off."""
    if town.random.random() < 0.04:
        town.toggle_outage()
    if town.random.random() < 0.05:
        town.post.loses_next = True
    if town.random.random() < 0.012:
        town.edit_calendar()
    if town.random.random() < 0.02:
        _pass(town, town.random.randint(1, 30) * HOUR)
