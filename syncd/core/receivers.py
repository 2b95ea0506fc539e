"""Who is told of a promise that is not kept, as far as they are at work."""

from syncd.core.context import Context
from syncd.core.handoff_clocks import promises_of
from syncd.core.successor import at_work, is_away
from syncd.domain.handoff import Handoff


def receiver_of(handoff: Handoff, ctx: Context) -> str | None:
    """The owner; while they are away, or nobody is, their manager."""
    return _at_work(
        handoff, ctx, handoff.owner, promises_of(handoff, ctx.policy).manager, _head(ctx)
    )


def absence(handoff: Handoff, ctx: Context) -> str:
    """A sentence where the owner is away today."""
    owner, calendar = handoff.owner, promises_of(handoff, ctx.policy).calendar
    if owner is None or not is_away(owner, ctx.now, calendar, ctx.policy):
        return ""
    return f"{owner} is away, and the clock stands still: whom else could it go to?"


def manager_of(handoff: Handoff, ctx: Context) -> str | None:
    """The segment's manager, else the policy's, else the owner; whoever is not away."""
    return _at_work(handoff, ctx, promises_of(handoff, ctx.policy).manager, _head(ctx))


def escalated_to(handoff: Handoff, ctx: Context) -> str | None:
    """The policy's manager, else the segment's, else the owner; whoever is not away."""
    return _at_work(handoff, ctx, _head(ctx), promises_of(handoff, ctx.policy).manager)


def _head(ctx: Context) -> str | None:
    return ctx.policy.alerts.manager


def _at_work(handoff: Handoff, ctx: Context, *bosses: str | None) -> str | None:
    calendar = promises_of(handoff, ctx.policy).calendar
    return at_work((*bosses, handoff.owner), ctx.now, calendar, ctx.policy)
