"""Words of a handoff for people: its promises, how it stands, how earlier rounds ended."""

from collections.abc import Mapping
from datetime import datetime

from syncd.core.alert_words import local_words, zoned_words
from syncd.core.context import Context
from syncd.core.handoff_clocks import promises_of
from syncd.core.value_words import listed
from syncd.domain.handoff import Change, ClockName, Handoff, HandoffState
from syncd.domain.lead import Round

PROMISED: Mapping[ClockName, str] = {
    ClockName.ASSIGN: "assignment",
    ClockName.ACCEPT: "acceptance",
    ClockName.TOUCH: "first touch",
    ClockName.DISPOSE: "disposition",
}
"""What each clock is called."""

LABELS: Mapping[ClockName, str] = {
    ClockName.ASSIGN: "Assign by",
    ClockName.ACCEPT: "Accept by",
    ClockName.TOUCH: "First touch by",
    ClockName.DISPOSE: "Settle by",
}

WANTED: Mapping[ClockName, str] = {
    ClockName.ASSIGN: "Give it an owner",
    ClockName.ACCEPT: "Accept or reject it",
    ClockName.TOUCH: "Get in touch with the lead",
    ClockName.DISPOSE: "Bring it to SQL or reject it",
}

TO_DO: Mapping[ClockName, str] = {
    ClockName.ASSIGN: "for an owner",
    ClockName.ACCEPT: "to be accepted",
    ClockName.TOUCH: "for a first touch",
    ClockName.DISPOSE: "to be settled",
}

MISSED: Mapping[ClockName, str] = {
    ClockName.ASSIGN: "{name} was not assigned in time",
    ClockName.ACCEPT: "{name} was not accepted in time",
    ClockName.TOUCH: "Nobody got in touch with {name} in time",
    ClockName.DISPOSE: "{name} was not settled in time",
}

ANSWERED: Mapping[ClockName, str] = {
    ClockName.ACCEPT: "{name} was accepted {late} late",
    ClockName.TOUCH: "{name} was first contacted {late} late",
    ClockName.DISPOSE: "{name} was settled {late} late",
}
"""Of a promise that was kept after its deadline."""

_STATUS: Mapping[HandoffState, str] = {
    HandoffState.ACCEPTED: "Accepted",
    HandoffState.QUALIFIED: "Qualified",
    HandoffState.REJECTED: "Rejected",
    HandoffState.EXPIRED: "Expired and recycled",
    HandoffState.SUPERSEDED: "Settled otherwise",
}

_SAYS_IT_ALL = frozenset((HandoffState.QUALIFIED, HandoffState.EXPIRED))


def team_words(instant: datetime, handoff: Handoff, ctx: Context) -> str:
    """In the time of the team that promised it."""
    return zoned_words(instant, promises_of(handoff, ctx.policy).calendar.time_zone)


def status_words(handoff: Handoff, how: Change, ctx: Context, *, because: str) -> str:
    """`Accepted by rep@corp.example, Tue 3 Mar 14:05 (Europe/Berlin)`."""
    by = "" if how.by == "syncd" else f" by {how.by}"
    why = f" ({because})" if because and how.to not in _SAYS_IT_ALL else ""
    return f"{_STATUS[how.to]}{by}, {team_words(how.at, handoff, ctx)}{why}"


def snoozed_words(handoff: Handoff, how: Change, ctx: Context) -> str:
    """`Snoozed by rep@corp.example, Tue 3 Mar 14:05 (Europe/Berlin): now accept by Tue …`."""
    running = (x for x in handoff.clocks if x.is_running)
    due = (f"{LABELS[x.name].lower()} {team_words(x.due_at, handoff, ctx)}" for x in running)
    return f"Snoozed by {how.by}, {team_words(how.at, handoff, ctx)}: now {listed(due, 'and')}"


def round_words(past: Round, ctx: Context) -> str:
    """An earlier round, for whoever has the lead now."""
    who = past.owner or "nobody"
    return f"Round {past.cycle}: with {who} until {local_words(past.closed_at, ctx)}, {past.why}."
