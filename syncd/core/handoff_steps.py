"""Steps of a handoff as parts of a decision: its state, what the audit says of it, and the
message that offered it, which tells what became of it.

Whether a step is to be taken is decided by those who call this.
"""

from collections.abc import Sequence
from dataclasses import replace as changed_copy
from typing import Any

from syncd.core import alerting_handoffs
from syncd.core.alerting_outcomes import outcome, put_off
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff import accept, close, give, settled, snooze, state_with, still_due
from syncd.core.handoff_clocks import replanned
from syncd.core.ladder import Steps
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.handoff import Change, Handoff, Proof, Rejection


def offered(draft: Draft, handoff: Handoff) -> Draft:
    """With this handoff open, and its deadlines in the audit."""
    return draft.on(replace(draft.lead, handoff=handoff)).noted(
        AuditKind.HANDOFF, **_facts(handoff, segment=handoff.segment)
    )


def accepted(draft: Draft, handoff: Handoff, how: Change, ctx: Context) -> Draft:
    """Sales takes it on. Said again, it changes at most when that was."""
    after = accept(handoff, how, policy=ctx.policy)
    draft = draft.on(replace(draft.lead, handoff=after))
    if handoff.state.is_accepted:
        return draft
    return _told(draft, after, how, ctx)


def given(
    draft: Draft, handoff: Handoff, owner: str | None, ctx: Context, *, shown: Change
) -> Draft:
    """To another owner, who is told what is theirs now and until when."""
    how = changed_copy(shown, to=state_with(handoff, owner), owner=owner)
    after = give(handoff, how, policy=ctx.policy)
    draft = draft.on(replace(draft.lead, handoff=after)).noted(
        AuditKind.HANDOFF, **_facts(after, proof=how.proof, ref=how.ref)
    )
    if owner is None:
        return draft
    return draft.also(alerting_handoffs.given_alert(draft.lead, after, handoff.owner, ctx))


def snoozed(draft: Draft, handoff: Handoff, how: Change, ctx: Context) -> Draft:
    """With the owner's deadlines put off. ValueError the second time."""
    after = snooze(handoff, at=how.at, policy=ctx.policy)
    facts = _facts(after, step="snoozed", proof=how.proof, ref=how.ref)
    draft = draft.on(replace(draft.lead, handoff=after))
    draft = draft.noted(AuditKind.HANDOFF, personal={"by": how.by}, **facts)
    return draft.also(*put_off(after, how, ctx))


def up_to_date(draft: Draft, handoff: Handoff, ctx: Context) -> Draft:
    """With its deadlines counted, and what was done judged, by today's calendar and promises."""
    after = settled(replanned(handoff, now=ctx.now, policy=ctx.policy), ctx.policy)
    if after is handoff:
        return draft
    draft = draft.on(replace(draft.lead, handoff=after))
    if _instants(after) == _instants(handoff):
        return draft
    return draft.noted(AuditKind.HANDOFF, **_facts(after, step="replanned"))


def ended(
    draft: Draft,
    handoff: Handoff,
    how: Change,
    ctx: Context,
    *,
    because: str,
    rejection: Rejection | None = None,
) -> Draft:
    """It is over (`how.to`): the lead has no handoff any more, at most a deadline to judge."""
    over = close(changed_copy(handoff, rejection=rejection), how, because=because)
    draft = replace(draft, closed=(*draft.closed, over))
    lead = draft.lead
    draft = draft.on(replace(lead, handoff=None, unjudged=(*lead.unjudged, *still_due(over))))
    return _told(draft, over, how, ctx, because=because)


def _told(draft: Draft, handoff: Handoff, how: Change, ctx: Context, *, because: str = "") -> Draft:
    """In the audit, and in the messages that still offer something to do."""
    facts = {"because": because} if because else {}
    draft = draft.noted(
        AuditKind.HANDOFF,
        personal=None if how.proof is Proof.CLOCK else {"by": how.by},
        handoff=handoff.id,
        state=how.to,
        proof=how.proof,
        ref=how.ref,
        **facts,
    )
    return draft.also(*outcome(handoff, how, ctx, because=because))


def _facts(handoff: Handoff, **more: str) -> dict[str, Any]:
    """Where it stands, and the deadline of each clock that runs. Any: `noted` takes them as
    keywords beside its own."""
    deadlines = {f"{c.name}_by": c.due_at.isoformat() for c in handoff.clocks if c.is_running}
    return {"handoff": handoff.id, "state": handoff.state, **more, **deadlines}


def _instants(handoff: Handoff) -> Sequence[Steps]:
    return [clock.steps for clock in handoff.clocks]
