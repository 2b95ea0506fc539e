"""What all messages about a handoff have in common: one conversation, its facts, its answers."""

from dataclasses import replace

from syncd.core.alert_parts import Facts
from syncd.core.context import Context
from syncd.core.handoff_words import LABELS, team_words
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act
from syncd.domain.handoff import Clock, Handoff

ANSWERS = (Act.ACCEPT, Act.REJECT, Act.SNOOZE)


def of_handoff(
    send: SendAlert, handoff: Handoff, acts: tuple[Act, ...], *, by: Clock | None = None
) -> SendAlert:
    """As part of the handoff's one conversation, with what can be answered, `by` the deadline
    of this clock."""
    alert = replace(
        send.alert,
        acts=(*acts, Act.NOT_USEFUL),
        subject=handoff.id,
        thread=handoff.id,
        wanted_by=by.due_at if by else None,
    )
    return replace(send, alert=alert)


def answers(handoff: Handoff) -> tuple[Act, ...]:
    """What can still be said about it; it is put off once, and only before it is accepted."""
    if handoff.state.is_accepted:
        return (Act.REJECT,)
    return tuple(x for x in ANSWERS if x is not Act.SNOOZE or handoff.snoozed_at is None)


def owner_facts(handoff: Handoff, ctx: Context) -> Facts:
    return (("Owner", handoff.owner or "nobody yet"), *deadline_facts(handoff, ctx))


def next_clock(handoff: Handoff) -> Clock | None:
    running = [clock for clock in handoff.clocks if clock.is_running]
    return min(running, key=lambda clock: clock.due_at, default=None)


def deadline_facts(handoff: Handoff, ctx: Context) -> Facts:
    return tuple(
        (LABELS[x.name], team_words(x.due_at, handoff, ctx)) for x in handoff.clocks if x.is_running
    )
