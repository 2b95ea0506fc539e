"""Decide one lead: from what is known and was just seen to the next state and its actions.

The order is the order of DESIGN section 3: observe, merge the fields, merge the stage
(judged and guarded), think of refused moves, keep the handoff's promise.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from syncd.core.context import Context
from syncd.core.enforce import merge_stage
from syncd.core.fields import merge_fields
from syncd.core.observe import observe
from syncd.core.promises import keep_promise
from syncd.core.recall import recall
from syncd.core.travel import raise_newborn
from syncd.domain.decision import Decision, Observation
from syncd.domain.lead import Lead
from syncd.domain.names import System
from syncd.domain.record import Activity


def decide(
    lead: Lead,
    seen: Mapping[System, Observation],
    ctx: Context,
    *,
    activities: Sequence[Activity] = (),
) -> Decision:
    """Run twice on the same facts, the second time changes nothing."""
    observed = observe(lead, seen, ctx)
    draft = merge_fields(observed.draft, ctx)
    draft = raise_newborn(draft, observed.newborn, ctx)
    draft = merge_stage(draft, ctx)
    draft = recall(draft, ctx)
    draft = keep_promise(draft, activities, ctx)
    return Decision(
        lead=draft.lead,
        observed=observed.draft.lead,
        transitions=draft.transitions,
        verdicts=draft.verdicts,
        actions=draft.actions,
        audit=draft.audit,
        closed=draft.closed,
        due_at=due_at(draft.lead, ctx.now),
    )


def due_at(lead: Lead, now: datetime) -> datetime | None:
    """When the lead next wants a decision of its own: a move in its grace every cycle."""
    if lead.move:
        return now
    return lead.handoff.next_due() if lead.handoff else None
