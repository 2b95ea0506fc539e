"""Carry out decided writes of one CRM: look again, write what is still due, read back, settle.

Rows of one record become one write, for the vendors take a record once per batch. Where the
vendor's answer shows what was written, the next poll is the read-back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.core.denormalise import Speller, VendorValues, speller
from syncd.core.glance import glancer
from syncd.core.settle import Due, call_off, in_doubt, lose, send, settle, still_due
from syncd.domain.action import (
    Failed,
    FieldWrite,
    RecordWrite,
    Refused,
    Vanished,
    WriteOutcome,
    WriteRecord,
    Written,
)
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.names import STAGE, ActionKey, FieldName, RecordId, System
from syncd.domain.record import Snapshot
from syncd.jobs.ledger import Ledger
from syncd.jobs.misfits import bear_misfits
from syncd.jobs.pair import Pair

_PATIENCE = timedelta(hours=1)
_AGAIN = timedelta(seconds=10)
_REWRITES = 2
"""How often a write that did not hold is made again before it counts as somebody's edit."""

WriteRow = tuple[OutboxRow, WriteRecord]


@dataclass(slots=True, kw_only=True)
class _Job:
    """One record to write: its rows, what of each is due, and the vendor's spelling of it all.
    It `may_wait` for the next poll if that is proof enough."""

    shown: Snapshot
    due: dict[ActionKey, Due]
    rows: list[WriteRow]
    values: VendorValues
    may_wait: bool


def write_records(
    pair: Pair, system: System, rows: Sequence[WriteRow], ledger: Ledger, ctx: Context
) -> None:
    """Every row ends in the ledger. Raises what the CRM raises while it is asked."""
    by_record: dict[RecordId, list[WriteRow]] = defaultdict(list)
    for row in rows:
        by_record[row[1].record_id].append(row)
    look = partial(_look, pair, system, {w.field for _, action in rows for w in action.writes}, ctx)
    shown = look(by_record)
    spell = _speller(pair, system, ctx)
    jobs: dict[RecordId, _Job] = {}
    for record_id, mine in by_record.items():
        if record_id not in shown:
            _mourn(mine, ledger)
        elif shown[record_id].record_id != record_id:
            _let_carry_on(mine, ledger)
        else:
            jobs[record_id] = _prepare(shown[record_id], mine, ledger, spell)
    writes = [_record_write(job) for job in jobs.values() if job.values.properties]
    outcomes = pair.targets[system].update(writes)
    back = look([i for i, job in jobs.items() if _is_doubted(job, outcomes.get(i))])
    for record_id, job in jobs.items():
        _conclude(job, outcomes.get(record_id), back.get(record_id), ledger)


def _is_doubted(job: _Job, outcome: WriteOutcome | None) -> bool:
    """Whether it has to be read back now."""
    return isinstance(outcome, Written) and not (outcome.at and job.may_wait)


def _look(
    pair: Pair,
    system: System,
    fields: Collection[FieldName],
    ctx: Context,
    ids: Collection[RecordId],
) -> Mapping[RecordId, Snapshot]:
    """The records as they are at this moment; one that was deleted is not there."""
    crm = pair.crms[system]
    if not ids:
        return {}
    glance = glancer(fields, ctx.crm, system, crm.directory())
    return {
        record_id: glance(record)
        for record_id, record in crm.read(ids, ctx.crm.properties_of(fields, system)).items()
        if not record.deleted
    }


def _speller(pair: Pair, system: System, ctx: Context) -> Speller:
    """What the CRM takes and who is who there, asked once for all records."""
    crm = pair.crms[system]
    return speller(crm_map=ctx.crm, system=system, directory=crm.directory(), schema=crm.schema())


def _prepare(shown: Snapshot, rows: list[WriteRow], ledger: Ledger, spell: Speller) -> _Job:
    due = {action.key: still_due(action, ledger.leads[action.lead_id], shown) for _, action in rows}
    wanted = _wanted(due.values())
    values = spell([*wanted.values()], shown.kind)
    if STAGE in {finding.field for finding in values.findings}:
        rest = _wanted(part for part in due.values() if STAGE not in _wanted([part]))
        values = replace(spell([*rest.values()], shown.kind), findings=values.findings)
    may_wait = STAGE not in wanted and _may_wait(rows, due)
    return _Job(shown=shown, due=due, rows=rows, values=values, may_wait=may_wait)


def _may_wait(rows: Iterable[WriteRow], due: Mapping[ActionKey, Due]) -> bool:
    """Whether the next poll is proof enough, if no stage is written: one is never left in doubt,
    nor is what was in doubt before."""
    return not any(row.attempts or due[action.key].overtaken for row, action in rows)


def _wanted(due: Iterable[Due]) -> Mapping[FieldName, FieldWrite]:
    return {w.field: w for part in due for w in part.wanted}


def _record_write(job: _Job) -> RecordWrite:
    return RecordWrite(
        record_id=job.shown.record_id,
        record_kind=job.shown.kind,
        properties=job.values.properties,
    )


def _conclude(
    job: _Job, outcome: WriteOutcome | None, back: Snapshot | None, ledger: Ledger
) -> None:
    for row, action in job.rows:
        _conclude_row(job, row, action, (outcome, back), ledger)
        if row.attempts and not row.sent and not ledger.is_put_off(row):
            dropped = job.due[action.key].dropped
            ledger.audit.extend(in_doubt(action, dropped, shown=job.shown, now=ledger.now))


