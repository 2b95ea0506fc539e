"""Write what people are told about a handoff: offered, due soon, missed, escalated, passed on,
recycled. One handoff is one conversation.

Plain words only, like `alerting`.
"""

from collections.abc import Sequence
from dataclasses import replace

from syncd.core.alert_parts import (
    Facts,
    behaviour_fact,
    delay_words,
    late_words,
    lead_alert,
    score_fact,
    touch_words,
    variant_fact,
)
from syncd.core.alert_words import (
    finding_words,
    met_words,
    name_of,
    open_findings,
    source_of,
    stage_as_shown,
    stage_words,
)
from syncd.core.alerting_endings import next_words
from syncd.core.alerting_outcomes import fact_of
from syncd.core.clock_account import lateness
from syncd.core.context import Context
from syncd.core.handoff import Due
from syncd.core.handoff_clocks import promises_of
from syncd.core.handoff_words import (
    ANSWERED,
    LABELS,
    MISSED,
    PROMISED,
    TO_DO,
    WANTED,
    round_words,
    team_words,
)
from syncd.core.receivers import absence, escalated_to, manager_of, receiver_of
from syncd.core.value_words import span_words
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, AlertKind
from syncd.domain.ending import Ending
from syncd.domain.handoff import Clock, Handoff, Rung
from syncd.domain.lead import Lead
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.domain.verdict import Verdict

_ANSWERS = (Act.ACCEPT, Act.REJECT, Act.SNOOZE)


def handoff_alert(
    lead: Lead, handoff: Handoff, verdicts: Sequence[Verdict], ctx: Context
) -> SendAlert:
    """To the receiver: who it is, why they qualify, what is missing, and until when."""
    name, missing = name_of(lead, ctx), open_findings(verdicts)
    waiver = (Act.ASK_WAIVER,) if missing else ()
    alert = lead_alert(
        AlertKind.HANDOFF,
        handoff.id,
        lead,
        ctx,
        title=f"New MQL for sales: {name}",
        summary=f"{name}: {_due_words(handoff, ctx)}",
        why=(
            absence(handoff, ctx),
            *(f"✓ {says}" for says in met_words(verdicts, ctx.standard)),
            *(f"Missing: {finding_words(x)}" for x in missing),
            *(round_words(x, ctx) for x in lead.rounds),
        ),
        next_step=f"{_asked(handoff, ctx)} {_how(ctx)}",
        facts=(
            ("Source", source_of(lead, ctx)),
            *score_fact(verdicts),
            *variant_fact(verdicts, ctx),
            *behaviour_fact(lead, ctx),
            ("Owner", handoff.owner or "nobody yet"),
            *_deadline_facts(handoff, ctx),
            *((("Round", str(lead.cycle)),) if lead.cycle > 1 else ()),
        ),
        to=receiver_of(handoff, ctx),
    )
    return _of_handoff(alert, handoff, (*_ANSWERS, *waiver), by=_next_clock(handoff))


def _how(ctx: Context) -> str:
    """What to do in the CRM; in Slack there are buttons for it."""
    accepted, later, never = (
        stage_as_shown(stage, System.SALESFORCE, ctx)
        for stage in (Stage.SAL, Stage.NURTURE, Stage.DISQUALIFIED)
    )
    return f"In the CRM, {accepted} accepts it; {later} or {never} gives it back."


def _next_clock(handoff: Handoff) -> Clock | None:
    running = [clock for clock in handoff.clocks if clock.is_running]
    return min(running, key=lambda clock: clock.due_at, default=None)


def _due_words(handoff: Handoff, ctx: Context) -> str:
    """`accept by Tue 3 Mar 17:00 (Europe/Berlin)`."""
    clock = _next_clock(handoff)
    return f"{LABELS[clock.name].lower()} {team_words(clock.due_at, handoff, ctx)}" if clock else ""


def _asked(handoff: Handoff, ctx: Context) -> str:
    """What is to be done next, and until when."""
    clock = _next_clock(handoff)
    return f"{WANTED[clock.name]} by {team_words(clock.due_at, handoff, ctx)}." if clock else ""


