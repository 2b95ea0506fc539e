"""What it costs to count leads, and to read what was counted.

Run alone with `python tests/benchmarks/bench_facts.py [LEADS]`; ten audit entries a lead.
"""

import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_memory import peak_megabytes

from syncd.adapters.store.store import SqlStore, open_store
from syncd.commit import Commit
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead, Side
from syncd.domain.names import OWNER, STAGE, FieldName, LeadId, RecordId, RuleId, System
from syncd.domain.names import TransitionId as Id
from syncd.domain.record import Snapshot
from syncd.domain.stage import Actor, ActorKind, Evidence, Stage, Transition
from syncd.domain.standard import BandName
from syncd.domain.verdict import Result, Score, Verdict
from syncd.jobs.count import count
from syncd.measure.rounds import CountedBy
from syncd.settings.load import load

LEADS, ENTRIES, AT_ONCE = 100_000, 10, 500
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
CONFIG = Path(__file__).parents[2] / "config"
WAY = (Stage.LEAD, Stage.MQL, Stage.SAL, Stage.SQL)
REP = Actor(kind=ActorKind.PERSON, id="005R", owner="rita@example.com", label="Rita")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`seconds` by the clock, `cpu` of this process; `rows` counted or read."""

    rows: int
    seconds: float
    cpu: float
    megabytes: float


def counting(home: Path) -> Cost:
    with closing(open_store(home / "syncd.db")) as store:
        begun = time.perf_counter()
        rows = count(store, counted_by())
        return _cost(rows, begun)


def reading(home: Path) -> Cost:
    from syncd.adapters.store.facts import read_facts

    with closing(open_store(home / "syncd.db", read_only=True)) as store:
        begun = time.perf_counter()
        facts = read_facts(store, {})
        return _cost(facts.rounds.height, begun)


def _cost(rows: int, begun: float) -> Cost:
    seconds = time.perf_counter() - begun
    return Cost(rows=rows, seconds=seconds, cpu=time.process_time(), megabytes=peak_megabytes())


def counted_by() -> CountedBy:
    settings = load(CONFIG, {}, None)
    return CountedBy(policy=settings.policy, crm=settings.crm)


def people(home: Path, leads: int) -> None:
    """Leads that went the whole way, two of their moves judged."""
    with closing(open_store(home / "syncd.db")) as store:
        store.acquire(holder="bench", now=START, span=timedelta(days=9))
        for start in range(0, leads, AT_ONCE):
            _add(store, [LeadId(f"ld_{n:08}") for n in range(start, start + AT_ONCE)])


def _add(store: SqlStore, ids: list[LeadId]) -> None:
    moves = [move for x in ids for move in _moves(x)]
    judged = [x for x in moves if x.to_stage in (Stage.MQL, Stage.SQL)]
    store.commit(
        Commit(
            now=START,
            leads=tuple(map(_lead, ids)),
            transitions=tuple(moves),
            verdicts=tuple(map(_verdict, judged)),
            audit=tuple(_entry(x, n) for x in ids for n in range(ENTRIES)),
        )
    )


def _lead(lead_id: LeadId) -> Lead:
    values = {STAGE: Stage.SQL, OWNER: REP.owner, FieldName("source"): "Webinar"}
    sides = {}
    for system in System:
        seen = Snapshot(
            system=system,
            record_id=RecordId(f"{system}-{lead_id}"),
            kind="Lead",
            created_at=START,
            modified_at=START,
            values=values,
        )
        sides[system] = Side(
            system=system,
            record_id=seen.record_id,
            seen=seen,
            baseline=values,
            stage_since=START,
        )
    return Lead(id=lead_id, cycle=1, stage=Stage.SQL, first_seen_at=START, sides=sides)


def _moves(lead_id: LeadId) -> Iterator[Transition]:
    for number, (before, after) in enumerate(pairwise(WAY)):
        at = START + timedelta(hours=number)
        yield Transition(
            id=Id(f"tr_{lead_id}_{number}"),
            lead_id=lead_id,
            system=System.HUBSPOT,
            record_id=RecordId(f"hubspot-{lead_id}"),
            from_stage=before,
            to_stage=after,
            at=at,
            seen_at=at,
            actor=REP,
            evidence=Evidence.HISTORY,
        )


def _verdict(move: Transition) -> Verdict:
    return Verdict(
        gate=move.to_stage,
        transition=move.id,
        lead_id=move.lead_id,
        result=Result.PASSES,
        findings=(),
        met=tuple(RuleId(f"rule-{n}") for n in range(8)),
        score=Score(points=Decimal(70), band=BandName.SALES_READY, parts=()),
        standard="1",
        judged_at=move.at,
    )


def _entry(lead_id: LeadId, number: int) -> AuditEntry:
    kind = AuditKind.GRACE if number == 0 else AuditKind.OVERWRITE
    facts = {"move": f"tr_{lead_id}_1", "ends": "later", "field": f"field-{number}"}
    return AuditEntry(at=START, kind=kind, lead_id=lead_id, facts=facts, personal={})


def main() -> None:
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else LEADS
    with TemporaryDirectory() as folder:
        home = Path(folder)
        people(home, leads)
        for name, job in (("counted", counting), ("read", reading)):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                cost = alone.submit(partial(job, home)).result()
            print(
                f"{name:8} {cost.rows:>9,} {'leads' if name == 'counted' else 'rounds'} in"
                f" {cost.seconds:.2f} s ({cost.cpu:.2f} s CPU of the process), "
                f"{cost.rows / cost.seconds:,.0f} a second, {cost.megabytes:.0f} MB"
            )


if __name__ == "__main__":
    main()
