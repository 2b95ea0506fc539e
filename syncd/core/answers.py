"""What people answer to a handoff or to a request for a waiver, in Slack or on the command line.

Each answer is checked against who may give it, and changes nothing the second time. One that
comes too late, or from somebody else, is not carried out, and whoever gave it is told why.
"""

from typing import assert_never

from syncd.core.acceptance import take_on
from syncd.core.alert_words import stage_words
from syncd.core.alerting_answers import not_done_alert
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.handoff_clocks import ON_THE_OWNER
from syncd.core.handoff_steps import snoozed
from syncd.core.not_done import NotDone, kept_from
from syncd.core.rejection import turn_down
from syncd.core.value_words import listed
from syncd.core.views import cannot_be_moved_back
from syncd.core.waiver_requests import answer_request, request_waiver
from syncd.domain.audit import AuditKind
from syncd.domain.handoff import Change, Handoff, HandoffState, Proof, Rejection
from syncd.domain.lead import Lead
from syncd.domain.names import HandoffId
from syncd.domain.order import (
    AcceptHandoff,
    AnswerWaiver,
    AskWaiver,
    Order,
    RejectHandoff,
    SnoozeHandoff,
    Via,
)
from syncd.domain.standard import AfterRejection, RejectionReason

Answer = AcceptHandoff | RejectHandoff | SnoozeHandoff | AskWaiver | AnswerWaiver

_PROOF = {
    Via.SLACK: Proof.SLACK,
    Via.COMMAND: Proof.COMMAND,
    Via.DASHBOARD: Proof.DASHBOARD,
}


def why_not(lead: Lead, what: Answer, order: Order, ctx: Context) -> str | None:
    """What would keep the answer from being carried out now; None where nothing would."""
    outcome = _carried_out(Draft(lead=lead, now=ctx.now), what, order, ctx)
    return outcome.why if isinstance(outcome, NotDone) else None


def answered(lead: Lead, what: Answer, order: Order, ctx: Context) -> Draft:
    """What the answer makes of the lead, or that it was not carried out, and why."""
    draft = Draft(lead=lead, now=ctx.now)
    outcome = _carried_out(draft, what, order, ctx)
    if isinstance(outcome, Draft):
        return outcome
    draft = draft.noted(
        AuditKind.NOT_DONE,
        personal={"by": order.by},
        order=order.id,
        what=_NAMES[type(what)],
        via=order.via,
        why=outcome.why,
    )
    title = f"Not done ({_NAMES[type(what)]})"
    return draft.also(not_done_alert(lead, order, (outcome.why,), ctx, title=title))


_NAMES = {
    AcceptHandoff: "accept",
    RejectHandoff: "reject",
    SnoozeHandoff: "snooze",
    AskWaiver: "ask for a waiver",
    AnswerWaiver: "answer a waiver",
}


def _carried_out(draft: Draft, what: Answer, order: Order, ctx: Context) -> Draft | NotDone:
    match what:
        case AskWaiver():
            return request_waiver(draft, what, order, ctx)
        case AnswerWaiver():
            return answer_request(draft, what, order, ctx)
        case AcceptHandoff() | RejectHandoff() | SnoozeHandoff():
            return _about_handoff(draft, what, order, ctx)
        case _:
            assert_never(what)


def _about_handoff(
    draft: Draft, what: AcceptHandoff | RejectHandoff | SnoozeHandoff, order: Order, ctx: Context
) -> Draft | NotDone:
    handoff = draft.lead.handoff
    if handoff is None or handoff.id != what.handoff_id:
        return _too_late(draft.lead, what.handoff_id)
    if refused := kept_from(order, draft.lead, ctx):
        return refused
    match what:
        case AcceptHandoff():
            return _accept(draft, handoff, order, ctx)
        case RejectHandoff():
            return _reject(draft, handoff, what, order, ctx)
        case SnoozeHandoff():
            return _snooze(draft, handoff, order, ctx)
        case _:
            assert_never(what)


