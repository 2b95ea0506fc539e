"""Decide one lead: from what is known and was just seen to the next state and its actions.

The order is the order of DESIGN section 3: observe, settle what that proves, merge the
fields, merge the stage (judged and guarded), think of refused moves, keep the handoff's
promise.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from syncd.core.carry import send_again
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.enforce import merge_stage
from syncd.core.fields import merge_fields
from syncd.core.observe import observe
from syncd.core.promises import keep_promise
from syncd.core.proof import prove
from syncd.core.recall import recall
from syncd.core.travel import bring_back, raise_newborn
from syncd.core.twins import want_twin
from syncd.core.waiver_marks import show_waivers
from syncd.domain.copies import replace
from syncd.domain.decision import Decision, Observation
from syncd.domain.lead import Lead
from syncd.domain.names import ActionKey, System
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
    proven = prove(observed.draft.lead, ctx)
    draft = merge_fields(observed.draft.on(proven.lead), ctx)
    draft = raise_newborn(draft, observed.newborn, ctx)
    draft = bring_back(draft, observed.returned, ctx)
    draft = merge_stage(draft, ctx)
    draft = recall(draft, ctx)
    draft = keep_promise(draft, activities, ctx)
    draft = show_waivers(draft, ctx)
    draft = send_again(draft, ctx)
    draft = want_twin(draft, ctx)
    if draft.lead.held:
        draft = draft.on(replace(draft.lead, held=None))  # the brake may hold it again
    return decision_of(draft, proven.lead, proven=proven.actions)


def decision_of(draft: Draft, observed: Lead, *, proven: tuple[ActionKey, ...] = ()) -> Decision:
    """What a draft of the lead as it was observed came to."""
    return Decision(
        lead=draft.lead,
        observed=observed,
        transitions=draft.transitions,
        verdicts=draft.verdicts,
        actions=draft.actions,
        audit=draft.audit,
        closed=draft.closed,
        proven=proven,
        due_at=due_at(draft.lead, draft.now),
    )


def due_at(lead: Lead, now: datetime) -> datetime | None:
    """When the lead next wants a decision of its own: a move in its grace every cycle."""
    if lead.move:
        return now
    return lead.next_deadline()
