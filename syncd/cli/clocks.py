"""The clocks of a lead's handoffs: how each round went, and with `--clock` the account of every
clock: what counted, what did not and why."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rich.console import RenderableType

from syncd.cli.layout import heading, told
from syncd.cli.local import Local, exact_span, promise_words
from syncd.core.clock_account import ClockAccount, Reckoned, account_of, steps_of
from syncd.core.handoff_clocks import promises_of
from syncd.core.handoff_words import PROMISED
from syncd.domain.handoff import Clock, Handoff, Rung
from syncd.domain.policy import Policy

_CHANGED = (
    "Its calendar or what is promised is not what it was counted by any more: "
    "the deadlines stand as they were told."
)


def clock_lines(handoffs: Sequence[Handoff], local: Local) -> Iterable[tuple[str, ...]]:
    """Of each handoff its headline, then what happened and what is due."""
    for handoff in handoffs:
        due = (line for clock in handoff.clocks for line in _steps(clock, local))
        yield (_headline(handoff, local), *_happened(handoff, local), *due)


def account_page(
    handoffs: Sequence[Handoff], policy: Policy, local: Local, *, now: datetime
) -> Iterable[RenderableType]:
    """Every clock of every round, each with all of its time."""
    for handoff in handoffs:
        home = Local(promises_of(handoff, policy).calendar.time_zone)
        yield heading(_headline(handoff, home))
        for clock in handoff.clocks:
            account = account_of(clock, handoff, policy=policy, now=now)
            yield told(_title(account), tuple(_account(account, local)))


def account_json(
    handoffs: Sequence[Handoff], policy: Policy, *, now: datetime
) -> list[dict[str, object]]:
    """The same for programs: keys that stay."""
    return [
        {"handoff": handoff.id, "cycle": handoff.cycle, "segment": handoff.segment}
        | _clock_json(account_of(clock, handoff, policy=policy, now=now))
        for handoff in handoffs
        for clock in handoff.clocks
    ]


def _clock_json(account: ClockAccount) -> dict[str, object]:
    clock, reckoned = account.clock, account.reckoned
    return {
        "clock": clock.name,
        "turn": clock.turn,
        "owner": account.owner,
        "calendar": clock.calendar,
        "promised": promise_words(reckoned.promised) if reckoned else None,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "stopped_at": clock.stopped_at,
        "steps": [
            {"rung": rung, "at": at, "told_at": clock.taken.get(rung)} for rung, at in clock.steps
        ],
        "spent_seconds": reckoned.spent if reckoned else None,
        "late_seconds": reckoned.over if reckoned else None,
        "entries": reckoned.entries if reckoned else None,
    }


def _headline(handoff: Handoff, local: Local) -> str:
    opened = f"Round {handoff.cycle}: offered {local.words(handoff.opened_at)}"
    if handoff.closed_at is None:
        owner = handoff.owner or "nobody yet"
        return f"{opened}, to {owner}, {handoff.state}, still open"
    because = f" ({handoff.closed_because})" if handoff.closed_because else ""
    return f"{opened}, {handoff.state} {local.words(handoff.closed_at)}{because}"


def _happened(handoff: Handoff, local: Local) -> Iterable[str]:
    for change in handoff.changes[1:]:
        to = f" to {change.owner}" if change.owner else ""
        yield f"{change.to}{to} {local.words(change.at)}"


def _steps(clock: Clock, local: Local) -> Iterable[str]:
    for rung, at in steps_of(clock):
        told_at = clock.taken.get(rung)
        taken = f", told {local.words(told_at)}" if told_at else ""
        yield f"{PROMISED[clock.name]}: {_name(rung)} {local.words(at)}{taken}"


def _title(account: ClockAccount) -> str:
    clock, reckoned = account.clock, account.reckoned
    whose = f" by {account.owner}" if account.owner else ""
    turn = f", owner {clock.turn}" if clock.turn > 1 and account.owner else ""
    promised = f": {promise_words(reckoned.promised)}" if reckoned else ""
    zone = f" ({reckoned.time_zone})" if reckoned else ""
    title = f"{PROMISED[clock.name]}{whose}{turn}{promised} on the calendar {clock.calendar}{zone}"
    return title[:1].upper() + title[1:]


def _account(account: ClockAccount, local: Local) -> Iterable[str]:
    clock, reckoned = account.clock, account.reckoned
    if reckoned is None:
        yield _CHANGED
        lines = [(clock.started_at, _line("started", local.words(clock.started_at)))]
        lines += _steps_and_end(account, local)
    else:
        local = Local(reckoned.time_zone)
        lines = [(at, _clock_change(at, by, local)) for at, by in reckoned.clock_changes]
        lines += _steps_and_end(account, local)
        lines += _entries(clock, reckoned, local)
    yield from (line for _, line in sorted(lines, key=lambda line: line[0]))


def _line(label: str, words: str) -> str:
    return f"{label:13}{words}"


def _steps_and_end(account: ClockAccount, local: Local) -> Iterable[tuple[datetime, str]]:
    clock, reckoned = account.clock, account.reckoned
    for rung, at in steps_of(clock):
        yield at, _line(_name(rung), _step(rung, at, account, local))
    until = reckoned.until if reckoned else clock.stopped_at
    if until is not None:
        spent = _spent(reckoned) if reckoned else ""
        yield until, _line("stopped" if clock.stopped_at else "now", local.words(until) + spent)


def _entries(clock: Clock, reckoned: Reckoned, local: Local) -> Iterable[tuple[datetime, str]]:
    after = "unused" if clock.stopped_at else "to come"
    for entry in reckoned.entries:
        stretch = local.stretch(entry.start, entry.end)
        if entry.why_not is not None:
            yield entry.start, _line("not counted", f"{stretch}: {entry.why_not}")
            continue
        label = "counted" if entry.start < reckoned.until else after
        yield entry.start, _line(label, f"{stretch}: {exact_span(entry.end - entry.start)}")


def _step(rung: Rung, at: datetime, account: ClockAccount, local: Local) -> str:
    """When it was planned, and when it was taken; of the deadline also after what."""
    reckoned, told_at = account.reckoned, account.clock.taken.get(rung)
    taken = f"; told {local.words(told_at)}" if told_at else ""
    if rung is not Rung.BREACH or reckoned is None:
        return f"{local.words(at)}{taken}"
    snoozed = f", {promise_words(reckoned.snoozed)} of it the snooze" if reckoned.snoozed else ""
    missed = f"; breach{taken[1:]}" if taken else ""
    return f"{local.words(at)} after {exact_span(reckoned.counted)}{snoozed}{missed}"


def _name(rung: Rung) -> str:
    """That a deadline is there is no breach yet."""
    return "deadline" if rung is Rung.BREACH else rung.value


def _clock_change(at: datetime, by: timedelta, local: Local) -> str:
    direction = "forward" if by > timedelta() else "back"
    return _line("clock change", f"{local.words(at)}: {direction} {exact_span(abs(by))}")


def _spent(reckoned: Reckoned) -> str:
    over = f", {exact_span(reckoned.over)} of it after the deadline" if reckoned.over else ""
    return f" after {exact_span(reckoned.spent)}{over}"
