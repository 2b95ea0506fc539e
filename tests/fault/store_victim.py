"""Writers that are killed: run by test_store_crash.py in processes of their own.

`store_victim.py each DIRECTORY` forks one writer after another, each on its own store,
the n-th killed at its n-th statement, until one lives to the end (`whole.db`).
`store_victim.py on PATH` commits numbered batches without end, and says which are done.
"""

import os
import shutil
import signal
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event

from syncd.adapters.store.store import SqlStore, open_store
from syncd.commit import Commit, Settled
from syncd.domain.action import FieldWrite, WriteKind, WriteRecord
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import HeldLead, Parked, Plan, PlanState
from syncd.domain.lead import Lead, Side
from syncd.domain.names import (
    STAGE,
    ActionKey,
    LeadId,
    PlanId,
    RecordId,
    System,
    TransitionId,
)
from syncd.domain.record import Snapshot
from syncd.domain.stage import SOMEBODY, Evidence, Stage, Transition

NOW = datetime(2026, 3, 2, tzinfo=UTC)
HUBSPOT = System.HUBSPOT
LEADS = 20


def batch(number: int) -> Commit:
    """Everything that belongs to one step, all of it marked with the step's number."""
    leads = tuple(lead(number, n) for n in range(LEADS))
    return Commit(
        now=NOW,
        leads=leads,
        due={x.id: NOW for x in leads},
        dissolved={leads[0].id: leads[1].id}
        if number == 0
        else {lead_id(number - 1, 2): leads[0].id},
        transitions=tuple(transition(x) for x in leads),
        actions=tuple(write(x) for x in leads),
        outbox=(Settled(key=write(lead(number - 1, 3)).key),),
        audit=tuple(entry(x) for x in leads),
        parked=(
            Parked(
                system=HUBSPOT, record_id=RecordId(f"p-{number}"), why="x", candidates=(), since=NOW
            ),
        ),
        unparked=((HUBSPOT, RecordId(f"p-{number - 1}")),),
        plans=(plan(number, leads),),
        watermarks={HUBSPOT: NOW + timedelta(seconds=number)},
        erased=(lead_id(number - 1, 5),),
    )


def lead_id(number: int, n: int) -> LeadId:
    return LeadId(f"lead-{number}-{n}")


def lead(number: int, n: int) -> Lead:
    record = RecordId(f"hs-{number}-{n}")
    seen = Snapshot(
        system=HUBSPOT,
        record_id=record,
        kind="contact",
        created_at=NOW,
        modified_at=NOW,
        values={STAGE: Stage.MQL},
        emails=(f"{record}@example.com",),
    )
    side = Side(
        system=HUBSPOT,
        record_id=record,
        seen=seen,
        baseline={STAGE: Stage.MQL},
        stage_since=NOW,
    )
    return Lead(
        id=lead_id(number, n),
        cycle=1,
        stage=Stage.MQL,
        first_seen_at=NOW,
        sides={HUBSPOT: side},
    )


def transition(of: Lead) -> Transition:
    return Transition(
        id=TransitionId(f"t-{of.id}"),
        lead_id=of.id,
        system=HUBSPOT,
        record_id=of.sides[HUBSPOT].record_id,
        from_stage=Stage.MQL,
        to_stage=Stage.SQL,
        at=NOW,
        seen_at=NOW,
        actor=SOMEBODY,
        evidence=Evidence.HISTORY,
    )


def write(of: Lead) -> WriteRecord:
    return WriteRecord(
        key=ActionKey(f"w-{of.id}"),
        kind=WriteKind.REVERT,
        lead_id=of.id,
        system=HUBSPOT,
        record_id=of.sides[HUBSPOT].record_id,
        record_kind="contact",
        writes=(FieldWrite(field=STAGE, seen=Stage.SQL, value=Stage.MQL, rule="gate"),),
        cause=None,
    )


def entry(of: Lead) -> AuditEntry:
    return AuditEntry(
        at=NOW, kind=AuditKind.REFUSED, lead_id=of.id, facts={}, personal={"of": of.id}
    )


def plan(number: int, leads: tuple[Lead, ...]) -> Plan:
    return Plan(
        id=PlanId(f"plan-{number}"),
        kind=WriteKind.REVERT,
        state=PlanState.OPEN,
        opened_at=NOW,
        reason="many",
        leads=tuple(HeldLead(lead_id=x.id, digest="d", says=()) for x in leads[-2:]),
    )


def opened(path: Path) -> SqlStore:
    store = open_store(path)
    store.acquire(holder="victim", now=NOW, span=timedelta(hours=1))
    return store


def die_at_statement(store: SqlStore, number: int) -> None:
    """SIGKILL right before the n-th statement of the next commit; COMMIT itself is the last."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def count_last(_: object) -> None:
        count()
        left[0] = 0

    event.listen(store._database.engine, "before_cursor_execute", count)
    event.listen(store._database.engine, "commit", count_last)


def kill_at_each_statement(directory: Path) -> None:
    with closing(opened(directory / "before.db")) as store:
        store.commit(batch(0))
    number = 1
    while _child(directory / f"killed-{number:03}.db", number) != 0:
        number += 1
    (directory / f"killed-{number:03}.db").rename(directory / "whole.db")


def _child(path: Path, number: int) -> int:
    shutil.copy(path.with_name("before.db"), path)
    pid = os.fork()
    if pid == 0:
        with closing(opened(path)) as store:
            die_at_statement(store, number)
            store.commit(batch(1))
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def commit_on(path: Path) -> None:
    with closing(opened(path)) as store:
        mark = store.watermarks().get(HUBSPOT)
        number = 0 if mark is None else int((mark - NOW).total_seconds()) + 1
        while True:
            store.commit(batch(number))
            print(number, flush=True)
            number += 1


if __name__ == "__main__":
    {"each": kill_at_each_statement, "on": commit_on}[sys.argv[1]](Path(sys.argv[2]))
