"""What was done with the leads of a handoff, asked of both CRMs when it counts.

Asked anew each time, since the handoff opened, and never added up from what went by: so nothing
is missed over a restart, an outage, or a handoff that was noticed late. It judges nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import structlog

from syncd.core.context import Context
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.domain.record import Activity, Directory
from syncd.errors import SyncdError
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair
from syncd.jobs.work import Work

log = structlog.get_logger()


def evidence_of(pair: Pair, leads: Collection[Lead]) -> Mapping[LeadId, list[Activity]]:
    """Of the leads whose clocks are looked at: what was done with their records since the first
    of these handoffs opened. SideDown when a CRM cannot tell."""
    waiting = [lead for lead in leads if lead.promised]
    found: dict[LeadId, list[Activity]] = {lead.id: [] for lead in waiting}
    for system, crm in pair.crms.items():
        ours = {x.sides[system].record_id: x for x in waiting if system in x.sides}
        since = min((h.opened_at for x in ours.values() for h in x.promised), default=None)
        if since is None:
            continue
        with asking(system):
            people = crm.directory()
            for activity in crm.done_with(ours.keys(), since):
                found[ours[activity.record_id].id].append(_named(activity, people))
    return found


def _named(activity: Activity, directory: Directory) -> Activity:
    known = directory.by_id.get(activity.owner_id)
    return replace(activity, owner=known.owner) if known else activity


def evidence_for(
    pair: Pair, leads: Collection[Lead], asked: Collection[System], ctx: Context
) -> tuple[Mapping[LeadId, list[Activity]], Context]:
    """What goes with records of these CRMs. SideDown when one of them cannot tell. While
    another one cannot, its evidence is missing, and no deadline is judged."""
    try:
        return evidence_of(pair, leads), ctx
    except SideDown as down:
        if down.system in asked:
            raise
        log.warning("evidence_unreadable", system=down.system, reason=str(down))
        return {}, replace(ctx, fresh=None)


def with_evidence(pair: Pair, work: Work, ctx: Context) -> tuple[Work, Context, Collection[LeadId]]:
    """Ready for deadlines to be judged: with the evidence of each lead that has come to one.
    While a CRM cannot tell, no deadline is judged. The leads whose evidence makes us crash are
    not to be decided."""
    if ctx.fresh is None:
        return work, ctx, ()
    due = [x for x in work.leads.values() if x.id not in work.activities and _is_due(x, ctx)]
    try:
        found, crashed = _by_halves(pair, due)
    except SideDown as down:
        log.warning("evidence_unreadable", system=down.system, reason=str(down))
        return work, replace(ctx, fresh=None), ()
    return replace(work, activities={**work.activities, **found}), ctx, crashed


def _by_halves(
    pair: Pair, leads: Sequence[Lead]
) -> tuple[Mapping[LeadId, list[Activity]], list[LeadId]]:
    """What was done with one lead stops no other one's deadline."""
    try:
        return evidence_of(pair, leads), []
    except SyncdError:
        raise
    except Exception:
        if len(leads) == 1:
            log.exception("evidence_not_understood", lead_id=leads[0].id)
            return {}, [leads[0].id]
    middle = len(leads) // 2
    (one, bad), (other, worse) = (_by_halves(pair, x) for x in (leads[:middle], leads[middle:]))
    return {**one, **other}, [*bad, *worse]


def _is_due(lead: Lead, ctx: Context) -> bool:
    """Whether a deadline may be judged: it has passed, by what was read of both sides."""
    due_at = lead.next_deadline()
    return due_at is not None and ctx.fresh is not None and due_at <= ctx.fresh
