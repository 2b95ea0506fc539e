"""What was decided about an alert, and what became of it; silences that people put on alerts.

Never what an alert says: names of people stand in its outbox row, and leave with it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.alert import AlertKind
from syncd.domain.names import ActionKey, LeadId

TROUBLES = frozenset({AlertKind.BLIND, AlertKind.HELD_PLAN, AlertKind.CONFIG, AlertKind.UNSIGNED})
"""Alerts of something that lasts: told again while it does, and marked resolved once it ends."""

Route = tuple[str, AlertKind]
"""A channel, and the kind of alert that goes there."""


class MessageState(StrEnum):
    SENT = "sent"
    WAITS = "waits"
    SILENT = "silent"


class Why(StrEnum):
    """Why an alert was sent, waits, or is never sent."""

    AT_ONCE = "at-once"
    ALONE = "alone"
    TOGETHER = "together"
    MORNING = "morning"
    IN_DOUBT = "in-doubt"

    FOR_MORE = "for-more"
    INTERVAL = "interval"
    QUIET = "quiet"
    BLIND = "blind"
    HELD = "held"
    NOT_TAKEN = "not-taken"

    SILENCED = "silenced"
    SETTLED = "settled"
    TOO_LATE = "too-late"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`post` is the key of the first alert told in the same message; `alone` where it was told
    in one of its own, which is at `channel_id` and `ts` where Slack said so. A message of its
    own is where answers to its `thread` go. `outcome` is what became of it, put there by
    `UpdateAlert`; `acted` where somebody brought that about. `lost` are the sends whose
    answer was lost."""

    key: ActionKey
    kind: AlertKind
    channel: str
    made_at: datetime
    decided_at: datetime
    state: MessageState
    why: Why
    detail: str = ""
    lead_id: LeadId | None = None
    thread: str = ""
    until: datetime | None = None
    sent_at: datetime | None = None
    post: ActionKey | None = None
    alone: bool = False
    channel_id: str = ""
    ts: str = ""
    outcome: str = ""
    outcome_at: datetime | None = None
    acted: bool = False
    not_useful_by: str = ""
    lost: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Alerts that somebody wants not to be sent until it expires: those of this kind, to this
    channel, about this lead; None stands for any. One that was `lifted_by` somebody expired
    then."""

    id: str
    by: str
    reason: str
    placed_at: datetime
    expires_at: datetime
    kind: AlertKind | None = None
    channel: str | None = None
    lead_id: LeadId | None = None
    lifted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteNews:
    """What lately went a route: how many alerts were `told` or wait to be, when a message for
    several was sent last, and when those that are being gathered leave."""

    told: int = 0
    gathered_at: datetime | None = None
    leaves_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCount:
    """One route's messages of a while: how many were sent, acted on, and marked not useful."""

    channel: str
    kind: AlertKind
    sent: int
    acted: int
    not_useful: int
