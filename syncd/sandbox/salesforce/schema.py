"""What an object is made of: its fields and their types, as describe would tell.

Data only: checking values against it is `checks`, telling it over REST is `describe`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from typing import Any


class Type(StrEnum):
    ID = "id"
    REFERENCE = "reference"
    STRING = "string"
    TEXTAREA = "textarea"
    PICKLIST = "picklist"
    COMBOBOX = "combobox"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"
    BOOLEAN = "boolean"
    INT = "int"
    DOUBLE = "double"
    CURRENCY = "currency"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    ANY = "anyType"


TEXTUAL = frozenset(
    {
        Type.STRING,
        Type.TEXTAREA,
        Type.PICKLIST,
        Type.COMBOBOX,
        Type.EMAIL,
        Type.PHONE,
        Type.URL,
    }
)
IDENTIFYING = frozenset({Type.ID, Type.REFERENCE})
NUMERIC = frozenset({Type.INT, Type.DOUBLE, Type.CURRENCY, Type.PERCENT})
NUMBER_DIGITS, NUMBER_DECIMALS, INT_DIGITS = 18, 2, 8
"""Of every number and amount here: 18 digits, two of them decimals; an `int` has 8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    name: str
    label: str
    type: Type
    length: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    default: Any = None
    values: tuple[str, ...] = ()
    restricted: bool = False
    external_id: bool = False
    unique: bool = False
    refers_to: tuple[str, ...] = ()
    relationship: str | None = None
    filterable: bool = True

    @property
    def custom(self) -> bool:
        return self.name.endswith("__c")

    @property
    def long_text(self) -> bool:
        return self.type is Type.TEXTAREA and self.length > 255

    @property
    def indexed(self) -> bool:
        """Looked up by equality: external ids, e-mail, and the links of activities and history."""
        return self.external_id or self.type is Type.EMAIL or self.name in _LOOKED_UP


_LOOKED_UP = frozenset(
    {
        "WhoId",
        "ActivityId",
        "LeadId",
        "ContactId",
        "CampaignId",
        "OpportunityId",
        "AccountId",
        "MasterRecordId",
        "ConvertedContactId",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectType:
    """One sObject; `cursor` is the field its rows are ordered by for incremental reads."""

    name: str
    label: str
    prefix: str
    fields: Mapping[str, Field]
    cursor: str = "SystemModstamp"
    history: str | None = None
    tracked: frozenset[str] = frozenset()
    writable: bool = True
    by_lower: Mapping[str, Field] = dataclass_field(init=False, repr=False)
    by_relationship: Mapping[str, Field] = dataclass_field(init=False, repr=False)

    def __post_init__(self) -> None:
        lower = {name.lower(): each for name, each in self.fields.items()}
        related = {
            each.relationship.lower(): each for each in self.fields.values() if each.relationship
        }
        object.__setattr__(self, "by_lower", lower)
        object.__setattr__(self, "by_relationship", related)

    def field(self, name: str) -> Field | None:
        """Field names are case-insensitive everywhere in Salesforce."""
        return self.by_lower.get(name.lower())


def fields_by_name(fields: Iterable[Field]) -> dict[str, Field]:
    return {each.name: each for each in fields}
