"""Write what people are told about answers: a waiver asked for and answered, an answer that was
not carried out. Plain words only, like `alerting`."""

from collections.abc import Iterator

from syncd.core.alert_parts import lead_alert
from syncd.core.alert_words import local_words, name_of, stage_words
from syncd.core.context import Context
from syncd.core.value_words import listed
from syncd.domain.action import Action, SendAlert, UpdateAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.copies import replace
from syncd.domain.lead import Lead, WaiverAsked
from syncd.domain.names import ActionKey, RuleId
from syncd.domain.order import AcceptHandoff, Order, RejectHandoff, SnoozeHandoff
from syncd.domain.verdict import Waiver


def asked_alert(lead: Lead, asked: WaiverAsked, ctx: Context) -> SendAlert:
    """To the approvers, who can answer it there."""
    name, waiver, approvers = name_of(lead, ctx.crm), asked.waiver, ctx.policy.approvers
    sent = lead_alert(
        AlertKind.WAIVER_ASKED,
        asked.id,
        lead,
        ctx,
        title=f"{waiver.by} asks for a waiver: {name} at the {stage_words(waiver.gate)} gate",
        summary=f"{name}: waiver asked for by {waiver.by}",
        why=(f"Reason: {waiver.reason}", *(f"Without: {x}" for x in _rules(waiver, ctx))),
        next_step=(
            f"Approve or refuse it here, or with `syncd waive {lead.id} --approve {asked.id}` "
            f"and `--refuse {asked.id}`."
        ),
        facts=(
            ("It would hold until", local_words(waiver.expires_at, ctx)),
            ("Approvers", listed(approvers, "or")),
        ),
        to=approvers[0],
    )
    told = replace(sent.alert, acts=(Act.APPROVE, Act.REFUSE), subject=asked.id)
    return _in_thread(replace(sent, alert=told), lead)


def request_answered(
    lead: Lead, asked: WaiverAsked, *, by: str, granted: bool, ctx: Context
) -> Iterator[Action]:
    """The request says what became of it, and whoever asked is told."""
    word, name = "approved" if granted else "refused", name_of(lead, ctx.crm)
    yield UpdateAlert(
        key=ActionKey(f"update:waiver:{asked.id}"),
        lead_id=lead.id,
        alert_key=ActionKey(f"alert:{AlertKind.WAIVER_ASKED}:{asked.id}"),
        status=f"{word.capitalize()} by {by}",
        at=ctx.now,
    )
    gate = stage_words(asked.waiver.gate)
    granted_words = f"It holds until {local_words(asked.waiver.expires_at, ctx)}."
    sent = lead_alert(
        AlertKind.WAIVER_ANSWERED,
        asked.id,
        lead,
        ctx,
        title=f"Waiver {word} by {by}: {name} at the {gate} gate",
        summary=f"{name}: waiver {word} by {by}",
        why=tuple(f"Rule: {x}" for x in _rules(asked.waiver, ctx)),
        next_step=granted_words if granted else "Complete the record instead.",
        to=_addressed(asked.waiver.by),
    )
    yield _in_thread(sent, lead)


def not_done_alert(
    lead: Lead, order: Order, why: tuple[str, ...], ctx: Context, *, title: str
) -> SendAlert:
    """To whoever gave the answer, where they gave it."""
    name = name_of(lead, ctx.crm)
    sent = lead_alert(
        AlertKind.GIVEN_UP,
        f"order {order.id}",
        lead,
        ctx,
        title=f"{title}: {name}",
        summary=f"{name}: {title[:1].lower()}{title[1:]}",
        why=why,
        next_step="",
        to=_addressed(order.by),
    )
    if isinstance(order.what, AcceptHandoff | RejectHandoff | SnoozeHandoff):
        return replace(sent, alert=replace(sent.alert, thread=order.what.handoff_id))
    return _in_thread(sent, lead)


def _in_thread(sent: SendAlert, lead: Lead) -> SendAlert:
    """Where the handoff is talked about, while there is one."""
    if lead.handoff is None:
        return sent
    return replace(sent, alert=replace(sent.alert, thread=lead.handoff.id))


def _rules(waiver: Waiver, ctx: Context) -> Iterator[str]:
    for rule in waiver.rules:
        yield _says(rule, ctx)


def _says(rule: RuleId, ctx: Context) -> str:
    known = ctx.standard.rules.get(rule)
    return known.says if known else str(rule)


def _addressed(person: str) -> str | None:
    """Who is known by an address can be mentioned."""
    return person if "@" in person else None
