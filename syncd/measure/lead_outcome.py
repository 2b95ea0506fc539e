"""What became of one lead that was handed to sales, from what both CRMs tell of it.

Pure: stage steps, deals and what syncd knows of the handoff come in, one outcome goes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise

from syncd.domain.deal import Deal
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.stage import ActorKind, Stage, StageStep
from syncd.measure.outcomes import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """`decided_at` is None while open, `amount` where nothing was won or its worth is unknown."""

    outcome: Outcome
    decided_at: datetime | None
    amount: float | None = None


def moved_at(sides: Sequence[Sequence[StageStep]]) -> datetime | None:
    """When it first came to sales: the sales conversation, or a stage beyond it, entered from
    below, on whichever side that was first. A move that syncd took back was none."""
    return min((at for steps in sides for at in _entries(steps)), default=None)


def _entries(steps: Sequence[StageStep]) -> list[datetime]:
    known = [x for x in steps if x.stage is not None]
    befores = [Stage.NONE, *(x.stage for x in known if x.stage)]
    return [
        step.at
        for before, step, after in zip(befores, known, [*known[1:], None], strict=False)
        if _rank(step) >= Stage.SQL.rank > before.rank and not _taken_back(after)
    ]


def _taken_back(after: StageStep | None) -> bool:
    return (
        after is not None and after.actor.kind is ActorKind.SYNCD and _rank(after) < Stage.SQL.rank
    )


def fate_of(
    sides: Sequence[Sequence[StageStep]],
    deals: Sequence[Deal],
    handoff: Handoff | None,
    *,
    moved: datetime,
) -> Fate:
    """Deals say most; where there is none, the stages since the move, and the handoff."""
    if won := [x for x in deals if x.is_won]:
        worth = [x.amount for x in won if x.amount is not None]
        return Fate(
            outcome=Outcome.WON,
            decided_at=_not_before(
                moved, min((x.closes_at for x in won if x.closes_at), default=None)
            ),
            amount=sum(worth) if worth else None,
        )
    since = sorted((x for x in chain(*sides) if x.at >= moved and x.stage), key=lambda x: x.at)
    if bought := next((x for x in since if x.stage is Stage.CUSTOMER), None):
        return Fate(outcome=Outcome.WON, decided_at=bought.at)
    if any(not x.is_closed for x in deals):
        return Fate(outcome=Outcome.OPEN, decided_at=None)
    if deals:
        closed = max((x.closes_at for x in deals if x.closes_at), default=None)
        return Fate(outcome=Outcome.LOST, decided_at=_not_before(moved, closed))
    return _without_deal(since, handoff, moved)


def _not_before(moved: datetime, decided: datetime | None) -> datetime | None:
    """A day that was typed in may lie before the move; the decision did not."""
    return None if decided is None else max(moved, decided)


def _without_deal(since: Sequence[StageStep], handoff: Handoff | None, moved: datetime) -> Fate:
    if handoff and handoff.closed_at and handoff.closed_at >= moved:
        if handoff.state is HandoffState.REJECTED:
            return Fate(outcome=Outcome.REJECTED, decided_at=handoff.closed_at)
        if handoff.state is HandoffState.EXPIRED:
            return Fate(outcome=Outcome.RECYCLED, decided_at=handoff.closed_at)
    fallen = [b for a, b in pairwise(since) if _rank(b) < Stage.SQL.rank <= _rank(a)]
    if not since or not fallen or _rank(since[-1]) >= Stage.SQL.rank:
        return Fate(outcome=Outcome.OPEN, decided_at=None)
    given_up = any(x.stage is Stage.DISQUALIFIED for x in since if x.at >= fallen[-1].at)
    outcome = Outcome.REJECTED if given_up else Outcome.RECYCLED
    return Fate(outcome=outcome, decided_at=fallen[-1].at)


def _rank(step: StageStep) -> int:
    return step.stage.rank if step.stage else -1
