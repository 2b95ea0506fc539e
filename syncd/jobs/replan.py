"""Follow a policy that changed between two cycles: deadlines of open handoffs are counted again.

Before anything is read or decided, so that nobody is held to a deadline of the old calendar.
Begun anew wherever it was stopped: what is in line already is left alone.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from syncd.commit import Commit
from syncd.core.alerting_ops import replanned_alert
from syncd.core.context import Context
from syncd.core.decide import due_at
from syncd.core.draft import Draft
from syncd.core.handoff_steps import up_to_date
from syncd.domain.action import SendAlert
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.jobs.pair import Pair

_PART = 500


def replan(pair: Pair, *, now: datetime, stopping: Callable[[], bool] = lambda: False) -> bool:
    """False when stopped on the way. One alert counts the handoffs with other deadlines."""
    ctx, changed = pair.context(now=now, fresh=None), 0
    leads = pair.store.offered(None, _PART)
    while leads:
        if stopping():
            return False
        drafts = list(_counted_again(leads, ctx))
        changed += sum(bool(draft.audit) for draft in drafts)
        leads = pair.store.offered(leads[-1].id, _PART)
        alerts = (replanned_alert(changed, now=now),) if changed and not leads else ()
        if drafts or alerts:
            pair.store.commit(_commit(drafts, alerts, now))
    return True


def _counted_again(leads: Sequence[Lead], ctx: Context) -> Iterator[Draft]:
    for lead in leads:
        if lead.handoff:
            draft = up_to_date(Draft(lead=lead, now=ctx.now), lead.handoff, ctx)
            if draft.lead is not lead:
                yield draft


def _commit(drafts: Sequence[Draft], alerts: tuple[SendAlert, ...], now: datetime) -> Commit:
    """A lead that the brake holds is not decided until it may go."""
    due: dict[LeadId, datetime | None] = {
        x.lead.id: due_at(x.lead, now) for x in drafts if not x.lead.held
    }
    audit = tuple(entry for draft in drafts for entry in draft.audit)
    leads = tuple(x.lead for x in drafts)
    return Commit(now=now, leads=leads, due=due, audit=audit, actions=alerts)
