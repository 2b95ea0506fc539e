"""The policy: what is done about the standard. Built from config/policy.yaml by `settings`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from syncd.domain.action import WriteKind
from syncd.domain.alert import AlertKind
from syncd.domain.calendar import Calendar, Span
from syncd.domain.stage import Stage


class Mode(StrEnum):
    """What happens to a failing move: record it, mark it and alert, or move it back."""

    OBSERVE = "observe"
    FLAG = "flag"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffPolicy:
    """The promise made for a lead offered to sales.

    `accept_within` counts on `calendar` from the MQL; a warning goes out once
    `warn_at` (0..1) of the promised time has passed; `expire_after` more and it is recycled.
    """

    accept_within: Span
    warn_at: float
    expire_after: Span
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class RecyclePolicy:
    """`owner` is the canonical nurture owner or queue written on every side that can
    hold it, or None to leave the owner alone."""

    to_stage: Stage
    owner: str | None
    reason: str
    cool_off: Span
    most_cycles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Per rolling hour at most so many records, or this share of the linked leads:
    whichever is more."""

    records: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """`routes` maps kinds to Slack channels, `channel` takes the rest.
    From `group_from` alerts of one kind at once they become one message."""

    channel: str
    routes: Mapping[AlertKind, str]
    manager: str | None
    group_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    modes: Mapping[Stage, Mode]
    grace: timedelta
    reapply: bool
    contested_after: int
    refusal_memory: timedelta
    entry_stage: Stage
    enforce_from: datetime | None
    handoff: HandoffPolicy
    recycle: RecyclePolicy
    brake: Mapping[WriteKind, Limit]
    alerts: AlertPolicy
    waivable_by: str
