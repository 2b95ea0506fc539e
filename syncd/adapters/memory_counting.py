"""What the in-memory store tells of leads for counting."""

from collections.abc import Mapping

from syncd.adapters.memory_contents import Contents
from syncd.adapters.memory_views import story_of
from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.domain.stage import Stage
from syncd.measure.lead_story import TELLING, LeadStory


def told_of(contents: Contents, lead_id: LeadId) -> LeadStory | None:
    """None for one that is there no more, also where another answers for it."""
    lead = contents.leads.get(lead_id)
    if lead is None:
        return None
    story = story_of(contents, lead)
    return LeadStory(
        lead=lead,
        transitions=story.transitions,
        verdicts=story.verdicts,
        handoffs=story.handoffs,
        audit=tuple(x for x in story.audit if x.kind in TELLING),
        deals=contents.deals.get(lead_id, {}),
    )


def is_selling(contents: Contents, lead: Lead) -> bool:
    deals = contents.deals.get(lead.id, {}).values()
    still_open = any(not x.is_closed for some in deals for x in some)
    return still_open or lead.stage.rank >= Stage.SQL.rank


def has_other_deals(
    contents: Contents, lead_id: LeadId, told: Mapping[System, tuple[Deal, ...]]
) -> bool:
    known = contents.deals.get(lead_id, {})
    return any(set(deals) != set(known.get(x, ())) for x, deals in told.items())
