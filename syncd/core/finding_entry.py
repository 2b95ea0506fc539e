"""The audit entry of a value that cannot be used or sent."""

from datetime import datetime

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import LeadId, RecordId
from syncd.domain.record import FieldFinding


def finding_entry(
    finding: FieldFinding, lead_id: LeadId, record_id: RecordId | None, *, at: datetime
) -> AuditEntry:
    """`record_id` is None where the record is yet to be made."""
    record = {"record": record_id} if record_id else {}
    return AuditEntry(
        at=at,
        kind=AuditKind.FINDING,
        lead_id=lead_id,
        facts={
            "system": finding.system,
            **record,
            "field": finding.field,
            "fits": finding.fits,
        },
        personal={"seen": finding.seen},
    )