def _too_late(lead: Lead, handoff_id: HandoffId) -> NotDone:
    """Which handoff it was is in the button; the lead may have another one by now."""
    if lead.handoff is not None and lead.handoff.id != handoff_id:
        return NotDone("That handoff is over; a newer one of this lead is open.")
    last = f" ({lead.rounds[-1].why})" if lead.rounds else ""
    return NotDone(f"That handoff is over{last}: the lead is at {stage_words(lead.stage)} now.")


def _accept(draft: Draft, handoff: Handoff, order: Order, ctx: Context) -> Draft:
    how = _step(handoff, HandoffState.ACCEPTED, order, ctx)
    draft, missing = take_on(draft, handoff, how, ctx)
    if not missing:
        return draft
    stays = f"Its stage stays at {stage_words(draft.lead.stage)}, for it misses:"
    title = "Accepted, but not moved on"
    return draft.also(not_done_alert(draft.lead, order, (stays, *missing), ctx, title=title))


def _reject(
    draft: Draft, handoff: Handoff, what: RejectHandoff, order: Order, ctx: Context
) -> Draft | NotDone:
    reason = ctx.standard.rejections.get(what.reason)
    if reason is None:
        known = listed(ctx.standard.rejections, "or") or "none yet"
        return NotDone(f'The standard has no reason "{what.reason}" for a rejection: {known}.')
    if why_not := _cannot_reject(draft.lead, what, reason, ctx):
        return NotDone(why_not)
    rejection = Rejection(
        reason=reason.id,
        missing=what.missing,
        objection=what.objection,
        note=what.note,
        until=what.until,
    )
    how = _step(handoff, HandoffState.REJECTED, order, ctx)
    draft = draft.noted(
        AuditKind.REJECTED,
        personal=_said(order, what),
        handoff=handoff.id,
        reason=reason.id,
        via=order.via,
        missing=" ".join(what.missing),
        until=what.until.isoformat() if what.until else "",
    )
    return turn_down(draft, handoff, how, rejection, ctx)


def _cannot_reject(
    lead: Lead, what: RejectHandoff, reason: RejectionReason, ctx: Context
) -> str | None:
    if lead.contest:
        return "Its stage is contested: somebody has to release it first (`syncd release`)."
    if fixed := cannot_be_moved_back(lead):
        return f"It cannot be moved back: {fixed}."
    sleeps = reason.then is AfterRejection.SLEEP
    if sleeps and what.until is None:
        return f'"{reason.says}" needs the day from which it may come back (`--until`).'
    if sleeps and what.until is not None and what.until <= ctx.now.date():
        return f"It would sleep until {what.until}, which is no day to come."
    if what.until is not None and not sleeps:
        return f'A day to come back is for reasons that wait; "{reason.says}" does not.'
    return None


def _snooze(draft: Draft, handoff: Handoff, order: Order, ctx: Context) -> Draft | NotDone:
    if handoff.snoozed_at is not None:
        return NotDone("It was snoozed already: each handoff can be, once.")
    if ctx.policy.snooze is None:
        return NotDone("The policy knows no snooze (`snooze` in policy.yaml).")
    if not any(handoff.running(name) for name in ON_THE_OWNER):
        return NotDone("No deadline runs that could be put off.")
    how = _step(handoff, handoff.state, order, ctx)
    return snoozed(draft, handoff, how, ctx)


def _step(handoff: Handoff, to: HandoffState, order: Order, ctx: Context) -> Change:
    return Change(
        to=to,
        at=min(order.placed_at, ctx.now),
        seen_at=ctx.now,
        by=order.by,
        proof=_PROOF[order.via],
        ref=order.id,
        owner=handoff.owner,
    )


def _said(order: Order, what: RejectHandoff) -> dict[str, str]:
    words = {"by": order.by, "objection": what.objection, "note": what.note}
    return {name: text for name, text in words.items() if text}
