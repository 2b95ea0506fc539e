"""Make the records that leads lack in one CRM: look for them first, make them, take them in.

What may be there already is never made: who it is, is for matching or a person to say. A
repeat finds the first one by our id in it, however the answer to it was lost.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

import structlog

from syncd.core.alerting_links import twin_alert
from syncd.core.context import Context
from syncd.core.normalise import normaliser
from syncd.domain.action import (
    Created,
    CreateOutcome,
    Failed,
    Refused,
    Twin,
)
from syncd.domain.lead import Lead, TwinAsked
from syncd.domain.names import ActionKey, LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.errors import AuthError, LeaseLost, PermanentError, TransientError
from syncd.jobs.blind import SideDown
from syncd.jobs.ingest import ingest
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair
from syncd.jobs.prepare_creates import CreateRow, Job, note_created, prepare

log = structlog.get_logger()

_TO_BE_READ = timedelta(minutes=10)
"""A record found at the first attempt was perhaps made just now: reading will link it."""
_TROUBLES = (TransientError, AuthError, PermanentError)


def deliver_creates(pair: Pair, system: System, rows: Sequence[CreateRow], ctx: Context) -> None:
    """Every row ends in a commit; records made are read back and taken in at once."""
    leads = pair.store.load({action.lead_id for _, action in rows})
    ledger = _new_ledger(leads, ctx)
    made: list[RecordId] = []
    try:
        made = _create(pair, system, rows, ledger, ctx)
    except _TROUBLES as error:
        log.warning("creates_failed", system=system, rows=len(rows), reason=str(error))
        ledger = _new_ledger(leads, ctx)
        pause = error.retry_after if isinstance(error, TransientError) else None
        for row, _ in rows:
            ledger.postponed(row, str(error), retry_after=pause)
    except LeaseLost:
        raise
    except Exception:
        log.exception("creates_crashed", system=system, rows=len(rows))
        ledger = _new_ledger(leads, ctx)
        for row, _ in rows:
            ledger.postponed(row, "a bug in syncd: see creates_crashed in the log")
    pair.store.commit(ledger.commit())
    _take_in(pair, system, made, ctx)


def _new_ledger(leads: Mapping[LeadId, Lead], ctx: Context) -> Ledger:
    """Leads by the name they were asked under, too: one may have been united since."""
    return Ledger(now=ctx.now, leads={**leads, **{x.id: x for x in leads.values()}})


def _create(
    pair: Pair, system: System, rows: Sequence[CreateRow], ledger: Ledger, ctx: Context
) -> list[RecordId]:
    doubted = pair.store.in_doubt(ledger.leads.keys())
    prepared = (prepare(pair, row, ledger, doubted, ctx) for row in rows)
    jobs = [job for job in prepared if job is not None]
    outcomes = _already_there(pair, system, jobs, ctx)
    jobs = [job for job in jobs if not _is_news(job, outcomes, ledger)]
    wanted = [job.create for job in jobs if job.action.key not in outcomes]
    outcomes |= pair.targets[system].create(wanted) if wanted else {}
    return [record for job in jobs for record in _conclude(job, outcomes, ledger, ctx)]


# --- before ------------------------------------------------------------------------------


def _already_there(
    pair: Pair, system: System, jobs: Sequence[Job], ctx: Context
) -> dict[ActionKey, CreateOutcome]:
    """The jobs whose person the CRM seems to have. A record with our own id in it is the one
    an earlier attempt made, before its answer was lost."""
    emails = {job.action.key: _addresses(job.lead) for job in jobs}
    there = pair.crms[system].with_emails({e for found in emails.values() for e in found})
    found = {
        key: tuple(dict.fromkeys(x for e in mine for x in there.get(e, ())))
        for key, mine in emails.items()
    }
    shown = _shown(pair, system, {x for records in found.values() for x in records}, ctx)
    return {
        job.action.key: _outcome_for(job, found[job.action.key], shown)
        for job in jobs
        if found[job.action.key]
    }


def _is_news(job: Job, there: Mapping[ActionKey, CreateOutcome], ledger: Ledger) -> bool:
    outcome = there.get(job.action.key)
    if job.row.attempts or not isinstance(outcome, Twin):
        return False
    ledger.delayed(job.row, outcome.reason, until=ledger.now + _TO_BE_READ)
    return True


def _addresses(lead: Lead) -> frozenset[str]:
    return frozenset(email for side in lead.sides.values() for email in side.seen.emails)


def _shown(
    pair: Pair, system: System, ids: Collection[RecordId], ctx: Context
) -> Mapping[RecordId, Snapshot]:
    if not ids:
        return {}
    crm = pair.crms[system]
    normalise = normaliser(ctx.crm, system, crm.directory())
    return {i: normalise(r) for i, r in crm.read(ids).items()}


def _outcome_for(
    job: Job, records: tuple[RecordId, ...], shown: Mapping[RecordId, Snapshot]
) -> CreateOutcome:
    ours = (x for x in records if x in shown and shown[x].lead_id == job.lead.id)
    if (record := next(ours, None)) is not None:
        return Created(record)
    return Twin(reason="it has a record with this address already", records=records)


# --- after -------------------------------------------------------------------------------


def _conclude(
    job: Job, outcomes: Mapping[ActionKey, CreateOutcome], ledger: Ledger, ctx: Context
) -> Iterator[RecordId]:
    """The record that was made, if one was."""
    outcome = outcomes.get(job.action.key, Failed(reason="the CRM gave no answer for this record"))
    match outcome:
        case Created(record_id=record_id):
            ledger.settled(job.row)
            note_created(job.action, job.lead, record_id, ledger)
            yield record_id
        case Twin(reason=reason, records=records):
            _leave(job, reason, records, ledger)
            ledger.cancelled(job.row, reason)
            ledger.actions.append(twin_alert(job.lead, job.action.system, reason, records, ctx))
        case Refused(reason=reason):
            _leave(job, reason, (), ledger)
            ledger.buried(job.row, reason)
        case Failed(reason=reason):
            ledger.postponed(job.row, reason)
        case _:
            assert_never(outcome)


def _leave(job: Job, reason: str, like: tuple[RecordId, ...], ledger: Ledger) -> None:
    """Remember why, for `syncd links`."""
    asked = job.lead.twin or TwinAsked(system=job.action.system, at=ledger.now)
    ledger.save(replace(job.lead, twin=replace(asked, refused=reason, like=like)))


def _take_in(pair: Pair, system: System, made: Collection[RecordId], ctx: Context) -> None:
    """Read back what was made, and link it by our id in it: between now and the next poll
    nothing that is edited may be taken for what was there from the start."""
    if not made:
        return
    try:
        records = pair.crms[system].read(made)
        ingest(pair, tuple(records.values()), (), ctx)
    except (SideDown, *_TROUBLES) as error:
        log.warning("created_not_read_back", system=system, rows=len(made), reason=str(error))
