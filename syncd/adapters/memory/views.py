"""What people look up in the in-memory store: one lead's story, and how much of everything."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from syncd.adapters.memory.contents import Contents
from syncd.adapters.memory.effects import Effect
from syncd.adapters.store.chain import entry_of
from syncd.domain.decision import PlanState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.domain.order import StoreStatus
from syncd.store_ports import Story


def story_of(contents: Contents, lead: Lead) -> Story:
    ids = contents.ids_of(lead.id)
    transitions = [x for x in contents.transitions.values() if x.lead_id in ids]
    verdicts = [x for x in contents.verdicts.values() if x.lead_id in ids]
    rows = [x for x in contents.chain if x.lead_id in ids]
    effects = [x for x in contents.effects.values() if x.lead_id in ids]
    handoffs = [x for x in contents.handoffs.values() if x.lead_id in ids]
    return Story(
        lead=lead,
        transitions=tuple(sorted(transitions, key=lambda x: (x.at, x.seen_at, x.id))),
        verdicts=tuple(sorted(verdicts, key=lambda x: (x.judged_at, x.gate))),
        audit=tuple(entry_of(x, contents.keys.get(LeadId(x.lead_id or ""))) for x in rows),
        handoffs=tuple(sorted(handoffs, key=lambda x: (x.opened_at, x.id))),
        outbox=tuple(
            (x.action, x.state.value, x.reason, x.changed_at) for x in effects if x.action
        ),
    )


def status_of(contents: Contents, now: datetime) -> StoreStatus:
    leads = contents.leads.values()
    contests = sorted((x.contest.since, x.id) for x in leads if x.contest)
    plans = sorted(
        (x.opened_at, x.id) for x in contents.plans.values() if x.state is PlanState.OPEN
    )
    open_handoffs = [x for x in contents.handoffs.values() if x.closed_at is None]
    effects = contents.effects.values()
    return StoreStatus(
        leads=len(leads),
        linked=sum(len(x.sides) > 1 for x in leads),
        outbox=_counts(effects),
        oldest_due=min((x.due_at for x in effects if x.due_at and x.due_at <= now), default=None),
        given_up=tuple((x.action.key, x.reason) for x in effects if x.is_given_up and x.action),
        open_handoffs=len(open_handoffs),
        in_grace=sum(x.move is not None for x in leads),
        contested=tuple(x for _, x in contests),
        disputes=sum(bool(x.disputes) for x in leads),
        parked=sum(not x.ignored for x in contents.parked.values()),
        held_plans=tuple(x for _, x in plans),
    )


def _counts(effects: Iterable[Effect]) -> Mapping[str, int]:
    return dict(Counter(x.state.value for x in effects if x.due_at or x.is_given_up))
