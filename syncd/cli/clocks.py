"""The clocks of a lead's handoffs: what was promised, each counted stretch, how it ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from syncd.cli.local import Local, exact_span
from syncd.core.business_time import counted
from syncd.domain.calendar import Elapsed, ElapsedMonths, Span, Stretch
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.policy import HandoffPolicy

_RUN_ON = frozenset({HandoffState.OPEN, HandoffState.EXPIRED})
"""Ends in which the second stretch of the clock mattered."""


def clock_lines(
    handoffs: Sequence[Handoff], policy: HandoffPolicy, local: Local
) -> Iterable[tuple[str, ...]]:
    """Of each handoff its headline, then what belongs below it."""
    for handoff in handoffs:
        yield (_headline(handoff, local), *_below(handoff, policy, local))


def _headline(handoff: Handoff, local: Local) -> str:
    opened = f"Round {handoff.cycle}: offered {local.words(handoff.opened_at)}"
    if handoff.state is HandoffState.OPEN:
        return f"{opened}, to {handoff.owner or 'nobody yet'}, still open"
    because = f" ({handoff.closed_because})" if handoff.closed_because else ""
    at = f" {local.words(handoff.closed_at)}" if handoff.closed_at else ""
    return f"{opened}, {handoff.state}{at}{because}"


def _below(handoff: Handoff, policy: HandoffPolicy, local: Local) -> Iterable[str]:
    yield from _happened(handoff, local)
    same = handoff.calendar_version == policy.calendar.version
    parts = [("to be accepted by", handoff.opened_at, handoff.due_at, policy.accept_within)]
    if handoff.state in _RUN_ON:
        parts.append(
            ("otherwise recycled at", handoff.due_at, handoff.expires_at, policy.expire_after)
        )
    for name, start, end, span in parts:
        yield f"{name} {local.words(end)}"
        if same:
            yield from _counted(_stretches(start, end, span, policy), policy, local)
    if not same:
        yield "The calendar changed since: the deadlines stand as they were promised."


def _happened(handoff: Handoff, local: Local) -> Iterable[str]:
    by = f" by {handoff.first_touch_by}" if handoff.first_touch_by else ""
    for name, at in (
        (f"assigned to {handoff.owner}", handoff.assigned_at),
        (f"first touched{by}", handoff.first_touch_at),
        ("warned", handoff.warned_at),
        ("breach told", handoff.breached_at),
    ):
        if at:
            yield f"{name} {local.words(at)}"


def _stretches(
    start: datetime, end: datetime, span: Span, policy: HandoffPolicy
) -> tuple[Stretch, ...]:
    if isinstance(span, Elapsed | ElapsedMonths):
        return (Stretch(start=start, end=end),)
    return counted(start, end, policy.calendar)


def _counted(stretches: Sequence[Stretch], policy: HandoffPolicy, local: Local) -> Iterable[str]:
    total = timedelta()
    for part in stretches:
        span = part.end - part.start
        total += span
        yield f"  counted {local.stretch(part.start, part.end)}: {exact_span(span)}"
    if len(stretches) > 1:
        yield f"  together {exact_span(total)} on the calendar {policy.calendar.name}"
