"""Whether leads are called in time, as far as the CRMs know of it. Pure."""

from datetime import datetime, timedelta

from syncd.core.business_time import add
from syncd.core.value_words import counted
from syncd.domain.calendar import Span
from syncd.domain.policy import AcceptNeeds, Segment
from syncd.domain.stage import Stage
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.leads import entered, in_hand, mqls, stage_now
from syncd.measure.assess.sight import LeadSight, Sight, Touch
from syncd.measure.assess.weigh import Asked, share_of, share_with_cost

_TIME_TO_TOUCH = timedelta(days=7)
_QUIET = timedelta(days=30)
_NO_POLICY = CannotSee("there is no sound policy.yaml")


def _promised(sight: Sight) -> Answer:
    if sight.policy is None:
        return Gap(says="no promise is written: there is no sound policy.yaml")
    count = len(sight.policy.segments)
    if not count:
        return Gap(says="policy.yaml promises nothing")
    return Sound(f"policy.yaml has promises for {counted(count, 'kind')} of lead")


def _first_touch_promised(sight: Sight) -> Answer:
    if sight.policy is None:
        return _NO_POLICY
    without = [x.name for x in sight.policy.segments if not _asks_for_a_touch(x)]
    if without:
        return Gap(says="a click is all that is promised to some", examples=tuple(without))
    return Sound("every promise asks for something done")


def _asks_for_a_touch(segment: Segment) -> bool:
    """By itself, or as what accepting needs."""
    return segment.touch_within is not None or segment.accept_needs is AcceptNeeds.ACTIVITY


def _escalates(sight: Sight) -> Answer:
    if sight.policy is None:
        return _NO_POLICY
    without = [
        x.name
        for x in sight.policy.segments
        if not (x.ladder.escalate_after or x.ladder.reassign_after or x.ladder.recycle_after)
    ]
    if without:
        return Gap(says="nothing follows a promise that is missed", examples=tuple(without))
    return Sound("something follows each promise that is missed")


def _unseen(sight: Sight) -> CannotSee | None:
    why = [f"{s.label}: {x.touches}" for s, x in sight.places.items() if x.touches]
    return CannotSee(f"activities cannot be read ({'; '.join(why)})") if why else None


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


def _touched(sight: Sight) -> Answer:
    return _unseen(sight) or share_with_cost(
        sight,
        Asked(
            of=_ripe(sight),
            whom=_RIPE,
            wrong=lambda x: not _touches(x),
            show="were never touched: no call, mail, meeting or task done stands in either CRM",
        ),
    )


def _by_people(sight: Sight) -> Answer:
    return _unseen(sight) or share_with_cost(
        sight,
        Asked(
            of=[x for x in _ripe(sight) if _touches(x)],
            whom=f"{_RIPE} that were touched",
            wrong=lambda x: not _by_hand(x),
            show="heard from automations alone",
        ),
    )


def _reached(sight: Sight) -> Answer:
    return _unseen(sight) or share_with_cost(
        sight,
        Asked(
            of=[x for x in _ripe(sight) if len(_by_hand(x)) > 1],
            whom=f"{_RIPE} that were tried more than once",
            wrong=lambda x: not any(t.reached for t in _by_hand(x)),
            show="were never reached",
        ),
    )


def _tried_again(sight: Sight) -> Answer:
    return _unseen(sight) or share_with_cost(
        sight,
        Asked(
            of=[x for x in _ripe(sight) if (t := _by_hand(x)) and not t[0].reached],
            whom=f"{_RIPE} whose first touch reached nobody",
            wrong=lambda x: len(_by_hand(x)) == 1,
            show="were tried only once",
        ),
    )


def _kept(sight: Sight) -> Answer:
    """By everybody's promise, and its calendar: what is said of others differs by policy."""
    if sight.policy is None or not sight.policy.segments:
        return _NO_POLICY
    segment = sight.policy.segments[-1]
    span = segment.touch_within
    if span is None:
        return CannotSee("policy.yaml promises no first touch")

    def late(lead: LeadSight) -> bool:
        return _by_hand(lead)[0].at > _due(lead, span)

    def _due(lead: LeadSight, span: Span) -> datetime:
        return add(span, entered(lead, Stage.MQL) or sight.now, segment.calendar)

    return _unseen(sight) or share_with_cost(
        sight,
        Asked(
            of=[x for x in _ripe(sight) if _by_hand(x)],
            whom=f"{_RIPE} that somebody called",
            wrong=late,
            show=f"were called later than policy.yaml promises ({segment.name})",
        ),
    )


def _not_quiet(sight: Sight) -> Answer:
    held = [x for x in in_hand(sight) if stage_now(x) in (Stage.SAL, Stage.SQL) and _by_hand(x)]
    return _unseen(sight) or share_of(
        sight,
        Asked(
            of=held,
            whom="leads at sal and sql that somebody called",
            wrong=lambda x: sight.now - _by_hand(x)[-1].at > _QUIET,
            show=f"have heard nothing for {_QUIET.days} days",
        ),
    )


CHECKS = (
    Check(
        id="sla-promised",
        group=Group.SLA,
        title="It is written how soon sales answers",
        looks="The promises in policy.yaml.",
        why="Late can only be told where in time was said.",
        fix="Write what sales promises into policy.yaml (docs/HANDOFF_ADMIN.md).",
        weight=3,
        ask=_promised,
    ),
    Check(
        id="sla-first-touch-promised",
        group=Group.SLA,
        title="A first touch is promised, not only an answer",
        looks="Whether each promise in policy.yaml has a first touch, or an acceptance that needs "
        "an activity.",
        why="A lead that was accepted and not called has been answered in the CRM alone.",
        fix="Add the first touch to the promise.",
        weight=1,
        ask=_first_touch_promised,
    ),
    Check(
        id="sla-escalates",
        group=Group.SLA,
        title="Something follows when a promise is missed",
        looks="What policy.yaml does after a missed deadline: escalate, reassign or recycle.",
        why="A promise nothing hangs on is kept on good days.",
        fix="Add a rung to the promise: tell the manager, give it to another, or recycle.",
        weight=2,
        ask=_escalates,
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
    ),
    Check(
        id="sla-kept",
        group=Group.SLA,
        title="The promised first touch is kept",
        looks="The first touch by a person against the promise for anybody in policy.yaml, in its "
        "business hours, counted from the MQL.",
        why="It is what marketing was told to count on.",
        fix="`syncd handoff` lists who is late now; the report says whose promise breaks where.",
        weight=3,
        ask=_kept,
    ),
    Check(
        id="sla-not-quiet",
        group=Group.SLA,
        title="Leads in work are worked on",
        looks=f"Leads at sal and sql whose last touch by a person is over {_QUIET.days} days ago.",
        why="They stand in the pipeline, and wait for nobody.",
        fix="Promise a disposition in policy.yaml, and recycle what misses it.",
        weight=2,
        ask=_not_quiet,
    ),
)
