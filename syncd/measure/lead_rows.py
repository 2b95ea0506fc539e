"""Leads that were handed to sales as rows of a table of outcomes. Asks nobody anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import polars as pl

from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.mapping import CrmMap
from syncd.domain.names import FieldName, System
from syncd.domain.record import Directory
from syncd.domain.stage import Stage, StageStep
from syncd.domain.values import Seen, Unreadable
from syncd.measure.column_names import unreadable_column
from syncd.measure.lead_outcome import fate_of
from syncd.measure.outcomes import (
    AMOUNT,
    COLUMN_TYPES,
    DECIDED_AT,
    LEAD,
    MOVED_AT,
    NAME,
    OUTCOME,
    OVERRIDDEN,
    SEGMENT,
    SOURCE,
    AsOf,
)
from syncd.measure.values_then import Told, Tracking, values_then

_OWN: Mapping[str, pl.DataType] = {
    LEAD: pl.String(),
    NAME: pl.String(),
    MOVED_AT: pl.Datetime("us", "UTC"),
    DECIDED_AT: pl.Datetime("us", "UTC"),
    OUTCOME: pl.String(),
    AMOUNT: pl.Float64(),
    OVERRIDDEN: pl.Boolean(),
    SOURCE: pl.String(),
    SEGMENT: pl.String(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One lead with all that is told of it. Without a store `lead` is None."""

    id: str
    at: datetime
    sides: Mapping[System, Told]
    steps: Sequence[Sequence[StageStep]]
    deals: Sequence[Deal]
    lead: Lead | None


class Rows:
    """Makes frames, and remembers which fields have a history. syncd's own marks are left out:
    what syncd wrote about a lead is no evidence of it."""

    def __init__(self, crm: CrmMap, people: Mapping[System, Directory]) -> None:
        self._crm, self._people = crm, people
        self._tracking = Tracking()
        own = frozenset(crm.marks.values())
        self._types = {name: x.type for name, x in crm.fields.items() if name not in own}

    def as_of(self) -> Mapping[FieldName, AsOf]:
        return {name: self._tracking.as_of(name) for name in self._types}

    def frame(self, leads: Sequence[Moved]) -> pl.DataFrame:
        flags = {unreadable_column(x): pl.Boolean() for x in self._types}
        fields = {str(x): COLUMN_TYPES[kind] for x, kind in self._types.items()}
        return pl.DataFrame(list(map(self._row, leads)), schema={**_OWN, **fields, **flags})

    def _row(self, lead: Moved) -> dict[str, object]:
        values = values_then(lead.sides, self._crm, self._people, self._tracking, at=lead.at)
        handoff = lead.lead.handoff if lead.lead else None
        fate = fate_of(lead.steps, lead.deals, handoff, moved=lead.at)
        source = values.get(self._crm.source) if self._crm.source else None
        row: dict[str, object] = {
            LEAD: lead.id,
            NAME: self._name(values) or lead.id,
            MOVED_AT: lead.at,
            DECIDED_AT: fate.decided_at,
            OUTCOME: fate.outcome.value,
            AMOUNT: fate.amount,
            OVERRIDDEN: _is_overridden(lead),
            SOURCE: source if isinstance(source, str) else None,
            SEGMENT: None,
        }
        for name in self._types:
            seen = values.get(name)
            row[name] = _held(seen)
            row[unreadable_column(name)] = isinstance(seen, Unreadable)
        return row

    def _name(self, values: Mapping[FieldName, Seen]) -> str:
        parts = (values.get(x) for x in self._crm.name)
        return " ".join(x for x in parts if isinstance(x, str))


def _is_overridden(lead: Moved) -> bool | None:
    """Whether a waiver stood when it was moved; unknown without a store."""
    if lead.lead is None:
        return None
    return any(
        x.gate is Stage.SQL and x.granted_at <= lead.at <= x.expires_at for x in lead.lead.waivers
    )


def _held(seen: Seen) -> object:
    """As a column holds it: numbers as floats, several values as a list."""
    match seen:
        case Unreadable():
            return None
        case Decimal():
            return float(seen)
        case tuple():
            return list(seen)
        case _:
            return seen
