"""A context for wording alone: who a lead is. Nothing is judged with it."""

from syncd.core.alert_words import name_of
from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.domain.lead import Lead
from syncd.settings.load import Settings


def lead_name(lead: Lead, settings: Settings) -> str:
    """The person as people know them: name and company, else a record's id."""
    ctx = Context(
        standard=settings.standard,
        judge=Judge(settings.standard),
        policy=settings.policy,
        crm=settings.crm,
        enforce_from=lead.first_seen_at,
        now=lead.first_seen_at,
        fresh=None,
    )
    return name_of(lead, ctx)
