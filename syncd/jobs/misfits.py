"""Writes of values the CRM would refuse: they are never sent."""

from collections.abc import Sequence

from syncd.core.settle import give_up
from syncd.domain.action import FieldWrite, WriteRecord
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import STAGE
from syncd.domain.record import FieldFinding
from syncd.jobs.ledger import Ledger
from syncd.store_ports import OutboxRow


def bear_misfits(
    row: OutboxRow,
    action: WriteRecord,
    misfits: tuple[FieldWrite, ...],
    findings: Sequence[FieldFinding],
    ledger: Ledger,
) -> bool:
    """A value the CRM would refuse is never sent. A stage that cannot be written is given up
    with an alert, and whatever was to go with it; any other field is left alone with a
    finding, and the rest goes on."""
    fits = {f.field: f for f in findings}
    for write in misfits:
        finding = fits.get(write.field)
        if finding is None:
            continue
        ledger.audit.append(
            AuditEntry(
                at=ledger.now,
                kind=AuditKind.FINDING,
                lead_id=action.lead_id,
                facts={
                    "system": action.system,
                    "record": action.record_id,
                    "field": write.field,
                    "fits": finding.fits,
                },
                personal={"seen": finding.seen},
            )
        )
    stage = next((w for w in misfits if w.field == STAGE), None)
    if stage:
        ledger.buried(row, f"{action.system.label} takes {fits[STAGE].fits}")
        return False
    ledger.save(give_up(action, ledger.leads[action.lead_id], misfits))
    return True
