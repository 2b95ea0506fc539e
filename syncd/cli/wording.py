"""Who a lead is, and a context in which to ask what would become of it. Nothing is done with it."""

from datetime import datetime

from syncd.core.alert_words import name_of
from syncd.core.context import Context
from syncd.core.judge import Judge
from syncd.domain.lead import Lead
from syncd.settings.load import Settings


def lead_name(lead: Lead, settings: Settings) -> str:
    """The person as people know them: name and company, else a record's id."""
    return name_of(lead, settings.crm)


def context_of(lead: Lead, settings: Settings, *, now: datetime) -> Context:
    return Context(
        standard=settings.standard,
        judge=Judge(settings.standard),
        policy=settings.policy,
        crm=settings.crm,
        enforce_from=lead.first_seen_at,
        now=now,
        fresh=None,
    )
