"""What the owner of a lead is told of a field that both CRMs changed differently."""

from syncd.core.alert_parts import lead_alert
from syncd.core.alert_words import local_words, name_of
from syncd.core.context import Context
from syncd.core.value_words import field_words, in_words
from syncd.core.views import known_value
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.lead import Dispute, Lead
from syncd.domain.names import OWNER, System
from syncd.domain.record import Edit
from syncd.domain.values import FieldSpec

_QUEUE = "queue:"


def conflict_alert(
    lead: Lead, spec: FieldSpec, dispute: Dispute, ctx: Context, *, again: str = ""
) -> SendAlert:
    """One message a dispute, however often its values change; `again` marks a choice that
    could not be carried out because of such a change."""
    name, field = name_of(lead, ctx.crm), field_words(spec.name)
    news = "the values changed before your choice was carried out" if again else ""
    return lead_alert(
        AlertKind.CONFLICT,
        ":".join(filter(None, (lead.id, spec.name, dispute.since.isoformat(), again))),
        lead,
        ctx,
        title=f"{name}: {field} was changed in both CRMs",
        summary=f"{name}: {field} differs",
        why=(f"{news.capitalize()}." if news else "", *(_says(s, dispute, ctx) for s in System)),
        next_step=(
            f"syncd changes neither until somebody chooses: `{resolve_command(lead, spec)}`, or "
            f"`--take {System.HUBSPOT}`. The same value put into both settles it, too."
        ),
        to=owner_of(lead),
    )


def resolve_command(lead: Lead, spec: FieldSpec) -> str:
    """What to type, as it stands, to let Salesforce's value win."""
    record = lead.sides[System.SALESFORCE].record_id
    return f"syncd conflicts resolve {record} {spec.name} --take {System.SALESFORCE}"


def owner_of(lead: Lead) -> str | None:
    """Who works the lead; nobody while it lies in a queue."""
    if lead.handoff and lead.handoff.owner:
        return lead.handoff.owner
    owner = known_value(lead, OWNER)
    return owner if isinstance(owner, str) and not owner.startswith(_QUEUE) else None


def _says(system: System, dispute: Dispute, ctx: Context) -> str:
    value, edit = dispute.values.get(system), dispute.edits.get(system)
    entered = f" ({_entered(edit, ctx)})" if edit else ""
    return f"{system.label} says {in_words(value, ctx.now)}{entered}."


def _entered(edit: Edit, ctx: Context) -> str:
    return ", ".join(filter(None, (edit.by, local_words(edit.at, ctx))))
