"""Whether leads are called in time, as far as the CRMs know of it. Pure."""

from datetime import datetime, timedelta

from syncd.core.business_time import add
from syncd.core.value_words import counted
from syncd.domain.policy import Policy, Segment
from syncd.domain.stage import Stage
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import entered, in_hand, mqls, stage_now
from syncd.measure.assess.papers import by_policy
from syncd.measure.assess.sight import LeadSight, Reading, Sight, Touch
from syncd.measure.assess.weigh import FEW, Asked, share_of, share_with_cost

_TIME_TO_TOUCH = timedelta(days=7)
_QUIET = timedelta(days=30)
_ACTIVITIES = (Reading.TOUCHES, Reading.HISTORIES)


def _ripe(sight: Sight) -> list[LeadSight]:
    """MQLs there was time enough for."""
    return [x for x in mqls(sight) if (at := entered(x, Stage.MQL)) and _is_ripe(at, sight)]


def _is_ripe(at: datetime, sight: Sight) -> bool:
    return sight.now - at > _TIME_TO_TOUCH


_RIPE = f"MQLs of more than {_TIME_TO_TOUCH.days} days ago"


def _touches(lead: LeadSight) -> list[Touch]:
    """Since it came to be an MQL: what was done before answered to something else."""
    since = entered(lead, Stage.MQL)
    return sorted((x for x in lead.touches if since is None or x.at >= since), key=_at)


def _at(touch: Touch) -> datetime:
    return touch.at


def _by_hand(lead: LeadSight) -> list[Touch]:
    return [x for x in _touches(lead) if x.by_hand]


def _written_down(sight: Sight) -> Answer:
    sold = mqls(sight)
    if len(sold) < FEW:
        return CannotSee(f"{counted(len(sold), 'MQL')}: too few to say")
    told = sum(bool(x.touches) for x in sold)
    if told:
        return Sound(f"an activity stands on {told:,} of {len(sold):,} MQLs")
    return Gap(
        says=f"no call, mail, meeting or task done stands on any of {len(sold):,} MQLs in either "
        "CRM: nobody calls, nobody writes it down, or these credentials are not shown it"
    )


def _touched(sight: Sight) -> Answer:
    """Where nothing at all is written down, it says nothing of anybody."""
    if not any(x.touches for x in mqls(sight)):
        return CannotSee("no activity at all is to be seen on any MQL")
    return share_with_cost(
        sight,
        Asked(
            of=_ripe(sight),
            whom=_RIPE,
            wrong=lambda x: not _touches(x),
            show="were never touched since: no call, mail, meeting or task done stands in either "
            "CRM",
        ),
    )


def _by_people(sight: Sight) -> Answer:
    return share_with_cost(
        sight,
        Asked(
            of=[x for x in _ripe(sight) if _touches(x)],
            whom=f"{_RIPE} that were touched",
            wrong=lambda x: not _by_hand(x),
            show="heard from automations alone",
        ),
    )


def _reached(sight: Sight) -> Answer:
    return share_with_cost(
        sight,
        Asked(
            of=[x for x in _ripe(sight) if len(_by_hand(x)) > 1],
            whom=f"{_RIPE} that were tried more than once",
            wrong=lambda x: not any(t.reached for t in _by_hand(x)),
            show="were never reached",
        ),
    )


def _tried_again(sight: Sight) -> Answer:
    return share_with_cost(
        sight,
        Asked(
            of=[x for x in _ripe(sight) if (t := _by_hand(x)) and not t[0].reached],
            whom=f"{_RIPE} whose first touch reached nobody",
            wrong=lambda x: len(_by_hand(x)) == 1,
            show="were tried only once",
        ),
    )


def _kept(policy: Policy, sight: Sight) -> Answer:
    """Each by the promise that is its own today."""
    promised = {x.name: x for x in policy.segments if x.touch_within}
    if not promised:
        return CannotSee("policy.yaml promises no first touch")
    called = [x for x in _ripe(sight) if x.segment in promised and _by_hand(x)]
    return share_with_cost(
        sight,
        Asked(
            of=called,
            whom=f"{_RIPE} that somebody called",
            wrong=lambda x: _by_hand(x)[0].at > _due(x, promised[x.segment], sight.now),
            show="were called later than policy.yaml promises",
        ),
    )


