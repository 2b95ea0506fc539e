"""What happens around the people: bad weather, time, the worker's own life, and admins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from model_map import HS, SF, Flow, changed_map
from town import MINUTE, SECOND, Town

from syncd.core.disputes import mark_of
from syncd.domain.names import FieldName, LeadId
from syncd.domain.names import System as Side
from syncd.domain.order import Order, ResolveDispute
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.journal import System

STORMS: Mapping[str, tuple[System, Mapping[str, Any]]] = {
    "busy salesforce": (SF, {"match": "^POST .*/composite$", "kind": "status", "status": 503}),
    "busy hubspot": (HS, {"match": "/search$", "kind": "status", "status": 502}),
    "too fast": (HS, {"match": "batch/", "kind": "status", "status": 429}),
    "lost write to salesforce": (SF, {"match": "^PATCH ", "kind": "lost_response"}),
    "lost write to hubspot": (HS, {"match": "batch/update$", "kind": "lost_response"}),
    "failed write to salesforce": (SF, {"match": "^PATCH ", "kind": "status", "status": 500}),
    "failed write to hubspot": (HS, {"match": "batch/update$", "kind": "status", "status": 500}),
    "lost making in salesforce": (
        SF,
        {"match": "^PATCH .*/Lead/Syncd_Id__c$", "kind": "lost_response"},
    ),
    "lost making in hubspot": (HS, {"match": "batch/(upsert|create)$", "kind": "lost_response"}),
    "cut read in hubspot": (HS, {"match": "batch/read$", "kind": "truncate"}),
    "session gone": (SF, {"match": ".", "kind": "expire_session"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """So many requests of a kind go wrong."""

    kind: str
    times: int = 1

    def do(self, town: Town) -> None:
        system, spec = STORMS[self.kind]
        given = {**spec, "kind": Kind(spec["kind"]), "match": re.compile(spec["match"])}
        town.world.faults[system].arm(Fault(**given, times=self.times))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Somebody else holds the lead's row in Salesforce for a while."""

    who: int
    seconds: int = 90

    def do(self, town: Town) -> None:
        person = town.person(self.who)
        if person.lead:
            until = town.world.now() + SECOND * self.seconds
            town.world.salesforce.store.lock(person.lead, until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDelay:
    seconds: int

    def do(self, town: Town) -> None:
        town.world.hubspot.settings.index_delay = timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """Some time passes, then the worker does a cycle."""

    after: int = 60

    def do(self, town: Town) -> None:
        town.world.advance(SECOND * self.after)
        town.cycle()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Some time passes, and the worker does not look."""

    seconds: int = 60

    def do(self, town: Town) -> None:
        town.world.advance(SECOND * self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    down_for: int = 0

    def do(self, town: Town) -> None:
        town.worker.close()
        town.world.advance(SECOND * self.down_for)
        town.open()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """A cycle that dies right after its n-th write to the store."""

    writes: int

    def do(self, town: Town) -> None:
        town.world.advance(MINUTE)
        town.store.left = self.writes
        town.cycle()
        town.store.left = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Configure:
    """An admin gives a field another rule for conflicts, or another direction."""

    field: str
    rule: str | None = None
    flow: Flow | None = None

    def do(self, town: Town) -> None:
        old = town.fields[self.field]
        if self.rule:
            town.change_config(self.field, f"conflict: {old.rule}", f"conflict: {self.rule}")
        if self.flow:
            town.change_config(
                self.field, f"direction: {old.flow.value}", f"direction: {self.flow.value}"
            )
        town.fields = changed_map(town.fields, self.field, flow=self.flow, rule=self.rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """An admin lets no more than so many records an hour be written."""

    records: int

    def do(self, town: Town) -> None:
        path = town.home / "config" / "policy.yaml"
        tight = re.sub(
            r"records: \d+, percent: \d+",
            f"records: {self.records}, percent: 0",
            path.read_text(encoding="utf-8"),
        )
        path.write_text(tight, encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """A person says whose value of a disputed field is right."""

    who: int
    field: str
    take: System

    def do(self, town: Town) -> None:
        record = town.record_of(town.person(self.who))
        store = town.store.living
        for lead in store.load(store.look_up(record) if record else ()).values():
            if dispute := lead.disputes.get(FieldName(self.field)):
                store.place(self._order(lead.id, mark_of(dispute), town.world.now()))

    def _order(self, lead_id: LeadId, shown: str, now: datetime) -> Order:
        take, name = Side(self.take.value), FieldName(self.field)
        what = ResolveDispute(lead_id=lead_id, field=name, take=take, shown=shown)
        return Order(id=f"{lead_id}-{self.field}-{now}", what=what, by="admin", placed_at=now)
