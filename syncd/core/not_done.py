"""Who may answer what, and an answer that is not carried out."""

from collections.abc import Iterable
from dataclasses import dataclass

from syncd.core.context import Context
from syncd.core.handoff_clocks import promises_of
from syncd.core.value_words import listed
from syncd.core.views import person_of
from syncd.domain.lead import Lead
from syncd.domain.order import Order, Via


@dataclass(frozen=True, slots=True)
class NotDone:
    """`why` is a sentence for whoever gave the answer."""

    why: str


def kept_from(order: Order, lead: Lead, ctx: Context) -> NotDone | None:
    """Unless it is somebody who may speak for sales about this lead: its owner or their
    manager. Whoever has the command line may do everything."""
    owners = [lead.handoff.owner] if lead.handoff else []
    if shown := person_of(lead):
        owners.append(shown)
    segment = promises_of(lead.handoff, ctx.policy) if lead.handoff else None
    managers = (segment.manager if segment else None, ctx.policy.alerts.manager)
    if is_among(order, (*owners, *managers)):
        return None
    known = [x for x in dict.fromkeys((*owners, *managers)) if x]
    if not any(owners):
        return NotDone(f"Nobody has this lead yet. {_only(known)}; take it in the CRM first.")
    return NotDone(f"{_only(known)}.")


def is_among(order: Order, people: Iterable[str | None]) -> bool:
    """Whether one of these gave the order, or it came from the command line."""
    return order.via is not Via.SLACK or order.by.casefold() in {x.casefold() for x in people if x}


def _only(people: list[str]) -> str:
    if not people:
        return "Only the owner may answer"
    return f"Only {listed(people, 'or')} may answer"
