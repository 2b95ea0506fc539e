"""A waiver somebody asks for, and an approver's answer to it.

Granted, it is a waiver as any other. What it lets pass is judged elsewhere.
"""

from syncd.core.alerting_answers import asked_alert, request_answered
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.not_done import NotDone, is_among, kept_from
from syncd.core.value_words import listed
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.lead import Lead, WaiverAsked
from syncd.domain.order import AnswerWaiver, AskWaiver, Order
from syncd.domain.verdict import Waiver


def request_waiver(draft: Draft, what: AskWaiver, order: Order, ctx: Context) -> Draft | NotDone:
    """To the approvers that policy names; one request for the same is enough."""
    lead, approvers = draft.lead, ctx.policy.approvers
    waiver = replace(what.waiver, lead_id=lead.id, cycle=lead.cycle, by=order.by)
    if _is_known(lead, waiver.id):
        return draft
    why_not = _not_to_be_asked(lead, waiver, ctx)
    refused = kept_from(order, lead, ctx) if not is_among(order, approvers) else None
    if refused or why_not:
        return refused or NotDone(why_not)
    asked = WaiverAsked(id=waiver.id, waiver=waiver, asked_at=order.placed_at)
    draft = draft.on(replace(lead, asked=(*lead.asked, asked))).noted(
        AuditKind.WAIVER_ASKED,
        personal={"by": order.by, "reason": waiver.reason},
        via=order.via,
        **_facts(waiver),
    )
    return draft.also(asked_alert(draft.lead, asked, ctx))


def _is_known(lead: Lead, waiver_id: str) -> bool:
    return waiver_id in {*(x.id for x in lead.asked), *(x.id for x in lead.waivers)}


def _not_to_be_asked(lead: Lead, waiver: Waiver, ctx: Context) -> str:
    """Why nobody is asked for it; empty where there is no reason."""
    if not ctx.policy.approvers:
        return (
            "policy.yaml names nobody under `approvers`. "
            f"{ctx.policy.waivable_by} can grant it with `syncd waive`."
        )
    if waiver.gate not in ctx.standard.gates:
        return f"The standard has no gate at {waiver.gate}."
    if waiver.expires_at <= ctx.now:
        return "The day it would have held until is over."
    same = [x for x in lead.asked if x.waiver.gate is waiver.gate]
    if any(set(waiver.rules) <= set(x.waiver.rules) for x in same):
        return f"It was asked for already: {listed(ctx.policy.approvers, 'or')} can answer."
    return ""


def answer_request(draft: Draft, what: AnswerWaiver, order: Order, ctx: Context) -> Draft | NotDone:
    """By an approver. The first answer counts."""
    lead = draft.lead
    asked = next((x for x in lead.asked if x.id == what.asked), None)
    if asked is None:
        if what.granted and any(x.id == what.asked for x in lead.waivers):
            return draft
        return NotDone("This request was answered already, or its round is over.")
    if not is_among(order, ctx.policy.approvers):
        return NotDone(f"Only {listed(ctx.policy.approvers, 'or')} can answer.")
    if what.granted and asked.waiver.expires_at <= ctx.now:
        return NotDone("It would have held until a day that is over: ask for it again.")
    left = tuple(x for x in lead.asked if x is not asked)
    draft = draft.on(replace(lead, asked=left))
    draft = _granted(draft, asked, order) if what.granted else _refused(draft, asked, order)
    return draft.also(
        *request_answered(draft.lead, asked, by=order.by, granted=what.granted, ctx=ctx)
    )


def _granted(draft: Draft, asked: WaiverAsked, order: Order) -> Draft:
    waiver = replace(asked.waiver, by=order.by, granted_at=draft.now)
    lead = replace(draft.lead, waivers=(*draft.lead.waivers, waiver))
    personal = {"by": order.by, "reason": waiver.reason, "asked_by": asked.waiver.by}
    return draft.on(lead).noted(
        AuditKind.WAIVED, personal=personal, via=order.via, **_facts(waiver)
    )


def _refused(draft: Draft, asked: WaiverAsked, order: Order) -> Draft:
    personal = {"by": order.by, "asked_by": asked.waiver.by}
    return draft.noted(
        AuditKind.WAIVER_REFUSED, personal=personal, via=order.via, **_facts(asked.waiver)
    )


def _facts(waiver: Waiver) -> dict[str, str]:
    return {
        "waiver": waiver.id,
        "gate": waiver.gate.value,
        "rules": " ".join(waiver.rules),
        "expires": waiver.expires_at.isoformat(),
    }
