"""Days in the town of handoffs: what happens when is drawn from a seed, then all is calm."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from handoff_case import Case
from handoff_deeds import DEEDS, offer, shows
from handoff_town import DAY, HOUR, MINUTE, Town

_STEPS = tuple(x * MINUTE for x in (5, 10, 20, 30, 45, 60, 180))
_BUSY, _CALM = 5 * DAY, 4 * DAY
_WAITS: Mapping[str, float] = {
    "give": 0.015,
    "accept": 0.013,
    "reject": 0.007,
    "snooze": 0.01,
    "touch": 0.02,
    "convert": 0.003,
    "delete": 0.001,
}
_WORKS: Mapping[str, float] = {
    "touch": 0.03,
    "qualify": 0.02,
    "reject": 0.01,
    "convert": 0.005,
    "delete": 0.001,
}


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
            offer(town, case)
        return
    for name, chance in may_follow(town, case).items():
        if town.random.random() < chance:
            DEEDS[name](town, case)
            return


def may_follow(town: Town, case: Case) -> Mapping[str, float]:
    """What people may do with it now, and how likely each is in one step. Whoever took it on,
    or turned it down, waits until the record says so."""
    stage = shows(town, case)
    if case.is_rejected or case.is_converted or (case.ended_at and stage == "mql"):
        return {}
    return {"mql": _WAITS, "sal": _WORKS}.get(str(stage), {})


def _trouble(town: Town) -> None:
    """An outage begins or ends, an answer is lost, the calendar is edited, the machine is off."""
    if town.random.random() < (0.2 if town.is_out else 0.04):
        town.toggle_outage()
    if town.random.random() < 0.05:
        town.post.loses_next = True
    if town.random.random() < 0.012:
        town.edit_calendar()
    if town.random.random() < 0.02:
        _pass(town, town.random.randint(1, 30) * HOUR)
