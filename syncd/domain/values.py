"""Values in canonical form: what a field holds once vendor spelling is gone.

Text is stripped, an empty text is None, numbers are int or Decimal, instants are
aware UTC, picklist values are canonical names, several values are a sorted tuple.
An owner is `person@example.com` in lower case, or `queue:Name`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from syncd.domain.names import FieldName, System

Value = str | int | Decimal | bool | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The field is there but cannot be told: never taken for empty, never written over."""

    why: str


Seen = Value | Unreadable


class FieldType(StrEnum):
    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    CURRENCY = "currency"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    PICKLIST = "picklist"
    MULTI_PICKLIST = "multi-picklist"
    EMAIL = "email"
    OWNER = "owner"


class Direction(StrEnum):
    """Which way a field flows."""

    BOTH = "both"
    TO_SALESFORCE = "to-salesforce"
    TO_HUBSPOT = "to-hubspot"
    NONE = "none"

    def reaches(self, target: System) -> bool:
        """Whether a change may travel to this side."""
        return self is Direction.BOTH or self.value == f"to-{target.value}"


class ConflictRule(StrEnum):
    """Who wins when both sides changed a field to different values."""

    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"
    LATEST = "latest"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One line of the field map.

    `properties` names the vendor property per side (a dotted path is a Salesforce
    relationship and read-only); a side that is absent does not have the field.
    `options` maps canonical picklist values to vendor values per side; a vendor
    value that is not listed stands for itself. `converted` names the field of the record
    a lead becomes on conversion (None: not followed there). `where` is the line of the
    configuration that says all this.
    """

    name: FieldName
    type: FieldType
    properties: Mapping[System, str]
    direction: Direction = Direction.NONE
    conflict: ConflictRule = ConflictRule.ASK
    clears: bool = False
    options: Mapping[System, Mapping[str, str]]
    converted: str | None = None
    where: str = ""
