"""Find out which fields the native HubSpot-Salesforce connector moves.

Two that move one field fight over it, and the loser's edits are lost: what the connector
moves is left to it. Pure: the histories of some contacts come in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

from syncd.core.edits import shared_fields
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.order import SideStatus
from syncd.domain.record import PropertyChange, Schema
from syncd.domain.values import Direction, FieldSpec

_MARK = "salesforcelastsynctime"
"""A property only the connector makes, beside `salesforceleadid` and `salesforcecontactid`;
portals without it have none of them."""

LOOK_BACK = timedelta(days=30)
"""How long a field is the connector's after the last write that was seen."""


def is_installed(schema: Schema) -> bool:
    """Whether the connector was ever part of this portal, going by HubSpot's schema."""
    return _MARK in schema


def shared_properties(crm: CrmMap) -> tuple[str, ...]:
    """The HubSpot properties of fields both CRMs have: those two may quarrel about."""
    return tuple(sorted(spec.properties[System.HUBSPOT] for spec in shared_fields(crm)))


def detect_connector(
    histories: Iterable[Sequence[PropertyChange]], crm: CrmMap, *, now: datetime
) -> Mapping[FieldName, datetime]:
    """Fields the connector wrote to HubSpot in the last 30 days, and when last, going by these
    contacts' histories."""
    named = {s.properties[System.HUBSPOT]: s.name for s in shared_fields(crm)}
    written: dict[FieldName, datetime] = {}
    for change in chain.from_iterable(histories):
        name = named.get(change.name)
        if name and change.by_connector and change.at >= now - LOOK_BACK:
            written[name] = max(change.at, written.get(name, change.at))
    return written


def not_forgotten(
    known: Mapping[FieldName, datetime], found: Mapping[FieldName, datetime], *, now: datetime
) -> Mapping[FieldName, datetime]:
    """What is the connector's, going by all looks so far: that a sample shows no write of a
    field does not prove that there was none."""
    last = {name: max(known.get(name, at), at) for name, at in found.items()}
    return {x: at for x, at in {**known, **last}.items() if at >= now - LOOK_BACK}


def quarrels(moved: Collection[FieldName], crm: CrmMap) -> tuple[FieldSpec, ...]:
    """Fields the connector moves that syncd was told to write to HubSpot as well."""
    ours = {Direction.BOTH, Direction.TO_HUBSPOT}
    return tuple(s for s in shared_fields(crm) if s.name in moved and s.direction in ours)


def left_to_connector(sides: Iterable[SideStatus], crm: CrmMap) -> frozenset[FieldName]:
    """Fields nobody but the connector writes, as long as the configuration is as it is."""
    moved = {name for side in sides for name in side.connector or ()}
    return frozenset(spec.name for spec in quarrels(moved, crm))


def advice(spec: FieldSpec) -> str:
    """Which line of the configuration to change."""
    where = f"{spec.where}: " if spec.where else ""
    return (
        f'{where}field "{spec.name}": direction: {spec.direction} -> none, '
        "or take it out of the connector's mapping"
    )
