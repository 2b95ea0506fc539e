"""Write what people are told about linking: a record that was not made, because there may be
one already. Plain words only, like `alerting`."""

from collections.abc import Sequence

from syncd.core.alert_parts import lead_alert
from syncd.core.alert_words import name_of
from syncd.core.context import Context
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.lead import Lead
from syncd.domain.names import RecordId, System

_MOST_RECORDS = 5


def twin_alert(
    lead: Lead, system: System, reason: str, like: Sequence[RecordId], ctx: Context
) -> SendAlert:
    """Once per lead: whether it is the same person is for somebody to say."""
    name = name_of(lead, ctx.crm)
    records = tuple(ctx.crm.sides[system].link(record) for record in like[:_MOST_RECORDS])
    which = like[0] if like else "RECORD"
    return lead_alert(
        AlertKind.TWIN,
        lead.id,
        lead,
        ctx,
        title=f"{name} may be in {system.label} already",
        summary=f"{name}: not created in {system.label}",
        why=(f"It was to be created in {system.label}, but: {reason}.", *records),
        next_step=(
            f"If that is the same person: `syncd links link {lead.id} {system} {which}`. "
            f"If not, create the {system.label} record by hand."
        ),
        to=None,
    )
