"""Who has a word before a decision is stored: nobody as a rule, a preview that is made, or one
that is applied.

Both see every decision of reading and of deadlines; what people ordered has been approved.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from syncd.core.brake import HOLDS_LEAD
from syncd.core.preview import planned
from syncd.domain.decision import Decision, Plan
from syncd.domain.names import ActionKey, LeadId
from syncd.domain.preview import PlannedAction, PlannedLead, Preview


class Approval(Protocol):
    def allows(self, decision: Decision) -> bool:
        """Whether it may be stored and carried out now; else it is as though nobody had looked."""
        ...


class Noting:
    """Lets everything through, and keeps what was to be done."""

    def __init__(self) -> None:
        self.keys: set[ActionKey] = set()
        self._actions: dict[LeadId, dict[str, PlannedAction]] = {}

    def allows(self, decision: Decision) -> bool:
        if decision.actions:
            self.keys.update(x.key for x in decision.actions)
            found = self._actions.setdefault(decision.lead.id, {})
            found.update((x.digest, x) for x in planned(decision))
        return True

    def leads(self) -> tuple[PlannedLead, ...]:
        return tuple(
            PlannedLead(lead_id=lead_id, actions=tuple(found[x] for x in sorted(found)))
            for lead_id, found in sorted(self._actions.items())
        )


class Only:
    """Lets through what was previewed, and nothing of a lead that is to be done otherwise."""

    def __init__(self, preview: Preview) -> None:
        self._wanted: Mapping[LeadId, Mapping[str, PlannedAction]] = {
            x.lead_id: {a.digest: a for a in x.actions} for x in preview.leads
        }
        self.done: dict[LeadId, set[str]] = {}
        self.otherwise: dict[LeadId, tuple[PlannedAction, ...]] = {}

    def allows(self, decision: Decision) -> bool:
        lead_id, actions = decision.lead.id, planned(decision)
        wanted = self._wanted.get(lead_id)
        digests = {x.digest for x in actions}
        if wanted is None or not digests <= wanted.keys() or lead_id in self.otherwise:
            if actions:
                self.otherwise[lead_id] = actions
            return False
        self.done.setdefault(lead_id, set()).update(digests)
        return True

    def stopped(self, plans: Iterable[Plan]) -> None:
        """What the brake holds was allowed, and is not done: of a move all that follows from it,
        of other classes the write alone."""
        for plan in plans:
            for part in plan.leads:
                done = self.done.get(part.lead_id, set())
                wanted = self._wanted.get(part.lead_id, {})
                whole = plan.kind in HOLDS_LEAD
                done -= {x for x, y in wanted.items() if whole or y.says in part.says}

    def left(self, preview: Preview) -> Sequence[PlannedLead]:
        """What was previewed and not done, lead by lead."""
        found = []
        for lead in preview.leads:
            rest = tuple(x for x in lead.actions if x.digest not in self.done.get(lead.lead_id, ()))
            if rest:
                found.append(PlannedLead(lead_id=lead.lead_id, actions=rest))
        return found
