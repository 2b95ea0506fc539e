"""Leads with known outcomes, as a table that is read in batches, so that a million fit.

Every column of syncd's own starts with an underscore; the others are the canonical fields of
the standard, null where the field is known to be empty. Types are `COLUMN_TYPES` of the
field's type. Where single values could not be read, a column `?<field>` is true.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from syncd.domain.names import FieldName
from syncd.domain.values import FieldType

LEAD, NAME = "_lead", "_name"
"""Text: what identifies the lead in its source, and how people call it."""
MOVED_AT, DECIDED_AT = "_moved_at", "_decided_at"
"""Instants (UTC): when it was handed to sales (the move that the gate judges), and when its
outcome came; null while open."""
OUTCOME, AMOUNT = "_outcome", "_amount"
"""`Outcome`; and what was won, a float in the source's own currency, null where unknown."""
OVERRIDDEN = "_overridden"
"""Whether a person let it through against the standard (a waiver, or a move made again)."""
SOURCE, SEGMENT = "_source", "_segment"
"""Text, null where unknown: where the lead came from, and the variant of the standard."""


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"
    REJECTED = "rejected"
    RECYCLED = "recycled"
    OPEN = "open"


class AsOf(StrEnum):
    """Whether a field's values are those of the time of the move, or those of today."""

    THEN = "then"
    NOW = "now"


COLUMN_TYPES: Mapping[FieldType, pl.DataType] = {
    FieldType.STRING: pl.String(),
    FieldType.TEXT: pl.String(),
    FieldType.INTEGER: pl.Int64(),
    FieldType.NUMBER: pl.Float64(),
    FieldType.CURRENCY: pl.Float64(),
    FieldType.BOOLEAN: pl.Boolean(),
    FieldType.DATE: pl.Date(),
    FieldType.DATETIME: pl.Datetime("us", "UTC"),
    FieldType.PICKLIST: pl.String(),
    FieldType.MULTI_PICKLIST: pl.List(pl.String()),
    FieldType.EMAIL: pl.String(),
    FieldType.OWNER: pl.String(),
}
"""Numbers are compared as floats: two that differ only beyond 15 digits are taken for equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """`batches` may be called again: each call reads all of them anew, in the same order.
    `as_of` names every field column there is."""

    as_of: Mapping[FieldName, AsOf]
    batches: Callable[[], Iterator[pl.DataFrame]]
    source: str
    """What it was read from, in words: a file name, or the CRMs."""
    notes: tuple[str, ...] = ()
    """What could not be read or was left out, one sentence each, for all who read the figures."""
    afterwards: Mapping[FieldName, str] = field(default_factory=dict)
    """Fields that the source itself says tell the outcome, each with why: no evidence of it."""