def _conclude_row(
    job: _Job,
    row: OutboxRow,
    action: WriteRecord,
    answer: tuple[WriteOutcome | None, Snapshot | None],
    ledger: Ledger,
) -> None:
    """`answer`: what the vendor said of the write, and what was read back of it."""
    due, (outcome, back) = job.due[action.key], answer
    spelled = job.values.fields
    sent = tuple([_over(w, job.shown) for w in due.wanted if w.field in spelled])
    misfits = tuple([w for w in due.wanted if w.field not in spelled])
    if misfits and not bear_misfits(row, action, misfits, job.values.findings, ledger):
        return
    _settle(action, due.landed, job.shown, ledger, made=row.attempts > 0)
    if not sent:
        _wait_or_end(row, action, due, ledger)
        return
    match outcome:
        case Written(at=datetime() as at) if job.may_wait:
            _send(row, action, sent, at, ledger)
        case Written():
            _confirm(row, action, due, sent, back, ledger)
        case Refused(reason=reason):
            ledger.buried(row, reason)
        case Failed(reason=reason):
            ledger.postponed(row, reason)
        case Vanished(reason=reason):
            _give_way([(row, action)], ledger, reason)
        case None:
            ledger.postponed(row, "the CRM gave no answer for this record")
        case _:
            assert_never(outcome)


def _over(write: FieldWrite, shown: Snapshot) -> FieldWrite:
    """The write over what is there now, which may be what an earlier one of ours left; a stage
    has perhaps only been cleared on its way."""
    there = shown.values.get(write.field)
    if write.field == STAGE or there == write.seen:
        return write
    return replace(write, seen=there, was=None)


def _send(
    row: OutboxRow, action: WriteRecord, sent: tuple[FieldWrite, ...], at: datetime, ledger: Ledger
) -> None:
    """The vendor's answer shows it; the next poll is to prove it (`core/proof.py`)."""
    settlement = send(action, ledger.leads[action.lead_id], sent, at=at, now=ledger.now)
    ledger.save(settlement.lead)
    ledger.audit.extend(settlement.audit)
    ledger.sent(row)


def _confirm(
    row: OutboxRow,
    action: WriteRecord,
    due: Due,
    sent: tuple[FieldWrite, ...],
    back: Snapshot | None,
    ledger: Ledger,
) -> None:
    """A 2xx is a claim: only what the record shows afterwards is settled."""
    if back is None:
        ledger.postponed(row, "written, but could not be read back")
        return
    held = tuple(w for w in sent if back.values.get(w.field) == w.value)
    if len(held) < len(sent) and row.attempts < _REWRITES:
        _settle(action, held, back, ledger)
        ledger.postponed(row, "written, but the record still shows another value")
        return
    if len(held) < len(sent):
        ledger.set_back(row, tuple(w for w in sent if w not in held))
    _settle(action, sent, back, ledger)
    _wait_or_end(row, action, due, ledger)


def _settle(
    action: WriteRecord,
    writes: tuple[FieldWrite, ...],
    shown: Snapshot,
    ledger: Ledger,
    *,
    made: bool = True,
) -> None:
    """What was there before our first attempt (`made` is false) somebody else had put there."""
    if not writes:
        return
    lead = ledger.leads[action.lead_id]
    settlement = settle(action, lead, writes, shown=shown, now=ledger.now, made=made)
    ledger.save(settlement.lead)
    ledger.transitions.extend(settlement.transitions)
    ledger.audit.extend(settlement.audit)


def _wait_or_end(row: OutboxRow, action: WriteRecord, due: Due, ledger: Ledger) -> None:
    """A field a person changed meanwhile waits for the next decision, which takes it over;
    what nobody decides anew within the hour is called off."""
    if not due.overtaken:
        if due.wanted or due.landed:
            ledger.settled(row)
        else:
            ledger.cancelled(row, "no longer wanted")
    elif ledger.now - row.created_at < _PATIENCE:
        ledger.waiting(row, "a person was faster", until=ledger.now + _AGAIN)
    else:
        _give_way([(row, action)], ledger, "a person was faster")


def _give_way(rows: Iterable[WriteRow], ledger: Ledger, why: str) -> None:
    for row, action in rows:
        lead = ledger.leads.get(action.lead_id)
        if lead:
            ledger.save(call_off(action, lead, action.writes))
        ledger.cancelled(row, why)


def _let_carry_on(rows: Iterable[WriteRow], ledger: Ledger) -> None:
    """The record has another id by now. Neither is written to before that was read: what the
    write wanted is then written to the record there is. Where that one is another lead's,
    nothing is."""
    for row, action in rows:
        side = ledger.leads[action.lead_id].sides.get(action.system)
        if side and side.record_id == action.record_id and not side.gone:
            ledger.postponed(row, "the record carries on under another id")
        else:
            ledger.cancelled(row, "no longer wanted")


def _mourn(rows: Iterable[WriteRow], ledger: Ledger) -> None:
    """The record is gone, and with it that side of its lead."""
    for row, action in rows:
        lead = ledger.leads.get(action.lead_id)
        lost = lead and lose(action, lead, now=ledger.now)
        if lost and lost != lead:
            ledger.save(lost)
            system, record = action.system, action.record_id
            ledger.note(AuditKind.GONE, row, system=system, record=record, why="deleted")
        if row.attempts and not row.sent:
            ledger.audit.extend(in_doubt(action, action.writes, shown=None, now=ledger.now))
        ledger.cancelled(row, "the record is gone")
