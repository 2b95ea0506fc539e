"""A week of the sandbox with a worker in it: what the worker counted, and what really happened."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recount.afterwards import what_follows
from recount.retold import Retold, Told

from syncd.adapters.store.facts import read_facts
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
    """`facts` are the product's; `told` is what the sandbox's journal says of each lead."""

    facts: Facts
    told: tuple[Told, ...]
    world: World
    start: datetime
    end: datetime
    teams: Mapping[str, str]


def a_week(*, leads: int, seed: int, hours: float | None = None) -> Week:
    """`hours` ends it early."""
    scenario = prepare(leads=leads, seed=seed)
    what_follows(scenario)
    if hours is not None:
        scenario = replace(scenario, end=scenario.start + timedelta(hours=hours))
    with quiet_logs(scenario.world.now) as crashed, workbench(scenario.world, mode=None) as bench:
        instants = tuple(look.at for look in looks(scenario, bench))
        worker = bench.worker
        settings = worker.settings
        count(worker.store, CountedBy(policy=settings.policy, crm=settings.crm))
        facts = read_facts(worker.store, settings.policy.teams)
        evidence = evidence_of(scenario, worker, instants, MODES)
    assert not crashed
    return Week(
        facts=facts,
        told=_told(evidence),
        world=scenario.world,
        start=scenario.start,
        end=instants[-1],
        teams=settings.policy.teams,
    )


def _told(evidence: Evidence) -> tuple[Told, ...]:
    everybody = people(evidence.world.journal)
    return tuple(Retold(person=x, evidence=evidence).tell() for x in everybody)
