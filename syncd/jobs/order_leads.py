"""Carry out a waiver or a release: both change one lead, which is then decided anew."""

from dataclasses import replace

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead
from syncd.domain.order import GrantWaiver, Order, ReleaseLead
from syncd.jobs.deciding import braked, commit_of, decide_all
from syncd.jobs.pair import Pair
from syncd.jobs.work import Work


def change_lead(pair: Pair, order: Order, what: GrantWaiver | ReleaseLead, ctx: Context) -> None:
    lead_id = what.waiver.lead_id if isinstance(what, GrantWaiver) else what.lead_id
    lead = pair.store.load([lead_id]).get(lead_id)
    if lead is None:
        pair.store.commit(Commit(now=ctx.now, orders_done=(order.id,)))
        return
    lead, entry = (
        _granted(lead, what, order, ctx)
        if isinstance(what, GrantWaiver)
        else _released(lead, order, ctx)
    )
    decided = decide_all(pair, Work(leads={lead.id: lead}), ctx)
    commit = commit_of(braked(pair.store, decided.decisions, ctx), pair.store, ctx)
    pair.commit(
        replace(
            commit,
            leads=(lead,) if decided.failed else commit.leads,
            audit=(entry, *commit.audit),
            orders_done=(order.id,),
        )
    )


def _granted(lead: Lead, what: GrantWaiver, order: Order, ctx: Context) -> tuple[Lead, AuditEntry]:
    waiver = replace(what.waiver, lead_id=lead.id, cycle=lead.cycle)
    facts = {
        "waiver": waiver.id,
        "gate": waiver.gate.value,
        "rules": " ".join(waiver.rules),
        "expires": waiver.expires_at.isoformat(),
    }
    personal = {"by": order.by, "reason": waiver.reason}
    entry = AuditEntry(
        at=ctx.now, kind=AuditKind.WAIVED, lead_id=lead.id, facts=facts, personal=personal
    )
    return replace(lead, waivers=(*lead.waivers, waiver)), entry


def _released(lead: Lead, order: Order, ctx: Context) -> tuple[Lead, AuditEntry]:
    """Let go of a contested lead: it is judged again from the start."""
    entry = AuditEntry(
        at=ctx.now,
        kind=AuditKind.RELEASED,
        lead_id=lead.id,
        facts={},
        personal={"by": order.by},
    )
    return replace(lead, contest=None, refusal=None, move=None), entry
