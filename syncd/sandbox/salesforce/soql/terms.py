"""What a SOQL query says, once read: data only, not yet held against any schema.

`at` is the position in the text, for the vendor's "Row:1:Column:n" messages.
"""

from dataclasses import dataclass
from enum import StrEnum


class Op(StrEnum):
    EQUAL = "="
    DIFFERENT = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    LIKE = "LIKE"


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Day:
    value: str


@dataclass(frozen=True, slots=True)
class Instant:
    value: str  # in row form: UTC, whole seconds


@dataclass(frozen=True, slots=True)
class Null:
    value: None = None


Literal = Text | Number | Truth | Day | Instant | Null


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A field, or a field reached through relationships: `Owner.Name`."""

    parts: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    path: Path
    op: Op
    literal: Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    path: Path
    literals: tuple[Literal, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Both:
    """All of them."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of them."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    condition: "Condition"


Condition = Comparison | Membership | Both | Either | Negation


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    path: Path
    descending: bool
    nulls_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One query; `fields` is empty for SELECT COUNT()."""

    text: str
    fields: tuple[Path, ...]
    object: str
    object_at: int
    where: Condition | None
    order: tuple[Order, ...]
    limit: int | None
    offset: int
