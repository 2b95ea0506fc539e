"""The pages of `syncd handoff`: what is open, and of one lead who has it, what is due and what
happened."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.console import RenderableType
from rich.text import Text

from syncd.cli.layout import bullet, heading
from syncd.cli.local import Local
from syncd.cli.wording import lead_name
from syncd.core.handoff_words import PROMISED
from syncd.domain.handoff import Change, Clock, Handoff
from syncd.domain.lead import Lead
from syncd.settings.load import Settings


def handoff_page(
    lead: Lead, handoffs: Sequence[Handoff], settings: Settings
) -> Iterable[RenderableType]:
    """The latest of the lead's handoffs, then what came of the earlier ones."""
    latest, local = handoffs[-1], Local(settings.policy.calendar.time_zone)
    yield Text(f"{lead_name(lead, settings)}: round {latest.cycle}, {latest.segment}", style="bold")
    yield bullet(_standing(latest, local))
    due = tuple(_due(latest, local))
    if due:
        yield heading(f"Due (times in {local.zone})")
        yield from map(bullet, due)
    yield heading("What happened")
    yield from (bullet(line) for line in _happened(latest, local))
    if lead.rounds:
        yield heading("Earlier rounds")
        for past in lead.rounds:
            had = past.owner or "nobody"
            yield bullet(
                f"{past.cycle}: with {had} until {local.words(past.closed_at)}: {past.why}"
            )


def due_by(lead: Lead) -> datetime:
    """The deadline that its handoff comes to first; what promises nothing comes last."""
    clock = first_due(lead)
    return clock.due_at if clock else datetime.max.replace(tzinfo=UTC)


def open_lines(leads: Iterable[Lead], settings: Settings) -> Iterable[str]:
    """A line for each of these leads, whose handoffs are open."""
    local = Local(settings.policy.calendar.time_zone)
    for lead in leads:
        clock = first_due(lead)
        due = f"{PROMISED[clock.name]} by {local.words(clock.due_at)}" if clock else "nothing due"
        owner = (lead.handoff and lead.handoff.owner) or "nobody yet"
        yield f"{due}: {lead_name(lead, settings)}, with {owner} ({lead.id})"


def first_due(lead: Lead) -> Clock | None:
    running = [clock for clock in lead.handoff.clocks if clock.is_running] if lead.handoff else []
    return min(running, key=lambda clock: clock.due_at, default=None)


def _standing(handoff: Handoff, local: Local) -> str:
    if handoff.closed_at is None:
        return f"{handoff.state}, with {handoff.owner or 'nobody yet'}"
    because = f": {handoff.closed_because}" if handoff.closed_because else ""
    return f"{handoff.state} {local.words(handoff.closed_at)}{because}"


def _due(handoff: Handoff, local: Local) -> Iterable[str]:
    """Each promise that still runs, and what comes next if it is missed."""
    for clock in handoff.clocks:
        if handoff.state.is_open and clock.is_running:
            ahead = ", ".join(f"{rung} {local.words(at)}" for rung, at in clock.left())
            after = f" (next: {ahead})" if ahead else ""
            yield f"{PROMISED[clock.name]} by {local.words(clock.due_at)}{after}"


def _happened(handoff: Handoff, local: Local) -> Iterable[str]:
    lines = [(change.at, _change(change, local)) for change in handoff.changes]
    for at, what in (
        (handoff.first_attempt_at, "tried to reach, without an answer"),
        (handoff.snoozed_at, "snoozed"),
    ):
        if at is not None:
            lines.append((at, f"{local.words(at)}  {what}"))
    for clock in handoff.clocks:
        for rung, at in clock.taken.items():
            lines.append((at, f"{local.words(at)}  {PROMISED[clock.name]}: {rung}"))
    return (line for _, line in sorted(lines, key=lambda line: line[0]))


def _change(change: Change, local: Local) -> str:
    to = f", to {change.owner}" if change.owner else ""
    ref = f" {change.ref}" if change.ref else ""
    return f"{local.words(change.at)}  {change.to} by {change.by}{to} ({change.proof}{ref})"
