"""World and daemon in lockstep: five simulated minutes pass, then the daemon looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.cli.demo.workbench import Workbench
from syncd.sandbox.people.scenario import Scenario

EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One cycle: when it began, and how many looks there are in all."""

    number: int
    of: int
    at: datetime


def looks(scenario: Scenario, bench: Workbench) -> Iterator[Look]:
    """Run the whole scenario, yielding after each cycle."""
    world, total = scenario.world, (scenario.end - scenario.start) // EVERY + 1
    for number in range(total):
        world.advance_to(scenario.start + number * EVERY)
        scenario.clicks.carry_out()
        at = world.now()
        bench.worker.cycle()
        yield Look(number=number, of=total, at=at)
