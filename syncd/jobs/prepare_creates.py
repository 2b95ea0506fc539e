"""Get one missing record ready to be made, from its lead as it is now; or say why not yet.

Asks the CRM only what it keeps in mind anyway (schema, directory), and makes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.core.denormalise import VendorValues, vendor_values
from syncd.core.finding_entry import finding_entry
from syncd.core.twins import missing_twin
from syncd.domain.action import CreateRecord, FieldWrite, RecordCreate
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, FieldName, LeadId, RecordId, System
from syncd.domain.record import FieldFinding
from syncd.jobs.ledger import Ledger
from syncd.jobs.pair import Pair

CreateRow = tuple[OutboxRow, CreateRecord]

_AGAIN = timedelta(hours=1)
_PATIENCE = timedelta(days=30)
"""So long a record that cannot be made yet is waited for: a value may be filled in, a stage
may be reached again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One record to make: for which lead, with what, in the vendor's spelling."""

    row: OutboxRow
    action: CreateRecord
    lead: Lead
    create: RecordCreate


def prepare(
    pair: Pair, create: CreateRow, ledger: Ledger, doubted: Collection[LeadId], ctx: Context
) -> Job | None:
    """What to send, from the lead as it is now; None when there is nothing to send yet.
    `doubted` leads may have a record there that is parked."""
    row, action = create
    lead = ledger.leads.get(action.lead_id)
    if lead is None:
        ledger.cancelled(row, "the lead is gone")
    elif action.system in lead.sides:
        _end(row, action, lead, ledger)
    elif lead.apart:
        ledger.cancelled(row, "a person unlinked its record: none is made in its place")
    elif lead.id in doubted:
        wait(row, "a parked record may be its own: see `syncd links`", ledger)
    elif (wanted := missing_twin(lead, ctx)) is None:
        wait(row, "it does not qualify to be created at the moment", ledger)
    else:
        return _spelled(pair, row, wanted, ledger, ctx)
    return None


def _end(row: OutboxRow, action: CreateRecord, lead: Lead, ledger: Ledger) -> None:
    """It has a record there by now: the one an earlier attempt made, or another."""
    side = lead.sides[action.system]
    if side.seen.lead_id in (lead.id, action.lead_id):
        ledger.settled(row)
        note_created(action, lead, side.record_id, ledger)
    else:
        ledger.cancelled(row, f"it has, or had, a record in {action.system.label} by now")


def _spelled(
    pair: Pair, row: OutboxRow, wanted: CreateRecord, ledger: Ledger, ctx: Context
) -> Job | None:
    lead = ledger.leads[wanted.lead_id]
    values = _vendor_values(pair, wanted, ctx)
    properties = {k: v for k, v in values.properties.items() if v is not None}
    properties[ctx.crm.sides[wanted.system].email] = wanted.email
    missing = tuple(_missing(pair, wanted.system, properties, ctx))
    if STAGE not in values.fields or missing:
        lacking = ", ".join(f.field for f in missing) or STAGE
        why = f"{wanted.system.label} would not take it without {lacking}"
        if row.reason != why:
            _tell_findings((*values.findings, *missing), lead, ledger)
        wait(row, why, ledger)
        return None
    if row.attempts == 0:
        _tell_findings(values.findings, lead, ledger)
    create = RecordCreate(
        key=row.action.key,
        record_kind=wanted.record_kind,
        external_id=lead.id,
        properties=properties,
    )
    return Job(row=row, action=replace(wanted, key=row.action.key), lead=lead, create=create)


def _vendor_values(pair: Pair, wanted: CreateRecord, ctx: Context) -> VendorValues:
    crm = pair.crms[wanted.system]
    values = {**wanted.values, STAGE: wanted.stage}
    return vendor_values(
        tuple(FieldWrite(field=f, seen=None, value=v, rule="create") for f, v in values.items()),
        crm_map=ctx.crm,
        system=wanted.system,
        directory=crm.directory(),
        schema=crm.schema(),
    )


def _missing(
    pair: Pair, system: System, properties: Mapping[str, object], ctx: Context
) -> Iterator[FieldFinding]:
    """A finding for each property a new record must have and this one has not."""
    names = {s.properties.get(system): s.name for s in ctx.crm.fields.values()}
    given = {*properties, ctx.crm.sides[system].external_id}
    for name, schema in pair.crms[system].schema().items():
        if schema.required and name not in given and "." not in name:
            yield FieldFinding(
                field=names.get(name, FieldName(name)),
                system=system,
                seen="",
                fits=f"a value: {system.label} makes no record without {schema.label}",
            )


def _tell_findings(findings: Iterable[FieldFinding], lead: Lead, ledger: Ledger) -> None:
    ledger.audit.extend(finding_entry(x, lead.id, None, at=ledger.now) for x in findings)


def wait(row: OutboxRow, why: str, ledger: Ledger) -> None:
    if ledger.now - row.created_at < _PATIENCE:
        ledger.waiting(row, why, until=ledger.now + _AGAIN)
    else:
        ledger.cancelled(row, why)


def note_created(action: CreateRecord, lead: Lead, record_id: RecordId, ledger: Ledger) -> None:
    facts = {"system": action.system, "record": record_id, "stage": action.stage}
    ledger.audit.append(
        AuditEntry(
            at=ledger.now,
            kind=AuditKind.CREATED,
            lead_id=lead.id,
            facts={**facts, "key": action.key},
            personal={},
        )
    )