def _deadline_facts(handoff: Handoff, ctx: Context) -> Facts:
    return tuple(
        (LABELS[x.name], team_words(x.due_at, handoff, ctx)) for x in handoff.clocks if x.is_running
    )


def warning_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the owner, while there is still time."""
    clock, name = due.clock, name_of(lead, ctx)
    deadline = team_words(clock.due_at, handoff, ctx)
    left = clock.due_at - ctx.now
    soon = f"in {span_words(left)}" if clock.due_at > ctx.now else "now"
    alert = lead_alert(
        AlertKind.SLA_WARNING,
        fact_of(handoff, clock),
        lead,
        ctx,
        title=f"{name} is waiting {TO_DO[clock.name]}: due {soon}",
        summary=f"{name}: {LABELS[clock.name].lower()} {deadline}",
        why=(
            f"It became an MQL {team_words(handoff.opened_at, handoff, ctx)}.",
            touch_words(handoff),
        ),
        next_step=f"{WANTED[clock.name]} by {deadline}.",
        facts=_owner_facts(handoff, ctx),
        to=handoff.owner or manager_of(handoff, ctx),
    )
    return _of_handoff(alert, handoff, _answers(handoff), by=clock)


def breach_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the manager: the promise was missed, and what happens next."""
    clock, name = due.clock, name_of(lead, ctx)
    deadline = team_words(clock.due_at, handoff, ctx)
    alert = lead_alert(
        AlertKind.SLA_BREACH,
        fact_of(handoff, clock),
        lead,
        ctx,
        title=MISSED[clock.name].format(name=name),
        summary=f"{name}: was due {deadline}",
        why=_missed(handoff, due, ctx),
        next_step=f"{WANTED[clock.name]}, or give it to somebody else.{_then(handoff, clock, ctx)}",
        facts=_owner_facts(handoff, ctx),
        to=manager_of(handoff, ctx),
    )
    return _of_handoff(alert, handoff, _answers(handoff))


def missed_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the manager: the promise was kept only after its deadline, or the handoff was over
    without it, before anybody could be told of the breach. Nothing is asked for."""
    clock, name = due.clock, name_of(lead, ctx)
    assert clock.stopped_at, "of a clock that runs the breach is told"
    late = span_words(lateness(clock, handoff, policy=ctx.policy, now=ctx.now))
    deadline, stopped = (team_words(x, handoff, ctx) for x in (clock.due_at, clock.stopped_at))
    title = ANSWERED if clock.is_answered else MISSED
    over = f"It had not come when the handoff was over ({handoff.closed_because}),"
    came = "It came" if clock.is_answered else over
    alert = lead_alert(
        AlertKind.SLA_BREACH,
        fact_of(handoff, clock),
        lead,
        ctx,
        title=title[clock.name].format(name=name, late=late),
        summary=f"{name}: was due {deadline}, over {stopped}",
        why=(
            f"{PROMISED[clock.name].capitalize()} was due by {deadline}. {came} {stopped}.",
            delay_words(handoff, ctx),
        ),
        next_step="Nothing is to be done about it: the lead stays where it is.",
        facts=_owner_facts(handoff, ctx),
        to=manager_of(handoff, ctx),
    )
    return _of_handoff(alert, handoff, ())


def escalation_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the policy's manager: it was missed, and told, and still nothing happened."""
    clock, name = due.clock, name_of(lead, ctx)
    alert = lead_alert(
        AlertKind.ESCALATED,
        fact_of(handoff, clock),
        lead,
        ctx,
        title=f"{MISSED[clock.name].format(name=name)}, and it still waits",
        summary=f"{name}: was due {team_words(clock.due_at, handoff, ctx)}, escalated",
        why=_missed(handoff, due, ctx),
        next_step=f"Settle it with {handoff.owner or 'your team'}.{_then(handoff, clock, ctx)}",
        facts=_owner_facts(handoff, ctx),
        to=escalated_to(handoff, ctx),
    )
    return _of_handoff(alert, handoff, _answers(handoff))


