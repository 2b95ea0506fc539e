"""Whether it is promised how soon sales answers. Pure."""

from syncd.core.value_words import counted
from syncd.domain.policy import AcceptNeeds, Policy, Segment
from syncd.measure.assess.finding import Answer, Check, Gap, Group, Sound
from syncd.measure.assess.papers import by_policy
from syncd.measure.assess.sight import Sight


def _promised(sight: Sight) -> Answer:
    if sight.policy is None:
        return Gap(says="no promise is written: there is no sound policy.yaml")
    count = len(sight.policy.segments)
    if not count:
        return Gap(says="policy.yaml promises nothing")
    return Sound(f"policy.yaml has promises for {counted(count, 'kind')} of lead")


def _first_touch_promised(policy: Policy, _: Sight) -> Answer:
    without = [x.name for x in policy.segments if not _asks_for_a_touch(x)]
    if without:
        return Gap(says="a click is all that is promised to some", examples=tuple(without))
    return Sound("every promise asks for something done")


def _asks_for_a_touch(segment: Segment) -> bool:
    """By itself, or as what accepting needs."""
    return segment.touch_within is not None or segment.accept_needs is AcceptNeeds.ACTIVITY


def _escalates(policy: Policy, _: Sight) -> Answer:
    without = [
        x.name
        for x in policy.segments
        if not (x.ladder.escalate_after or x.ladder.reassign_after or x.ladder.recycle_after)
    ]
    if without:
        return Gap(says="nothing follows a promise that is missed", examples=tuple(without))
    return Sound("something follows each promise that is missed")


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
        ask=by_policy(_first_touch_promised),
    ),
    Check(
        id="sla-escalates",
        group=Group.SLA,
        title="Something follows when a promise is missed",
        looks="What policy.yaml does after a missed deadline: escalate, reassign or recycle.",
        why="A promise nothing hangs on is kept on good days.",
        fix="Add a rung to the promise: tell the manager, give it to another, or recycle.",
        weight=2,
        ask=by_policy(_escalates),
    ),
)
