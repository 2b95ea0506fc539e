"""Funnel, speed and promises counted again, lead by lead in plain Python: the same numbers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from random import Random
from statistics import median
from typing import Any

import pytest
from fact_cases import CLOCKS, NOVEMBER, NOW, OCTOBER, STAGES, drawn, scope

from syncd.measure.catalogue import MEASURES
from syncd.measure.facts import Facts
from syncd.measure.tables import Number

Rows = list[dict[str, Any]]
Told = Mapping[tuple[str, str], tuple[int, int | None]]
NAMES = [x.removesuffix("_at") for x in STAGES]
OVER = ("qualified", "rejected", "expired")


def in_october(when: datetime | None) -> bool:
    return when is not None and OCTOBER <= when < NOVEMBER


def by_now(when: datetime | None) -> bool:
    return when is not None and when <= NOW


def lives(rounds: Rows) -> Iterator[Rows]:
    """The rounds of each lead, in their order."""
    found: dict[str, Rows] = defaultdict(list)
    for row in rounds:
        found[row["lead_id"]].append(row)
    return (sorted(x, key=lambda row: row["cycle"]) for x in found.values())


def ever(life: Rows, stage: str) -> datetime | None:
    some = life[:1] if stage in ("lead_at", "mql_at") else life
    return next((row[stage] for row in some if row[stage]), None)


def cohort(rounds: Rows, first: str) -> dict[tuple[str, str], tuple[int, int | None]]:
    mine = [x for x in lives(rounds) if in_october(ever(x, first))]
    stages = STAGES[STAGES.index(first) :]
    come = [sum(by_now(ever(x, stage)) for x in mine) for stage in stages]
    told: dict[tuple[str, str], tuple[int, int | None]] = {}
    for number, stage in enumerate(stages):
        name = stage.removesuffix("_at")
        told[name, "leads"] = come[number], None
        if number:
            before = stages[number - 1]
            both = [x for x in mine if by_now(ever(x, stage)) and by_now(ever(x, before))]
            told[name, "step"] = len(both), come[number - 1]
            told[name, "all"] = come[number], come[0]
    return told


def arrivals(rounds: Rows) -> Told:
    told: dict[tuple[str, str], tuple[int, int | None]] = {}
    for stage in STAGES:
        new = again = 0
        for life in lives(rounds):
            for number, row in enumerate(life):
                if in_october(row[stage]):
                    been = number > 0 and stage in ("lead_at", "mql_at")
                    been = been or any(x[stage] for x in life[:number])
                    new, again = new + (not been), again + been
        told[stage.removesuffix("_at"), "first"] = new, None
        told[stage.removesuffix("_at"), "again"] = again, None
    return told


def ends(rounds: Rows) -> Told:
    mine = [x for x in rounds if in_october(x["offered_at"])]
    over = [x for x in mine if x["state"] in OVER]
    silent = [x for x in over if not x["touched_at"]]
    return {
        ("over", "handoffs"): (len(over), None),
        ("over", "untouched"): (len(silent), len(over)),
        ("over", "untried"): (sum(not x["attempted_at"] for x in silent), len(over)),
        ("recycled", "share"): (sum(x["state"] == "expired" for x in mine), len(mine)),
        ("otherwise", "handoffs"): (sum(x["state"] == "superseded" for x in mine), None),
    }


def bands(rounds: Rows) -> Told:
    told: dict[tuple[str, str], int] = defaultdict(int)
    of = 0
    for row in rounds:
        if not in_october(row["offered_at"]) or row["state"] == "superseded":
            continue
        of += 1
        if not row["touched_at"]:
            told["never" if row["state"] in OVER else "waiting", "raw"] += 1
            continue
        took = (row["touched_at"] - row["offered_at"]).total_seconds()
        band = sum(took >= end for end in (300, 3600, 86_400)) + 1
        told[f"band-{band}", "raw"] += 1
    return {place: (n, of) for place, n in told.items()}


def promises(rounds: Rows) -> Told:
    told: dict[tuple[str, str], tuple[int, int | None]] = {}
    for clock in CLOCKS:
        due = [x for x in rounds if in_october(x[f"{clock}_due_at"])]
        missed = [x for x in due if x[f"{clock}_missed"] is True]
        kept = [x for x in due if x[f"{clock}_missed"] is False]
        told[clock, "promised"] = len(due), None
        told[clock, "missed"] = len(missed), None
        told[clock, "kept"] = len(kept), len(kept) + len(missed)
        told[clock, "recycled"] = sum(x["state"] == "expired" for x in missed), None
    return told


COUNTED: Mapping[str, Callable[[Rows], Told]] = {
    "funnel": lambda rounds: cohort(rounds, "mql_at"),
    "lead-funnel": lambda rounds: cohort(rounds, "lead_at"),
    "arrivals": arrivals,
    "handoff-ends": ends,
    "speed-bands": bands,
    "promises": promises,
}


def some_facts(seed: int) -> Facts:
    return drawn(Random(seed), leads=400)


def numbers(name: str, facts: Facts) -> Mapping[tuple[str, str], Number]:
    table = MEASURES[name].table(facts, scope())
    return {(row.key, x): number for row in table.rows for x, number in row.numbers.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", COUNTED)
def test_the_same_is_counted_lead_by_lead(name: str, seed: int) -> None:
    facts = some_facts(seed)

    told = numbers(name, facts)

    expected = COUNTED[name](facts.rounds.to_dicts())
    assert {place: (told[place].n, told[place].of) for place in expected} == expected
    assert sum(n for n, _ in expected.values()) > 90


def seconds(rounds: Rows, start: str, end: str) -> Iterable[float]:
    for row in rounds:
        if in_october(row["offered_at"]) and row[start] and row[end]:
            yield max(0, (row[end] - row[start]).total_seconds())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_delays_and_stays_are_the_same_lead_by_lead(seed: int) -> None:
    facts = some_facts(seed)
    rounds = facts.rounds.to_dicts()

    speed, stays = numbers("speed", facts), numbers("stage-time", facts)

    for line, start, end in (
        ("system", "offered_at", "assigned_at"),
        ("accept", "assigned_at", "accepted_at"),
        ("touch", "assigned_at", "touched_at"),
        ("whole", "offered_at", "touched_at"),
    ):
        assert speed[line, "median-raw"].value == median(seconds(rounds, start, end))
    for here, after in pairwise(NAMES):
        stayed = [
            (row[f"{after}_at"] - row[f"{here}_at"]).total_seconds()
            for row in rounds
            if row[f"{here}_at"] and in_october(row[f"{after}_at"])
        ]
        assert (stays[here, "left"].n, stays[here, "median"].value) == (
            len(stayed),
            median(stayed),
        )
