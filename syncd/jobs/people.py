"""Who is there to take a lead, asked of the CRMs only when one may have to be passed on."""

from collections.abc import Iterable
from dataclasses import replace

import structlog

from syncd.core.context import Context
from syncd.domain.handoff import Rung
from syncd.domain.lead import Lead
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair

log = structlog.get_logger()


def with_people(pair: Pair, leads: Iterable[Lead], ctx: Context) -> Context:
    """With the directories, which the CRMs keep in mind. While one cannot tell, nobody gets
    a lead."""
    if not any(_may_be_passed_on(lead, ctx) for lead in leads):
        return ctx
    people = {}
    try:
        for system, crm in pair.crms.items():
            with asking(system):
                people[system] = crm.directory()
    except SideDown as down:
        log.warning("people_unreadable", system=down.system, reason=str(down))
        return ctx
    return replace(ctx, people=people)


def _may_be_passed_on(lead: Lead, ctx: Context) -> bool:
    clocks = lead.handoff.clocks if lead.handoff else ()
    return any(
        rung is Rung.REASSIGN and at <= ctx.now for clock in clocks for rung, at in clock.left()
    )