def given_alert(lead: Lead, handoff: Handoff, before: str | None, ctx: Context) -> SendAlert:
    """To the new owner; the one before reads it in the same conversation."""
    name = name_of(lead, ctx)
    by_us = handoff.changes[-1].by == "syncd"
    came = f"It was {before}'s." if before else "Nobody had it."
    alert = lead_alert(
        AlertKind.REASSIGNED,
        f"{handoff.id}:{handoff.turn}",
        lead,
        ctx,
        title=f"{name} is {handoff.owner}'s now",
        summary=f"{name}: passed on to {handoff.owner}",
        why=(
            f"{came} syncd passed it on, as agreed, because nobody acted." if by_us else came,
            touch_words(handoff),
            *(round_words(x, ctx) for x in lead.rounds),
        ),
        next_step=_asked(handoff, ctx),
        facts=(("Before", before or "nobody"), *_owner_facts(handoff, ctx)),
        to=handoff.owner,
    )
    return _of_handoff(alert, handoff, _answers(handoff), by=_next_clock(handoff))


def nobody_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the manager: it was to be passed on, and there is nobody to take it."""
    name, names = name_of(lead, ctx), promises_of(handoff, ctx.policy).ladder.reassign_to
    alert = lead_alert(
        AlertKind.REASSIGNED,
        f"{fact_of(handoff, due.clock)}:nobody",
        lead,
        ctx,
        title=f"{name} could not be passed on: nobody is there to take it",
        summary=f"{name}: nobody to pass it on to",
        why=(
            f"Away, not active, or not known in the CRM: {', '.join(names)}.",
            *_missed(handoff, due, ctx),
        ),
        next_step="Give it to somebody who is at work.",
        facts=_owner_facts(handoff, ctx),
        to=manager_of(handoff, ctx),
    )
    return _of_handoff(alert, handoff, _answers(handoff))


def recycled_alert(
    lead: Lead, handoff: Handoff, due: Due, ending: Ending, ctx: Context
) -> SendAlert:
    """To the owner who had it: it went back to marketing. `lead` is the one recycled."""
    name, cool_off = name_of(lead, ctx), lead.cool_off_until
    facts: Facts = (("Reason", ending.why), ("Times recycled", str(lead.recycles)))
    if cool_off is not None:
        facts = (*facts, ("MQL again from", team_words(cool_off, handoff, ctx)))
    alert = lead_alert(
        AlertKind.RECYCLED,
        handoff.id,
        lead,
        ctx,
        title=f"{name} went back to {stage_words(ending.stage)}",
        summary=f"{name}: recycled ({ending.why})",
        why=_missed(handoff, due, ctx),
        next_step=next_words(ending),
        facts=facts,
        to=handoff.owner or manager_of(handoff, ctx),
    )
    return _of_handoff(alert, handoff, ())


def _of_handoff(
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


def _answers(handoff: Handoff) -> tuple[Act, ...]:
    """What can still be said about it; it is put off once, and only before it is accepted."""
    if handoff.state.is_accepted:
        return (Act.REJECT,)
    return tuple(x for x in _ANSWERS if x is not Act.SNOOZE or handoff.snoozed_at is None)


def _missed(handoff: Handoff, due: Due, ctx: Context) -> tuple[str, ...]:
    """Which promise it was, whose delay, and whether this comes late."""
    clock = due.clock
    return (
        f"{PROMISED[clock.name].capitalize()} was due by {team_words(clock.due_at, handoff, ctx)}.",
        delay_words(handoff, ctx),
        touch_words(handoff),
        *late_words(late=due.late),
    )


def _owner_facts(handoff: Handoff, ctx: Context) -> Facts:
    return (("Owner", handoff.owner or "nobody yet"), *_deadline_facts(handoff, ctx))


def _then(handoff: Handoff, clock: Clock, ctx: Context) -> str:
    """What follows if nothing happens."""
    words = {Rung.REASSIGN: "passed on", Rung.RECYCLE: "recycled"}
    coming = (f"{words[r]} {team_words(at, handoff, ctx)}" for r, at in clock.left() if r in words)
    following = next(coming, None)
    return f" Otherwise it is {following}." if following else ""
