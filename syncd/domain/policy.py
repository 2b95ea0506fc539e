"""The policy: what is done about the standard. Built from config/policy.yaml by `settings`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from syncd.domain.action import WriteKind
from syncd.domain.alert import Alert, AlertKind
from syncd.domain.calendar import Calendar, Span
from syncd.domain.previewed import Previewed
from syncd.domain.stage import Stage
from syncd.domain.standard import Condition
from syncd.domain.targets import Targets


class Mode(StrEnum):
    """What happens to a failing move: record it, mark it and alert, or move it back."""

    OBSERVE = "observe"
    FLAG = "flag"
    BLOCK = "block"


class AcceptNeeds(StrEnum):
    """What counts as accepting a handoff: saying so (the stage, or a click), or having done
    something for the lead as well."""

    STAGE = "stage"
    ACTIVITY = "activity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What follows as a promise runs out and is missed, each rung once. `warn_at` (0..1) is a
    share of the promised time; the other spans count from the deadline, on the clock's own
    calendar; None where there is no such rung. `reassign_to` are canonical owners and queues,
    tried in order, passing over who is absent or inactive."""

    warn_at: float
    escalate_after: Span | None = None
    reassign_after: Span | None = None
    reassign_to: tuple[str, ...] = ()
    recycle_after: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What sales promises for one kind of lead: the first segment whose `when` holds is the
    lead's (None: anybody's). Spans count on `calendar`; None where nothing is promised.

    `assign_within` counts from the MQL (the system's delay), `accept_within` and `touch_within`
    from the assignment, `dispose_within` from the acceptance. `manager` is told of breaches.
    """

    name: str
    when: Condition | None
    calendar: Calendar
    assign_within: Span
    accept_within: Span
    touch_within: Span | None
    dispose_within: Span | None
    accept_needs: AcceptNeeds
    ladder: Ladder
    manager: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecyclePolicy:
    """`owner` is the canonical nurture owner or queue written on every side that can
    hold it, or None to leave the owner alone. `nurture_list` is a HubSpot list, `campaign` a
    Salesforce campaign that recycled people join, by id. Before the next MQL a lead needs
    `requalify_points` of behaviour since it was recycled (None: none). After `most_cycles`
    rounds it goes to `retire_to` and never comes back by itself."""

    to_stage: Stage
    owner: str | None
    reason: str
    cool_off: Span
    most_cycles: int
    nurture_list: str | None = None
    campaign: str | None = None
    requalify_points: Decimal | None = None
    retire_to: Stage = Stage.DISQUALIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Per rolling hour at most so many records, or this share of the linked leads:
    whichever is more."""

    records: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """`routes` maps kinds to Slack channels, `channel` takes the rest.

    An alert waits for more of its kind to its channel for `wait`; then they go as one message,
    of which there is at most one in each `interval`. While a channel gets no more than `alone`
    of a kind in that time, those for one person go at once, each by itself. A trouble that
    lasts is told again after each `repeat`. While the calendar in `quiet` is closed, its
    channel gets nothing that can wait for the morning.
    """

    channel: str
    routes: Mapping[AlertKind, str]
    manager: str | None
    wait: timedelta
    interval: timedelta
    alone: int
    repeat: timedelta
    quiet: Mapping[str, Calendar] = field(default_factory=dict)

    def channel_of(self, alert: Alert) -> str:
        """A kind without a channel of its own is told where its conversation is: handoffs
        open them."""
        conversation = self.routes.get(AlertKind.HANDOFF) if alert.thread else None
        return self.routes.get(alert.kind) or conversation or self.channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    modes: Mapping[Stage, Mode]
    grace: timedelta
    reapply: bool
    contested_after: int
    refusal_memory: timedelta
    entry_stage: Stage
    enforce_from: datetime | None
    recycle: RecyclePolicy
    brake: Mapping[WriteKind, Limit]
    alerts: AlertPolicy
    waivable_by: str
    segments: tuple[Segment, ...] = ()
    away: Mapping[str, frozenset[date]] = field(default_factory=dict)
    """Days off by canonical owner, in the calendar's zone."""
    snooze: Span | None = None
    """How much one snooze, the only one a handoff gets, adds to its running deadline."""
    approvers: tuple[str, ...] = ()
    """Canonical owners who may grant a waiver asked for in Slack."""
    previewed: Mapping[Stage, Previewed] = field(default_factory=dict)
    """What policy.yaml says of the previews that somebody looked at, by gate."""
    unpreviewed: frozenset[Stage] = frozenset()
    """Gates that are to block, though nobody looked first at what that would do: they flag."""
    targets: Targets = field(default_factory=Targets)
    teams: Mapping[str, str] = field(default_factory=dict)
    """The team of each canonical owner who is in one."""

    @property
    def calendar(self) -> Calendar:
        """That of the segment for anybody: the time people are told in."""
        return self.segments[-1].calendar
