"""Drain the outbox: writes, then notes and lists, then messages, in vendor-sized batches.

Nothing is decided here. Done is marked after the effect, so a crash repeats an effect
rather than losing it; whatever can be asked whether it happened is asked first.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import assert_never

import structlog

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.domain.action import (
    AddNote,
    CreateRecord,
    Enlist,
    Failed,
    SendAlert,
    UpdateAlert,
    WriteRecord,
)
from syncd.domain.copies import replace
from syncd.domain.names import LeadId, RecordId, System
from syncd.errors import AuthError, LeaseLost, PermanentError, TransientError
from syncd.jobs.deliver_after import due_after_writes
from syncd.jobs.deliver_creates import deliver_creates
from syncd.jobs.deliver_lists import ListRow, deliver_lists
from syncd.jobs.deliver_writes import WriteRow, write_records
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.jobs.prepare_creates import CreateRow
from syncd.jobs.tell import AlertRow, tell
from syncd.jobs.tell_updates import UpdateRow, tell_updates

log = structlog.get_logger()

_CLAIM = timedelta(minutes=5)
_BATCH = 1_000
NoteRow = tuple[OutboxRow, AddNote]


def deliver(
    pair: Pair,
    ctx: Context,
    *,
    stopping: Callable[[], bool],
    leads: Collection[LeadId] | None = None,
) -> int:
    """Carry out what is due, of these leads alone where some are named; the number of rows
    taken up."""
    taken = 0
    while not stopping():
        held = pair.held_back(now=ctx.now)
        rows = pair.store.claim(
            now=ctx.now, until=ctx.now + _CLAIM, limit=_BATCH, held=held, leads=leads
        )
        if not rows:
            break
        taken += len(rows)
        _deliver_batch(pair, rows, ctx)
    return taken


def _deliver_batch(pair: Pair, rows: Sequence[OutboxRow], ctx: Context) -> None:
    writes: dict[System, list[WriteRow]] = defaultdict(list)
    creates: dict[System, list[CreateRow]] = defaultdict(list)
    notes: dict[System, list[NoteRow]] = defaultdict(list)
    lists: dict[System, list[ListRow]] = defaultdict(list)
    alerts: list[AlertRow] = []
    updates: list[UpdateRow] = []
    for row in rows:
        match row.action:
            case WriteRecord() as write:
                writes[write.system].append((row, write))
            case CreateRecord() as create:
                creates[create.system].append((row, create))
            case AddNote() as note:
                notes[note.system].append((row, note))
            case Enlist() as wish:
                lists[wish.system].append((row, wish))
            case SendAlert() as alert:
                alerts.append((row, alert))
            case UpdateAlert() as update:
                updates.append((row, update))
            case _:
                assert_never(row.action)
    waiting = {key for system, mine in writes.items() for key in _write(pair, system, mine, ctx)}
    for system, theirs in notes.items():
        _add_notes(pair, system, theirs, waiting, ctx)
    for system, wishes in lists.items():
        deliver_lists(pair, system, wishes, waiting, ctx)
    for system, these in creates.items():
        deliver_creates(pair, system, these, ctx)
    tell(pair, alerts, ctx)
    tell_updates(pair, updates, ctx)


def _write(
    pair: Pair, system: System, rows: Sequence[WriteRow], ctx: Context
) -> frozenset[RecordId]:
    """The records that still wait for a write."""
    found = pair.store.load({action.lead_id for _, action in rows})
    leads = {lead.id: lead for lead in found.values()}
    rows = [_of_lead(row, action, found[action.lead_id].id) for row, action in rows]
    ledger = Ledger(now=ctx.now, leads=dict(leads))
    try:
        write_records(pair, system, rows, ledger, ctx)
    except (TransientError, AuthError, PermanentError) as error:
        log.warning("writes_failed", system=system, rows=len(rows), reason=str(error))
        ledger = Ledger(now=ctx.now, leads=leads)
        ledger.postponed_all([row for row, _ in rows], error)
    except LeaseLost:
        raise
    except Exception:
        log.exception("writes_crashed", system=system, rows=len(rows))
        ledger = Ledger(now=ctx.now, leads=leads)
        for row, _ in rows:
            ledger.postponed(row, "a bug in syncd: see writes_crashed in the log")
    pair.store.commit(ledger.commit())
    return frozenset({action.record_id for row, action in rows if ledger.is_put_off(row)})


def _of_lead(row: OutboxRow, action: WriteRecord, lead_id: LeadId) -> WriteRow:
    """A write decided for a lead that was since united with another is that one's now."""
    if lead_id == action.lead_id:
        return row, action
    action = replace(action, lead_id=lead_id)
    return replace(row, action=action), action


def _add_notes(
    pair: Pair,
    system: System,
    rows: Sequence[NoteRow],
    waiting: Collection[RecordId],
    ctx: Context,
) -> None:
    """One note a transition: after a doubtful attempt the record is asked for it first."""
    ledger = Ledger(now=ctx.now)
    rows = due_after_writes(pair, rows, waiting, ledger)
    target = pair.targets[system]
    try:
        doubtful = [note for row, note in rows if row.attempts]
        there = target.find_notes(doubtful) if doubtful else frozenset()
        missing = [note for _, note in rows if note.key not in there]
        outcomes = target.add_notes(missing) if missing else {}
    except (TransientError, AuthError, PermanentError) as error:
        log.warning("notes_failed", system=system, rows=len(rows), reason=str(error))
        ledger.postponed_all([row for row, _ in rows], error)
        pair.store.commit(ledger.commit())
        return
    for row, note in rows:
        if note.key in there:
            ledger.settled(row)
        else:
            ledger.concluded(row, outcomes.get(note.key, Failed(reason="no answer")))
    pair.store.commit(ledger.commit())
