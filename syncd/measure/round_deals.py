"""What came of a lead's rounds, as columns: its deals, each in the round in which it was made.

Pure. The deals of one CRM count: a connector copies them, and none is to be counted twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from syncd.domain.copies import replace
from syncd.domain.deal import Deal

Cells = Mapping[str, object]


def best_told(sides: Sequence[Sequence[Deal]]) -> Sequence[Deal]:
    """Those of the CRM that tells of a win, else of the one that tells of more."""
    return max(sides, key=lambda x: (any(deal.is_won for deal in x), len(x)), default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """When the first thing known of a round happened; None where nothing is."""

    cycle: int
    at: datetime | None


def deals_by_round(deals: Sequence[Deal], starts: Sequence[Start]) -> dict[int, list[Deal]]:
    """Each in the last round that had begun when it was made; one that was there before the
    first round, in that, unless it was over by then: that is another story."""
    found: dict[int, list[Deal]] = {}
    for deal in deals:
        cycle = _round_of(deal, starts)
        if cycle is not None:
            found.setdefault(cycle, []).append(deal)
    return found


def _round_of(deal: Deal, starts: Sequence[Start]) -> int | None:
    made = deal.made_at or deal.closes_at
    begun = [x for x in starts if x.at is None or made is None or x.at <= made]
    if begun:
        return begun[-1].cycle
    first = starts[0]
    over = deal.is_closed and deal.closes_at and first.at and deal.closes_at < first.at
    return None if over else first.cycle


def deal_cells(deals: Sequence[Deal], customer_at: datetime | None) -> Cells:
    """A customer without a won deal is won all the same: then its stage says since when."""
    won = [x for x in deals if x.is_won]
    still = [x for x in deals if not x.is_closed]
    won_at = min((x.closes_at for x in won if x.closes_at), default=None) or customer_at
    lost = [] if won or still or customer_at else list(deals)
    last = max(lost, key=lambda x: (x.closes_at is not None, x.closes_at), default=None)
    return {
        "won_at": won_at,
        "lost_at": last.closes_at if last else None,
        "lost_reason": last.lost_reason or None if last else None,
        "won_amount": _sum(won),
        "open_amount": _sum(still),
    }


def in_part(deal: Deal, *, of: int) -> Deal:
    """With its share of the amount, where it is of so many leads."""
    return deal if of == 1 or deal.amount is None else replace(deal, amount=deal.amount / of)


def on_day_of(deal: Deal, zone: ZoneInfo) -> Deal:
    """Of one that is told to be closed at the last second of a day in UTC, that of the same day
    there: else what is closed on the last day of a month is of the next one east of Greenwich."""
    if deal.closes_at is None:
        return deal
    return replace(deal, closes_at=deal.closes_at.replace(tzinfo=zone).astimezone(UTC))


def first_made(deals: Sequence[Deal]) -> datetime | None:
    return min((x.made_at for x in deals if x.made_at), default=None)


def first_won(deals: Sequence[Deal]) -> datetime | None:
    return min((x.closes_at for x in deals if x.is_won and x.closes_at), default=None)


def _sum(deals: Sequence[Deal]) -> float | None:
    worth = [x.amount for x in deals if x.amount is not None]
    return sum(worth) if worth else None
