"""Run the whole demo once: the week, the daemon in it, and the audit afterwards."""

import logging
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from structlog.typing import EventDict

from syncd.app import Worker
from syncd.cli.demo.drive import Look, looks
from syncd.cli.demo.oracle.audit import audit
from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.finding import Finding
from syncd.cli.demo.oracle.standard import MODES
from syncd.cli.demo.summary import Summary, summary_of
from syncd.cli.demo.workbench import Workbench, workbench
from syncd.domain.audit import AuditKind
from syncd.domain.names import System
from syncd.sandbox.journal import System as TheirSystem
from syncd.sandbox.people.scenario import Scenario, prepare

_CRASHES = frozenset({"lead_not_decided", "writes_crashed"})
_SIDES = {TheirSystem.SALESFORCE: System.SALESFORCE, TheirSystem.HUBSPOT: System.HUBSPOT}


class Viewer(Protocol):
    """Somebody who watches; `seen` is called after each look, `over` when the week is."""

    def seen(self, bench: Workbench, look: Look) -> None: ...

    def over(self, scenario: Scenario) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """A week that is over, and the workbench it left, until that is put away."""

    summary: Summary
    bench: Workbench


def run_demo(*, leads: int, seed: int, mode: str | None, hours: float | None = None) -> Summary:
    """`mode` replaces the mode of every gate; `hours` ends the week early."""
    with lived(leads=leads, seed=seed, mode=mode, hours=hours) as found:
        return found.summary


@contextmanager
def lived(
    *,
    leads: int,
    seed: int,
    mode: str | None,
    viewer: Viewer | None = None,
    hours: float | None = None,
) -> Iterator[Lived]:
    began, modes = time.monotonic(), dict.fromkeys(MODES, mode) if mode else MODES
    scenario = prepare(leads=leads, seed=seed)
    if hours is not None:
        scenario = replace(scenario, end=scenario.start + timedelta(hours=hours))
    with quiet_logs(scenario.world.now) as crashed, workbench(scenario.world, mode=mode) as bench:
        instants = []
        for look in looks(scenario, bench):
            instants.append(look.at)
            if viewer is not None:
                viewer.seen(bench, look)
        if viewer is not None:
            viewer.over(scenario)
        verdict = audit(evidence_of(scenario, bench.worker, tuple(instants), modes))
        verdict = replace(verdict, findings=(*verdict.findings, *crashed))
        summary = summary_of(
            verdict,
            scenario,
            seed=seed,
            mode=mode or ", ".join(f"{gate} {held}" for gate, held in modes.items()),
            run=tuple(instants),
            seconds=time.monotonic() - began,
        )
        yield Lived(summary=summary, bench=bench)


def evidence_of(
    scenario: Scenario, worker: Worker, instants: tuple[datetime, ...], modes: Mapping[str, str]
) -> Evidence:
    """What the oracle judges by. The daemon tells it one thing: which clashes its audit names."""
    return Evidence(
        world=scenario.world,
        start=scenario.start,
        looks=instants,
        outages=scenario.outages,
        modes=modes,
        overlaps={s: worker.settings.crm.sides[ours].overlap for s, ours in _SIDES.items()},
        overruled=lambda salesforce_id: _overruled(worker, salesforce_id),
        deeds=scenario.clicks.done,
    )


def _overruled(worker: Worker, salesforce_id: str) -> Collection[str]:
    """Fields of which the lead's story holds both values."""
    stories = (worker.store.story(lead_id) for lead_id in worker.store.look_up(salesforce_id))
    return {
        entry.facts["field"]
        for story in stories
        if story is not None
        for entry in story.audit
        if entry.kind is AuditKind.CONFLICT and entry.personal.keys() >= set(System)
    }


@contextmanager
def quiet_logs(now: Callable[[], datetime]) -> Iterator[list[Finding]]:
    """The demo shows the world, not the daemon's log; but what made syncd
    crash is told only there, and becomes a finding."""
    before, crashed = structlog.get_config(), list[Finding]()

    def listen(_logger: object, _level: str, event: EventDict) -> EventDict:
        if event.get("event") in _CRASHES:
            crashed.append(_crash(event, now()))
        raise structlog.DropEvent

    loud_enough = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(processors=[listen], wrapper_class=loud_enough)
    try:
        yield crashed
    finally:
        structlog.configure(**before)


def _crash(event: EventDict, at: datetime) -> Finding:
    return Finding(
        check="every lead is decided and every write is made",
        lead=str(event.get("lead_id", "")),
        at=at,
        expected="no crash",
        got=repr(sys.exc_info()[1]),
    )
