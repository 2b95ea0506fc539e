"""Whether both CRMs tell what was won, and when. Pure."""

from dataclasses import replace
from datetime import datetime

from syncd.domain.deal import Deal
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.measure.assess.finding import Answer, Check, Cost, Gap, Group
from syncd.measure.assess.leads import all_deals, named, stages, told_deals, worth
from syncd.measure.assess.sight import Reading, Sight
from syncd.measure.assess.weigh import Asked, share, share_of, with_examples
from syncd.measure.shares import Rate


def _amounts(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=[x for x in sight.leads if any(deal.is_won for deal in all_deals(x))],
            whom="leads with a won deal",
            wrong=lambda x: not worth(x),
            show="do not say what was won",
        ),
    )


def _conversions(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=[x for x in sight.leads if any(side.converted for side in x.sides.values())],
            whom="converted leads",
            wrong=lambda x: not any(True for _ in all_deals(x)),
            show="have no opportunity and no deal",
        ),
    )


def _customers(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=[x for x in sight.leads if Stage.CUSTOMER in stages(x)],
            whom="customers",
            wrong=lambda x: not any(deal.is_won for deal in all_deals(x)),
            show="have no won deal",
        ),
    )


def _deals_agree(sight: Sight) -> Answer:
    return share_of(
        Asked(
            of=[x for x in sight.leads if len([d for d in x.deals.values() if d]) == len(System)],
            whom="leads with deals in both CRMs",
            wrong=lambda x: len({any(d.is_won for d in deals) for deals in x.deals.values()}) > 1,
            show="are won in one and not in the other",
        ),
    )


def _closing_dates(sight: Sight) -> Answer:
    """What stands in the forecast for a day that is over."""
    found = {d.id: (d, x) for x in sight.leads for d in told_deals(x) if not d.is_closed}
    late = [(d, x) for d, x in found.values() if _is_over(d, sight.now)]
    rate = Rate(len(late), len(found))
    answer = share(rate, "open deals", "were to close on a day that is over")
    if not isinstance(answer, Gap):
        return answer
    amounts = [d.amount for d, _ in late if d.amount is not None]
    how = f"the amounts of {len(amounts):,} of these {len(late):,} open deals, added up"
    cost = Cost(sum(amounts), f"{how}: forecast for days that are over, not lost")
    shown = with_examples(answer, (named(x) for _, x in late))
    return replace(shown, cost=cost) if isinstance(shown, Gap) and amounts else shown


def _is_over(deal: Deal, now: datetime) -> bool:
    return deal.closes_at is not None and deal.closes_at < now


def _wins_dated(sight: Sight) -> Answer:
    won = {d.id: d for x in sight.leads for d in told_deals(x) if d.is_won}
    undated = sum(x.closes_at is None for x in won.values())
    return share(Rate(undated, len(won)), "won deals", "have no closing date")


CHECKS = (
    Check(
        id="reporting-amounts",
        group=Group.REPORTING,
        title="Won deals say what was won",
        looks="The amounts of won deals, by the CRM that tells of more.",
        why="Pipeline and return on spend are sums of these.",
        fix="Make the amount required before a deal can be closed.",
        weight=2,
        ask=_amounts,
        needs=(Reading.DEALS,),
    ),
    Check(
        id="reporting-wins-dated",
        group=Group.REPORTING,
        title="Won deals say when",
        looks="The closing dates of won deals.",
        why="Without it no sales cycle can be told, and no month has the win.",
        fix="Make the closing date required before a deal can be closed.",
        weight=1,
        ask=_wins_dated,
        needs=(Reading.DEALS,),
    ),
    Check(
        id="reporting-conversions",
        group=Group.REPORTING,
        title="Conversions make opportunities",
        looks="Converted leads without opportunity or deal.",
        why="They leave the funnel of leads, and come up in no other.",
        fix="Make the opportunity part of converting (Setup > Lead Settings).",
        weight=2,
        ask=_conversions,
        needs=(Reading.DEALS,),
    ),
    Check(
        id="reporting-customers",
        group=Group.REPORTING,
        title="Customers have a won deal",
        looks="Leads at the stage customer in either CRM, and the deals of both.",
        why="Wins without money make the win rate good, and the return bad.",
        fix="Let the stage customer follow from the deal alone.",
        weight=2,
        ask=_customers,
        needs=(Reading.DEALS,),
    ),
    Check(
        id="reporting-deals-agree",
        group=Group.REPORTING,
        title="Both CRMs tell the same of a deal",
        looks="Leads that have deals in both CRMs: whether they are won in both.",
        why="Each team's win rate is right, and they differ.",
        fix="Keep deals in one CRM, and let the other copy them.",
        weight=2,
        ask=_deals_agree,
        needs=(Reading.DEALS,),
    ),
    Check(
        id="reporting-closing-dates",
        group=Group.REPORTING,
        title="Open deals close in the future",
        looks="Open deals whose closing date is over.",
        why="They are in the forecast of a month that is over.",
        fix="A list of them for each owner, weekly; close or date them anew.",
        weight=2,
        ask=_closing_dates,
        needs=(Reading.DEALS,),
    ),
)
