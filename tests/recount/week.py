"""A week of the sandbox with a worker in it: what the worker counted, and what really happened."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from io import StringIO

import pandas as pd

from recount.retold import Retold, Told
from syncd.app import Worker
from syncd.cli.demo.drive import looks
from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.standard import MODES
from syncd.cli.demo.oracle.trails import people
from syncd.cli.demo.stage import evidence_of, quiet_logs
from syncd.cli.demo.workbench import SPEND, shipped, workbench
from syncd.cli.measured import facts_in
from syncd.measure.facts import Facts
from syncd.sandbox.journal import ASSOCIATED, CREATED, ActorKind, Entry
from syncd.sandbox.people.scenario import MONDAY, prepare
from syncd.sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """`facts` are the product's; `told` is what the sandbox's journal says of each lead, `spend`
    what was written down of it by source and month. `linked` are ids of deals, calls and mails by
    kind and contact, `tasks` what people noted in Salesforce, by lead. `recounted` makes the facts
    anew of all that is stored, while the worker is there."""

    facts: Facts
    told: tuple[Told, ...]
    world: World
    start: datetime
    end: datetime
    teams: Mapping[str, str]
    spend: pd.DataFrame
    linked: Mapping[tuple[str, str], list[int]]
    tasks: Mapping[str, list[Entry]]
    recounted: Callable[[], Facts]


@contextmanager
def a_week(
    *, leads: int, seed: int, hours: float | None = None, monday: date = MONDAY
) -> Iterator[Week]:
    """That begins on that Monday; `hours` ends it early."""
    scenario = prepare(leads=leads, seed=seed, monday=monday)
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
            spend=pd.read_csv(StringIO(shipped(SPEND))),
            linked=_linked(scenario.world),
            tasks=_tasks(scenario.world),
            recounted=lambda: _recounted(bench.worker),
        )


def _linked(world: World) -> Mapping[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for entry in world.journal:
        if entry.field == ASSOCIATED:
            found[entry.object, str(entry.after).removeprefix("contact:")].append(
                int(entry.record_id)
            )
    return found


def _tasks(world: World) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in world.journal:
        if (entry.object, entry.field, entry.actor.kind) == ("Task", CREATED, ActorKind.PERSON):
            found[entry.after["WhoId"]].append(entry)
    return found


def _facts(worker: Worker) -> Facts:
    return facts_in(worker.store, worker.settings)


def _recounted(worker: Worker) -> Facts:
    """Split by nothing for a moment, all that was counted is void."""
    worker.store.count_by(())
    return _facts(worker)


def _told(evidence: Evidence) -> tuple[Told, ...]:
    everybody = people(evidence.world.journal)
    return tuple(Retold(person=x, evidence=evidence).tell() for x in everybody)
