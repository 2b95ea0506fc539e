"""A week of the sandbox with a worker in it: what the worker counted, and what really happened."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recount.afterwards import what_follows
from recount.retold import Retold, Told
from syncd.adapters.store.facts import read_facts
from syncd.app import Worker
from syncd.cli.demo.drive import looks
from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.standard import MODES
from syncd.cli.demo.oracle.trails import people
from syncd.cli.demo.stage import evidence_of, quiet_logs
from syncd.cli.demo.workbench import workbench
from syncd.jobs.count import count
from syncd.measure.facts import Facts
from syncd.measure.rounds import CountedBy
from syncd.sandbox.people.scenario import prepare
from syncd.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """`facts` are the product's; `told` is what the sandbox's journal says of each lead.
    `recounted` gives the facts made anew of all that is stored, while the worker is there."""

    facts: Facts
    told: tuple[Told, ...]
    world: World
    start: datetime
    end: datetime
    teams: Mapping[str, str]
    recounted: Callable[[], Facts]


@contextmanager
def a_week(*, leads: int, seed: int, hours: float | None = None) -> Iterator[Week]:
    """`hours` ends it early."""
    scenario = prepare(leads=leads, seed=seed)
    what_follows(scenario)
    if hours is not None:
        scenario = replace(scenario, end=scenario.start + timedelta(hours=hours))
    with quiet_logs(scenario.world.now) as crashed, workbench(scenario.world, mode=None) as bench:
        instants = tuple(look.at for look in looks(scenario, bench))
        assert not crashed
        evidence = evidence_of(scenario, bench.worker, instants, MODES)
        yield Week(
            facts=_facts(bench.worker),
            told=_told(evidence),
            world=scenario.world,
            start=scenario.start,
            end=instants[-1],
            teams=bench.worker.settings.policy.teams,
            recounted=lambda: _recounted(bench.worker),
        )


def _facts(worker: Worker) -> Facts:
    settings = worker.settings
    count(worker.store, CountedBy(policy=settings.policy, crm=settings.crm))
    return read_facts(worker.store, settings.policy.teams)


def _recounted(worker: Worker) -> Facts:
    """Split by nothing for a moment, all that was counted is void."""
    worker.store.count_by(())
    return _facts(worker)


def _told(evidence: Evidence) -> tuple[Told, ...]:
    everybody = people(evidence.world.journal)
    return tuple(Retold(person=x, evidence=evidence).tell() for x in everybody)
