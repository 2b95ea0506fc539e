"""The clocks of a lead's handoffs: what was promised, each counted stretch, how it ended."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from syncd.cli.local import Local, exact_span
from syncd.core.business_time import counted
from syncd.core.handoff_clocks import promises_of, runs_on
from syncd.core.handoff_words import PROMISED
from syncd.core.ladder import terms_of
from syncd.domain.calendar import Elapsed, ElapsedMonths, Stretch
from syncd.domain.handoff import Clock, Handoff
from syncd.domain.policy import Policy


def clock_lines(
    handoffs: Sequence[Handoff], policy: Policy, local: Local
) -> Iterable[tuple[str, ...]]:
    """Of each handoff its headline, then what belongs below it."""
    for handoff in handoffs:
        yield (_headline(handoff, local), *_below(handoff, policy, local))


def _headline(handoff: Handoff, local: Local) -> str:
    opened = f"Round {handoff.cycle}: offered {local.words(handoff.opened_at)}"
    if handoff.closed_at is None:
        owner = handoff.owner or "nobody yet"
        return f"{opened}, to {owner}, {handoff.state}, still open"
    because = f" ({handoff.closed_because})" if handoff.closed_because else ""
    return f"{opened}, {handoff.state} {local.words(handoff.closed_at)}{because}"


def _below(handoff: Handoff, policy: Policy, local: Local) -> Iterable[str]:
    for change in handoff.changes[1:]:
        to = f" to {change.owner}" if change.owner else ""
        yield f"{change.to}{to} {local.words(change.at)}"
    for clock in handoff.clocks:
        yield from _clock(clock, handoff, policy, local)


def _clock(clock: Clock, handoff: Handoff, policy: Policy, local: Local) -> Iterable[str]:
    for rung, at in clock.steps:
        if clock.is_running or rung in clock.taken:
            yield f"{PROMISED[clock.name]}: {rung} {local.words(at)}"
    yield from _counted(_stretches(clock, handoff, policy), local)


def _stretches(clock: Clock, handoff: Handoff, policy: Policy) -> tuple[Stretch, ...]:
    """Of the promise; nothing where its calendar is not known any more."""
    segment, owner = promises_of(handoff, policy), runs_on(clock.name, handoff)
    terms = terms_of(clock.name, handoff, segment, owner=owner, policy=policy)
    if terms is None or terms.version != clock.version:
        return ()
    if isinstance(terms.within, Elapsed | ElapsedMonths):
        return (Stretch(start=clock.started_at, end=clock.due_at),)
    return counted(clock.started_at, clock.due_at, terms.calendar)


def _counted(stretches: Sequence[Stretch], local: Local) -> Iterable[str]:
    total = timedelta()
    for part in stretches:
        span = part.end - part.start
        total += span
        yield f"  counted {local.stretch(part.start, part.end)}: {exact_span(span)}"
    if len(stretches) > 1:
        yield f"  together {exact_span(total)}"
