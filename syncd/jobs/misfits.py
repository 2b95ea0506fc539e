"""Writes of values the CRM would refuse: they are never sent."""

from collections.abc import Sequence

from syncd.commit import OutboxRow
from syncd.core.finding_entry import finding_entry
from syncd.core.settle import give_up
from syncd.domain.action import FieldWrite, WriteRecord
from syncd.domain.names import STAGE
from syncd.domain.record import FieldFinding
from syncd.jobs.ledger import Ledger


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
        if finding := fits.get(write.field):
            entry = finding_entry(finding, action.lead_id, action.record_id, at=ledger.now)
            ledger.audit.append(entry)
    stage = next((w for w in misfits if w.field == STAGE), None)
    if stage:
        ledger.buried(row, f"{action.system.label} takes {fits[STAGE].fits}")
        return False
    ledger.save(give_up(action, ledger.leads[action.lead_id], misfits))
    return True
