"""Whether it comes back why deals were lost. Pure.

A CRM tells it only where its field is named: `lost_reason` in crm.yaml.
"""

from collections.abc import Iterator

from syncd.core.value_words import listed
from syncd.domain.deal import Deal
from syncd.domain.names import System
from syncd.measure.assess.finding import Answer, CannotSee, Check, Group
from syncd.measure.assess.sight import LeadSight, Reading, Sight
from syncd.measure.assess.weigh import Asked, says_something, share_of

_NOT_NAMED = CannotSee("crm.yaml names no field of a deal in which it would stand (lost_reason)")


def _telling(sight: Sight) -> list[System]:
    return [x for x in System if sight.crm.sides[x].lost_reason]


def _lost(lead: LeadSight, telling: list[System]) -> Iterator[Deal]:
    for system in telling:
        yield from (x for x in lead.deals.get(system, ()) if x.is_closed and not x.is_won)


def _why(lead: LeadSight, telling: list[System]) -> str:
    """As the first of them tells: the other CRM's may be a copy of it."""
    return next((x.lost_reason for x in _lost(lead, telling) if x.lost_reason), "")


def _given(sight: Sight) -> Answer:
    telling = _telling(sight)
    if not telling:
        return _NOT_NAMED
    return share_of(
        Asked(
            of=[x for x in sight.leads if any(_lost(x, telling))],
            whom=f"leads with a lost deal in {listed([x.label for x in telling], 'or')}",
            wrong=lambda x: not _why(x, telling),
            show="do not say why it was lost",
        )
    )


def _say(sight: Sight) -> Answer:
    telling = _telling(sight)
    if not telling:
        return _NOT_NAMED
    reasons = [why for x in sight.leads if (why := _why(x, telling))]
    return says_something(reasons, "reasons for lost deals")


CHECKS = (
    Check(
        id="feedback-lost-reason",
        group=Group.FEEDBACK,
        title="Lost deals say why",
        looks="Lost deals of leads that were ever an MQL: whether the field is filled that "
        "lost_reason in crm.yaml names (HubSpot's own, where it names none).",
        why="What loses deals is what the next lead should be asked about before it is an SQL.",
        fix="Require the reason to close a deal as lost, and name its field as lost_reason in "
        "crm.yaml.",
        weight=2,
        ask=_given,
        needs=(Reading.DEALS,),
    ),
    Check(
        id="feedback-lost-reasons-say",
        group=Group.FEEDBACK,
        title="Reasons for lost deals say something",
        looks="The reasons of lost deals: whether most are “other”, or all are the same.",
        why="A reason that fits every loss explains none.",
        fix="Take “other” off the list, and split what is chosen most.",
        weight=1,
        ask=_say,
        needs=(Reading.DEALS,),
    ),
)
