"""A world at rest, as the laws look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kin import Place
from model import Chronicle
from model_map import (
    HS,
    SF,
    Flow,
    Mapped,
    stage_in_hubspot,
    stage_in_salesforce,
)
from town import Town

from syncd.domain.lead import Lead, Side
from syncd.domain.names import LeadId
from syncd.sandbox.journal import System
from syncd.store_ports import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A world at rest, as the laws look at it."""

    town: Town
    chronicle: Chronicle
    stories: Mapping[LeadId, Story]
    crashes: Sequence[str] = ()
    flows: Mapping[str, frozenset[Flow]]
    rules: Mapping[str, str]
    """Fields whose rule and direction never changed, and their rules."""

    def is_forgotten(self, place: Place) -> bool:
        """Whether somebody demanded that this person be forgotten: the store cannot tell."""
        kin = self.chronicle.kin
        return any(kin.of((HS, contact)) == kin.of(place) for contact in self.town.erased)


def both_live(town: Town, lead: Lead) -> bool:
    sides = lead.sides.values()
    return len(sides) == 2 and not any(
        side.gone or town.dead(System(side.system.value), side.record_id) for side in sides
    )


def place_of(side: Side) -> tuple[System, str]:
    return System(side.system.value), str(side.record_id)


def raw_of(town: Town, system: System, side: Side, field: Mapped) -> tuple[str | None, Any]:
    """The name and raw value of a field as its record has it now; no name: nowhere."""
    name = field.property_on(system, side.seen.kind)
    if name is None:
        return None, None
    if system is SF:
        return name, _in_salesforce(town, side.record_id, name)
    return name, town.world.hubspot.contact(int(side.record_id)).get(name, "")


def _in_salesforce(town: Town, record_id: str, path: str) -> Any:
    """A field of a record, or (dotted) of its account."""
    row = town.world.salesforce.record(record_id)
    if "." not in path:
        return row.get(path)
    account = row.get("AccountId")
    return town.world.salesforce.record(account).get(path.partition(".")[2]) if account else None


def stage_of(town: Town, system: System, side: Side) -> str | None:
    if system is SF:
        row = town.world.salesforce.record(side.record_id)
        return stage_in_salesforce(row, won=False) if "IsConverted" in row else "opportunity"
    return stage_in_hubspot(town.world.hubspot.contact(int(side.record_id)))
