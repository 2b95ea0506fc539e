"""Say in the messages of a handoff what became of it, wherever they still offer an answer."""

from collections.abc import Iterator, Mapping

from syncd.core.context import Context
from syncd.core.handoff_words import status_words
from syncd.domain.action import UpdateAlert
from syncd.domain.alert import AlertKind
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
    status = status_words(how, ctx, because=because)
    keys = [f"alert:{AlertKind.HANDOFF}:{handoff.id}"]
    keys += [
        f"alert:{kind}:{fact_of(handoff, clock)}"
        for clock in handoff.clocks
        for rung, kind in _TOLD.items()
        if rung in clock.taken
    ]
    keys += [f"alert:{AlertKind.REASSIGNED}:{handoff.id}:{turn}" for turn in _told_turns(handoff)]
    for key in keys:
        yield UpdateAlert(
            key=ActionKey(f"status:{how.to}:{key}"),
            lead_id=handoff.lead_id,
            alert_key=ActionKey(key),
            status=status,
            at=ctx.now,
            acted=how.proof is not Proof.CLOCK,
        )


def _told_turns(handoff: Handoff) -> range:
    """Turns whose owner was told that the lead is theirs now: not whoever it was offered to."""
    waited = any(x.name is ClockName.ASSIGN and x.turn == 1 for x in handoff.clocks)
    return range(1 if waited else 2, handoff.turn + 1)
