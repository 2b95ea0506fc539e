"""A lead's values as they were at one instant, from a CRM's history of its properties.

HubSpot keeps the history of every property; Salesforce of those that an admin chose to track.
What has no history is told as it is today, and marked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syncd.core.as_it_was import tells, told_at
from syncd.core.spelling import read_value
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.record import Directory, PropertyChange, Snapshot
from syncd.domain.values import Seen
from syncd.measure.outcomes import AsOf

WHOLE_HISTORY = frozenset({System.HUBSPOT})


@dataclass(slots=True)
class Tracking:
    """What was learned of the histories on the way: a Salesforce field of which no lead shows a
    change is taken for not tracked."""

    tracked: set[tuple[System, FieldName]] = field(default_factory=set)
    of_today: set[FieldName] = field(default_factory=set)

    def as_of(self, name: FieldName) -> AsOf:
        is_tracked = (System.SALESFORCE, name) in self.tracked
        return AsOf.NOW if name in self.of_today and not is_tracked else AsOf.THEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One side of a lead, with the changes of its fields, oldest first."""

    snapshot: Snapshot
    changes: Sequence[PropertyChange]


def values_then(
    sides: Mapping[System, Told],
    crm: CrmMap,
    people: Mapping[System, Directory],
    tracking: Tracking,
    *,
    at: datetime,
) -> dict[FieldName, Seen]:
    """HubSpot's value where it had one then, else what Salesforce's history tells; what stands
    there today only where nothing has a history."""
    found: dict[FieldName, Seen] = {}
    for system in (System.HUBSPOT, System.SALESFORCE):
        if (told := sides.get(system)) is None:
            continue
        for name, spec in crm.fields.items():
            if system not in spec.properties or found.get(name) is not None:
                continue
            path = spec.properties[system]
            if changes := [x for x in told.changes if x.name == path and tells(x)]:
                tracking.tracked.add((system, name))
                held = told_at(changes, at)
                seen = told.snapshot.values.get(name)
                found[name] = (
                    seen if held is None else read_value(held, spec, system, people[system])
                )
            elif name not in found and (seen := told.snapshot.values.get(name)) is not None:
                found[name] = seen
                if system not in WHOLE_HISTORY:
                    tracking.of_today.add(name)
    return found
