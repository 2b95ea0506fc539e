"""Say in the messages of a handoff what became of it, wherever they still offer an answer."""

from collections.abc import Iterator, Mapping

from syncd.core.context import Context
from syncd.core.handoff_words import snoozed_words, status_words
from syncd.domain.action import UpdateAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.handoff import Change, Clock, ClockName, Handoff, Proof, Rung
from syncd.domain.names import ActionKey

_TOLD: Mapping[Rung, AlertKind] = {
    Rung.WARN: AlertKind.SLA_WARNING,
    Rung.BREACH: AlertKind.SLA_BREACH,
    Rung.ESCALATE: AlertKind.ESCALATED,
}


def fact_of(handoff: Handoff, clock: Clock) -> str:
    """What the key of an alert about this clock is made of."""
    return f"{handoff.id}:{clock.name}:{clock.turn}"


def outcome(handoff: Handoff, how: Change, ctx: Context, *, because: str) -> Iterator[UpdateAlert]:
    """What became of it, in every message that still offers something to do about it."""
    status = status_words(handoff, how, ctx, because=because)
    for key in _offers(handoff):
        yield UpdateAlert(
            key=ActionKey(f"status:{how.to}:{key}"),
            lead_id=handoff.lead_id,
            alert_key=ActionKey(key),
            status=status,
            at=ctx.now,
            acted=how.proof is not Proof.CLOCK,
        )


def put_off(handoff: Handoff, how: Change, ctx: Context) -> Iterator[UpdateAlert]:
    """That it was snoozed, and until when; it can still be accepted or rejected."""
    for key in _offers(handoff):
        yield UpdateAlert(
            key=ActionKey(f"status:snoozed:{key}"),
            lead_id=handoff.lead_id,
            alert_key=ActionKey(key),
            status=snoozed_words(handoff, how, ctx),
            at=ctx.now,
            ends=Act.SNOOZE,
        )


def _offers(handoff: Handoff) -> Iterator[str]:
    """The keys of all that was told of it and can be answered."""
    yield f"alert:{AlertKind.HANDOFF}:{handoff.id}"
    for clock in handoff.clocks:
        taken = (kind for rung, kind in _TOLD.items() if rung in clock.taken)
        yield from (f"alert:{kind}:{fact_of(handoff, clock)}" for kind in taken)
    yield from (f"alert:{AlertKind.REASSIGNED}:{handoff.id}:{x}" for x in _told_turns(handoff))


def _told_turns(handoff: Handoff) -> range:
    """Turns whose owner was told that the lead is theirs now: not whoever it was offered to."""
    waited = any(x.name is ClockName.ASSIGN and x.turn == 1 for x in handoff.clocks)
    return range(1 if waited else 2, handoff.turn + 1)
