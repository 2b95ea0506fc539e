"""Store everything one step decided in one transaction, fenced by the lease."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from syncd.adapters.store.audits import append
from syncd.adapters.store.database import insert_new
from syncd.adapters.store.documents import TRANSITION, VERDICT
from syncd.adapters.store.erasure import erase
from syncd.adapters.store.lead_rows import dissolve, save_closed, save_leads, set_due
from syncd.adapters.store.messages import save_messages
from syncd.adapters.store.orders import finish_orders, keep_orders, save_plans
from syncd.adapters.store.outbox import add_actions, apply_changes
from syncd.adapters.store.progress import park, save_progress, unpark
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import transition, verdict
from syncd.adapters.store.uncounting import mark_uncounted
from syncd.commit import Commit
from syncd.domain.action import Action
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.domain.stage import Transition
from syncd.domain.verdict import Verdict


class SqlCommits(Role):
    def commit(self, work: Commit) -> None:
        known = self._kept.under(self._fence.token)
        try:
            with self._database.writing() as connection:
                self._fence.check(connection)
                mark_uncounted(connection, work, known, self._counted_by)
                _store_leads(connection, work, known)
                effects = _store_records(connection, work)
                _store_progress(connection, work)
                append(connection, work.audit)
                erase(connection, work.erased)
        except BaseException:
            self._forget()
            raise
        self._keep(work, effects)
        if work.erased:
            self._forget()
            self._database.scrub()

    def _keep(self, work: Commit, effects: Mapping[str, Action]) -> None:
        self._kept.keep({x.id: x for x in work.leads})
        self._kept.drop(work.dissolved or ())
        self._kept_actions.under(self._fence.token)
        self._kept_actions.keep(effects)
        if self._kept_sides.under(self._fence.token):
            self._kept_sides.keep(work.sides or {})


def _store_leads(connection: Connection, work: Commit, known: Mapping[LeadId, Lead]) -> None:
    dissolve(connection, work.dissolved or {}, now=work.now)
    save_closed(connection, work.closed)
    due = work.due or {}
    save_leads(connection, work.leads, due, known=known, now=work.now)
    saved = {x.id for x in work.leads}
    set_due(connection, {x: at for x, at in due.items() if x not in saved})


def _store_records(connection: Connection, work: Commit) -> Mapping[str, Action]:
    """The actions by the documents they were stored as."""
    insert_new(connection, transition, [_transition_row(x) for x in work.transitions])
    insert_new(connection, verdict, [_verdict_row(x) for x in work.verdicts])
    apply_changes(connection, work.outbox, now=work.now)
    save_messages(connection, work.messages, now=work.now)
    return add_actions(connection, work.actions, now=work.now)


def _store_progress(connection: Connection, work: Commit) -> None:
    unpark(connection, work.unparked)
    park(connection, work.parked)
    save_progress(connection, work)
    save_plans(connection, work.plans)
    keep_orders(connection, work.orders)
    finish_orders(connection, work.orders_done, now=work.now)


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
