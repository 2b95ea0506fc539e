"""Orders: what a person told syncd to do from the command line.

An order is a row the running worker carries out at its next cycle, so that two
processes never write one lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.names import LeadId, PlanId
from syncd.domain.verdict import Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantWaiver:
    waiver: Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLead:
    lead_id: LeadId


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPlan:
    plan_id: PlanId


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    id: str
    what: GrantWaiver | ReleaseLead | ApplyPlan
    by: str
    placed_at: datetime


class Health(StrEnum):
    OK = "ok"
    BLIND = "blind"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideStatus:
    """How far one CRM was read, and what it costs. Counts are of today's allowance."""

    read_through: datetime | None
    health: Health
    reason: str
    calls_used: int | None
    calls_allowed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """What `syncd status` shows of the store."""

    leads: int
    linked: int
    outbox: Mapping[str, int]
    oldest_due: datetime | None
    given_up: tuple[tuple[str, str], ...]
    open_handoffs: int
    in_grace: int
    contested: tuple[LeadId, ...]
    parked: int
    held_plans: tuple[PlanId, ...]
