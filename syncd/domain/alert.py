"""Alerts: one thing a person should know, in plain words, before any Slack markup.

`core.alerting` writes them, `adapters.slack` lays them out. CRM text in here is raw;
the adapter escapes it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    HANDOFF = "handoff"
    BLOCKED = "blocked"
    FLAGGED = "flagged"
    ESCALATED = "escalated"
    QUALIFIES = "qualifies"
    SLA_WARNING = "sla-warning"
    SLA_BREACH = "sla-breach"
    RECYCLED = "recycled"
    CONTESTED = "contested"
    CONFLICT = "conflict"
    HELD_PLAN = "held-plan"
    BLIND = "blind"
    CONFIG = "config"
    UNSIGNED = "unsigned"
    GIVEN_UP = "given-up"
    TWIN = "twin"
    DRIFTED = "drifted"
    ERASED = "erased"
    BUDGET = "budget"
    CONNECTOR = "connector"
    REASSIGNED = "reassigned"
    REPLANNED = "replanned"
    WAIVER_ASKED = "waiver-asked"
    WAIVER_ANSWERED = "waiver-answered"
    DIGEST = "digest"
    MEETING = "meeting"
    REVIEW = "review"


class Act(StrEnum):
    """What people can do about an alert where it is shown with buttons."""

    ACCEPT = "accept"
    REJECT = "reject"
    SNOOZE = "snooze"
    ASK_WAIVER = "ask-waiver"
    APPROVE = "approve"
    REFUSE = "refuse"
    NOT_USEFUL = "not-useful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """`title` says what happened, `why` gives the reasons (one per line), `next_step` what to do.

    `facts` are label/value pairs laid out side by side; `to` is the canonical owner to
    mention; `summary` is the one line shown when many are grouped. `acts` are offered as
    buttons about `subject` (a handoff, a waiver request); alerts of one `thread` are one
    conversation. `wanted_by` is when an answer is due, where one is: it is not held back for
    longer than that.
    """

    kind: AlertKind
    at: datetime
    title: str
    summary: str
    why: tuple[str, ...] = ()
    next_step: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    to: str | None = None
    acts: tuple[Act, ...] = ()
    subject: str = ""
    thread: str = ""
    wanted_by: datetime | None = None
