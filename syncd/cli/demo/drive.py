"""World and daemon in lockstep: five simulated minutes pass, then the daemon looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.cli.demo.workbench import Workbench
from syncd.sandbox.people.clicking import Deed
from syncd.sandbox.people.scenario import Scenario

EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One cycle: when it began, how many looks there are in all, and what people did in Slack
    just before it."""

    number: int
    of: int
    at: datetime
    deeds: Sequence[Deed]


def looks(scenario: Scenario, bench: Workbench) -> Iterator[Look]:
    """Run the whole scenario, yielding after each cycle."""
    world, total = scenario.world, (scenario.end - scenario.start) // EVERY + 1
    for number in range(total):
        world.advance_to(scenario.start + number * EVERY)
        known = len(scenario.clicks.done)
        scenario.clicks.carry_out()
        at = world.now()
        bench.worker.cycle()
        scenario.clicks.look_again()
        yield Look(number=number, of=total, at=at, deeds=scenario.clicks.done[known:])
