"""The page of health: what is well, what waits, and what wants a person."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from core_cases import LEAD, lead
from page_cases import SHIPPED

from syncd.adapters.store.store import SqlStore
from syncd.adapters.web.views import HealthState
from syncd.cli.dashboard.state import health_of
from syncd.domain.decision import Parked
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, PlanId, RecordId, System
from syncd.domain.order import Health, SideStatus, StoreStatus

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """A store that reads HubSpot, and cannot read Salesforce."""

    def sides(self) -> Mapping[System, SideStatus]:
        return {
            System.HUBSPOT: _side(Health.OK, ""),
            System.SALESFORCE: _side(Health.BLIND, "the token was revoked"),
        }

    def status(self, now: datetime) -> StoreStatus:
        del now
        return StoreStatus(
            leads=400,
            linked=390,
            outbox={"pending": 3, "buried": 1},
            oldest_due=None,
            given_up=(("write:1", "the owner is inactive"),),
            open_handoffs=7,
            in_grace=2,
            contested=(LEAD,),
            disputes=4,
            parked=2,
            held_plans=(PlanId("plan-7"),),
        )

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]:
        return {x: lead() for x in ids}

    def parked(self) -> Sequence[Parked]:
        return [_parked("00Q1"), _parked("00Q2", is_ignored=True)]


def _side(health: Health, reason: str) -> SideStatus:
    return SideStatus(
        read_through=NOW - timedelta(minutes=2),
        health=health,
        reason=reason,
        calls_used=None,
        calls_allowed=None,
    )


def _parked(record: str, *, is_ignored: bool = False) -> Parked:
    return Parked(
        system=System.SALESFORCE,
        record_id=RecordId(record),
        why="two leads have its email",
        candidates=(),
        since=NOW,
        ignored=is_ignored,
    )


def told() -> HealthState:
    return health_of(cast(SqlStore, Kept()), SHIPPED, now=NOW)


def test_a_crm_that_cannot_be_read_is_not_well_and_says_why() -> None:
    sides = {x.name: (x.is_well, x.says) for x in told().sides}

    assert sides == {
        "HubSpot": (True, "ok"),
        "Salesforce": (False, "unreadable: the token was revoked"),
    }


def test_whatever_wants_a_person_is_noticed_and_what_is_ignored_is_not() -> None:
    notices = [x for x in told().notices if x[0] in {"held", "in conflict", "parked", "given up"}]

    assert [x[0] for x in notices] == ["held", "in conflict", "parked", "given up"]
    assert "00Q1: two leads have its email" in notices[2][1]
    assert [x.lead_id for x in told().contested] == [LEAD]


def test_what_waits_is_counted_by_what_it_is() -> None:
    counts = dict(told().counts)

    assert counts["leads"] == 400
    assert counts["writes and messages waiting"] == 3
    assert counts["writes and messages given up"] == 1
    assert counts["held plans"] == 1
