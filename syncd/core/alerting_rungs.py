"""Write what people are told as a promise runs out: due soon, missed, escalated, passed on to
nobody, recycled.

Plain words only, like `alerting`. One handoff is one conversation.
"""

from syncd.core.alert_parts import Facts, delay_words, late_words, lead_alert, touch_words
from syncd.core.alert_words import name_of, stage_words
from syncd.core.alerting_endings import next_words
from syncd.core.alerting_outcomes import fact_of
from syncd.core.clock_account import lateness
from syncd.core.context import Context
from syncd.core.handoff import Due
from syncd.core.handoff_clocks import promises_of
from syncd.core.handoff_message import answers, of_handoff, owner_facts
from syncd.core.handoff_words import ANSWERED, LABELS, MISSED, PROMISED, TO_DO, WANTED, team_words
from syncd.core.receivers import escalated_to, manager_of
from syncd.core.value_words import span_words
from syncd.domain.action import SendAlert
from syncd.domain.alert import AlertKind
from syncd.domain.ending import Ending
from syncd.domain.handoff import Clock, Handoff, Rung
from syncd.domain.lead import Lead


def warning_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the owner, while there is still time."""
    clock, name = due.clock, name_of(lead, ctx.crm)
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
        facts=owner_facts(handoff, ctx),
        to=handoff.owner or manager_of(handoff, ctx),
    )
    return of_handoff(alert, handoff, answers(handoff), by=clock)


def breach_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the manager: the promise was missed, and what happens next."""
    clock, name = due.clock, name_of(lead, ctx.crm)
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
        facts=owner_facts(handoff, ctx),
        to=manager_of(handoff, ctx),
    )
    return of_handoff(alert, handoff, answers(handoff))


def missed_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the manager: the promise was kept only after its deadline, or the handoff was over
    without it, before anybody could be told of the breach. Nothing is asked for."""
    clock, name = due.clock, name_of(lead, ctx.crm)
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
        facts=owner_facts(handoff, ctx),
        to=manager_of(handoff, ctx),
    )
    return of_handoff(alert, handoff, ())


def escalation_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the policy's manager: it was missed, and told, and still nothing happened."""
    clock, name = due.clock, name_of(lead, ctx.crm)
    alert = lead_alert(
        AlertKind.ESCALATED,
        fact_of(handoff, clock),
        lead,
        ctx,
        title=f"{MISSED[clock.name].format(name=name)}, and it still waits",
        summary=f"{name}: was due {team_words(clock.due_at, handoff, ctx)}, escalated",
        why=_missed(handoff, due, ctx),
        next_step=f"Settle it with {handoff.owner or 'your team'}.{_then(handoff, clock, ctx)}",
        facts=owner_facts(handoff, ctx),
        to=escalated_to(handoff, ctx),
    )
    return of_handoff(alert, handoff, answers(handoff))


def nobody_alert(lead: Lead, handoff: Handoff, due: Due, ctx: Context) -> SendAlert:
    """To the manager: it was to be passed on, and there is nobody to take it."""
    name, names = name_of(lead, ctx.crm), promises_of(handoff, ctx.policy).ladder.reassign_to
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
        facts=owner_facts(handoff, ctx),
        to=manager_of(handoff, ctx),
    )
    return of_handoff(alert, handoff, answers(handoff))


def recycled_alert(
    lead: Lead, handoff: Handoff, due: Due, ending: Ending, ctx: Context
) -> SendAlert:
    """To the owner who had it: it went back to marketing. `lead` is the one recycled."""
    name, cool_off = name_of(lead, ctx.crm), lead.cool_off_until
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
    return of_handoff(alert, handoff, ())


def _missed(handoff: Handoff, due: Due, ctx: Context) -> tuple[str, ...]:
    """Which promise it was, whose delay, and whether this comes late."""
    clock = due.clock
    return (
        f"{PROMISED[clock.name].capitalize()} was due by {team_words(clock.due_at, handoff, ctx)}.",
        delay_words(handoff, ctx),
        touch_words(handoff),
        *late_words(late=due.late),
    )


def _then(handoff: Handoff, clock: Clock, ctx: Context) -> str:
    """What follows if nothing happens."""
    words = {Rung.REASSIGN: "passed on", Rung.RECYCLE: "recycled"}
    coming = (f"{words[r]} {team_words(at, handoff, ctx)}" for r, at in clock.left() if r in words)
    following = next(coming, None)
    return f" Otherwise it is {following}." if following else ""
