"""Orders: what a person told syncd to do, from the command line or in Slack.

An order is a row the running worker carries out at its next cycle, so that two
processes never write one lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from syncd.domain.names import (
    ActionKey,
    FieldName,
    HandoffId,
    LeadId,
    PlanId,
    RecordId,
    System,
)
from syncd.domain.verdict import Waiver


class Via(StrEnum):
    """Where it was said. In Slack `Order.by` is the person's email, on the command line the
    operating system's name of them, on the dashboard what they signed in as."""

    COMMAND = "command"
    SLACK = "slack"
    DASHBOARD = "dashboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantWaiver:
    waiver: Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLead:
    lead_id: LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPlan:
    """`after` is the last lead done, `applied` and `of` what was done so far: the work is
    carried out in parts."""

    plan_id: PlanId
    after: LeadId | None = None
    applied: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """This record is that lead's; where the lead has another record on that side, that one
    is let go."""

    lead_id: LeadId
    system: System
    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkRecord:
    """The lead's record on this side is somebody else."""

    lead_id: LeadId
    system: System


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreRecord:
    system: System
    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetVanished:
    """What this CRM does not show any more was erased there: this record, or (None) all of
    them. Their people are forgotten. `after` is the last lead done: it is done in parts."""

    system: System
    record_id: RecordId | None
    after: LeadId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveDispute:
    """The value of this side is right. `shown` marks the values the person chose from."""

    lead_id: LeadId
    field: FieldName
    take: System
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairField:
    """Where the sides have always disagreed on this field, this side is right. `after` is
    the last lead done: the work is carried out in parts."""

    field: FieldName
    take: System
    after: LeadId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOrder:
    """That order is not to be carried out any further."""

    order_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandoff:
    lead_id: LeadId
    handoff_id: HandoffId


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectHandoff:
    """`reason` is one of the standard's; `missing` are the fields that were not there at
    handoff, `objection` what the lead said; with `until` it sleeps until that day."""

    lead_id: LeadId
    handoff_id: HandoffId
    reason: str
    missing: tuple[FieldName, ...] = ()
    objection: str = ""
    note: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeHandoff:
    lead_id: LeadId
    handoff_id: HandoffId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWaiver:
    """As `GrantWaiver`, for an approver to answer."""

    waiver: Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWaiver:
    lead_id: LeadId
    asked: str
    granted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkAlert:
    """Somebody says that this alert was not worth reading."""

    alert_key: ActionKey


What = (
    GrantWaiver
    | ReleaseLead
    | ApplyPlan
    | LinkRecord
    | UnlinkRecord
    | IgnoreRecord
    | ForgetVanished
    | ResolveDispute
    | RepairField
    | WithdrawOrder
    | AcceptHandoff
    | RejectHandoff
    | SnoozeHandoff
    | AskWaiver
    | AnswerWaiver
    | MarkAlert
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`tries` that made syncd crash; it is not tried again before `not_before`. `refused` tells
    why it was not carried out, once that is so."""

    id: str
    what: What
    by: str
    placed_at: datetime
    tries: int = 0
    not_before: datetime | None = None
    via: Via = Via.COMMAND
    refused: str = ""


class Level(StrEnum):
    """What of our work the calls left of a CRM's allowance still pay for, in the order of
    sacrifice. Enforcement, deadlines and alerts are never given up."""

    FULL = "full"
    NO_SWEEP = "no-sweep"
    ESSENTIAL = "essential"


class Health(StrEnum):
    OK = "ok"
    BLIND = "blind"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideStatus:
    """How far one CRM was read, and what it costs. Counts are of today's allowance; `spent`
    are our own calls by hour, the last 24. `account` is the org or portal this store is of;
    `connector` the fields the native connector was seen to write, each with the last such
    write, None while not looked; `level` what the calls still pay for."""

    read_through: datetime | None
    health: Health
    reason: str
    calls_used: int | None
    calls_allowed: int | None
    account: str = ""
    spent: tuple[tuple[datetime, int], ...] = ()
    connector: Mapping[FieldName, datetime] | None = None
    level: Level = Level.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """What `syncd status` shows of the store. `disputes` counts leads with a field in conflict."""

    leads: int
    linked: int
    outbox: Mapping[str, int]
    oldest_due: datetime | None
    given_up: tuple[tuple[str, str], ...]
    open_handoffs: int
    in_grace: int
    contested: tuple[LeadId, ...]
    disputes: int
    parked: int
    held_plans: tuple[PlanId, ...]