def _due(lead: LeadSight, segment: Segment, now: datetime) -> datetime:
    assert segment.touch_within is not None, "only what promises a touch is asked"
    return add(segment.touch_within, entered(lead, Stage.MQL) or now, segment.calendar)


def _not_quiet(sight: Sight) -> Answer:
    held = [x for x in in_hand(sight) if stage_now(x) in (Stage.SAL, Stage.SQL) and _by_hand(x)]
    return share_of(
        Asked(
            of=held,
            whom="leads at SAL and SQL that somebody called",
            wrong=lambda x: sight.now - _by_hand(x)[-1].at > _QUIET,
            show=f"have heard nothing for {_QUIET.days} days",
        ),
    )


CHECKS = (
    Check(
        id="sla-written-down",
        group=Group.SLA,
        title="Calls and mails are written down",
        looks="Whether any call, mail, meeting or task done stands on any lead that was ever an "
        "MQL, in either CRM.",
        why="Where nothing is written down, nobody can tell a lead that was called from one that "
        "was forgotten.",
        fix="Have calls and mails logged in one of the CRMs, and let the integration read them.",
        weight=3,
        ask=_written_down,
        needs=(Reading.TOUCHES,),
    ),
    Check(
        id="sla-touched",
        group=Group.SLA,
        title="MQLs are called",
        looks=f"MQLs of more than {_TIME_TO_TOUCH.days} days ago without any call, mail, meeting "
        "or task done since they came, in either CRM.",
        why="They were paid for, and nobody spoke to them.",
        fix="Open a handoff for each MQL, with a clock (docs/HANDOFF.md).",
        weight=3,
        ask=_touched,
        needs=_ACTIVITIES,
    ),
    Check(
        id="sla-by-people",
        group=Group.SLA,
        title="People call, not only sequences",
        looks="Of those touched, the ones that heard from automations alone.",
        why="A sequence is no answer to somebody who asked for a talk.",
        fix="Count a person's touch only, as syncd's clocks do.",
        weight=2,
        ask=_by_people,
        needs=_ACTIVITIES,
    ),
    Check(
        id="sla-tried-again",
        group=Group.SLA,
        title="Nobody is given up after one try",
        looks="Of those whose first touch reached nobody, the ones with no other.",
        why="Most people miss one call.",
        fix="Agree on how many tries a lead gets before it is turned down.",
        weight=2,
        ask=_tried_again,
        needs=_ACTIVITIES,
    ),
    Check(
        id="sla-reached",
        group=Group.SLA,
        title="Those who are tried are reached",
        looks="Of those tried more than once, the ones nobody ever reached.",
        why="Wrong numbers and wrong hours look like a lack of interest.",
        fix="Look at when and how they are tried, and where the numbers come from.",
        weight=1,
        ask=_reached,
        needs=_ACTIVITIES,
    ),
    Check(
        id="sla-kept",
        group=Group.SLA,
        title="The promised first touch is kept",
        looks="The first touch by a person against what policy.yaml promises such a lead today, in "
        "its business hours, counted from the first MQL. Whoever was never called is not in it.",
        why="It is what marketing was told to count on.",
        fix="`syncd handoff` lists who is late now; the report says whose promise breaks where.",
        weight=3,
        ask=by_policy(_kept),
        needs=_ACTIVITIES,
    ),
    Check(
        id="sla-not-quiet",
        group=Group.SLA,
        title="Leads in work are worked on",
        looks=f"Leads at SAL and SQL whose last touch by a person is over {_QUIET.days} days ago.",
        why="They stand in the pipeline, and wait for nobody.",
        fix="Promise a disposition in policy.yaml, and recycle what misses it.",
        weight=2,
        ask=_not_quiet,
        needs=_ACTIVITIES,
    ),
)
