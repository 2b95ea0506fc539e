"""Store everything one step decided in one transaction, fenced by the lease."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, bindparam, delete

from syncd.adapters.store.audits import append
from syncd.adapters.store.database import insert_new, run_many, upsert
from syncd.adapters.store.documents import NAMES, SIDE_STATUS, TRANSITION, VERDICT
from syncd.adapters.store.erasure import erase
from syncd.adapters.store.lead_rows import dissolve, save_closed, save_leads, set_due
from syncd.adapters.store.orders import finish_orders, save_plans
from syncd.adapters.store.outbox import add_actions, apply_changes
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import parked, side, transition, verdict, watermark
from syncd.domain.decision import Parked
from syncd.domain.names import RecordId, System
from syncd.domain.stage import Transition
from syncd.domain.verdict import Verdict
from syncd.ports import Commit


class SqlCommits(Role):
    def commit(self, work: Commit) -> None:
        with self._database.writing() as connection:
            self._fence.check(connection)
            _store_leads(connection, work)
            _store_records(connection, work)
            _store_progress(connection, work)
            append(connection, work.audit)
            erase(connection, work.erased)
        if work.erased:
            self._database.scrub()


def _store_leads(connection: Connection, work: Commit) -> None:
    dissolve(connection, work.dissolved or {}, now=work.now)
    save_closed(connection, work.closed, now=work.now)
    due = work.due or {}
    save_leads(connection, work.leads, due, now=work.now)
    saved = {x.id for x in work.leads}
    set_due(connection, {x: at for x, at in due.items() if x not in saved})


def _store_records(connection: Connection, work: Commit) -> None:
    insert_new(connection, transition, [_transition_row(x) for x in work.transitions])
    insert_new(connection, verdict, [_verdict_row(x) for x in work.verdicts])
    apply_changes(connection, work.outbox, now=work.now)
    add_actions(connection, work.actions, now=work.now)


def _store_progress(connection: Connection, work: Commit) -> None:
    _unpark(connection, work.unparked)
    upsert(connection, parked, [_parked_row(x) for x in work.parked], keep={"since"})
    marks = (work.watermarks or {}).items()
    upsert(connection, watermark, [{"system": s.value, "at": at} for s, at in marks])
    sides = (work.sides or {}).items()
    upsert(connection, side, [{"system": s.value, "doc": SIDE_STATUS.encode(x)} for s, x in sides])
    save_plans(connection, work.plans)
    finish_orders(connection, work.orders_done, now=work.now)


_UNPARK = delete(parked).where(
    parked.c.system == bindparam("b_system"), parked.c.record_id == bindparam("b_id")
)


def _unpark(connection: Connection, records: Collection[tuple[System, RecordId]]) -> None:
    run_many(connection, _UNPARK, [{"b_system": s.value, "b_id": x} for s, x in records])


def _transition_row(x: Transition) -> dict[str, Any]:
    return {
        "id": x.id,
        "lead_id": x.lead_id,
        "at": x.at,
        "seen_at": x.seen_at,
        "doc": TRANSITION.encode(x),
    }


def _verdict_row(x: Verdict) -> dict[str, Any]:
    return {
        "lead_id": x.lead_id,
        "transition_id": x.transition,
        "gate": x.gate.value,
        "judged_at": x.judged_at,
        "doc": VERDICT.encode(x),
    }


def _parked_row(x: Parked) -> dict[str, Any]:
    return {
        "system": x.system.value,
        "record_id": x.record_id,
        "why": x.why,
        "candidates": NAMES.encode(x.candidates),
        "since": x.since,
    }
