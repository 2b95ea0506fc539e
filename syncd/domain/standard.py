"""The standard: what qualified means, as both teams signed it.

Read by `judge` and `score`; built from config/standard.yaml by `settings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.values import Value


class RuleKind(StrEnum):
    FIT = "fit"
    BEHAVIOUR = "behaviour"
    INTENT = "intent"
    COMMERCIAL = "commercial"


class Pattern(Protocol):
    """A compiled regular expression that runs in linear time (built in `settings`)."""

    @property
    def pattern(self) -> str: ...

    def fullmatch(self, text: str, /) -> object | None: ...


@dataclass(frozen=True, slots=True)
class Present:
    pass


@dataclass(frozen=True, slots=True)
class Blank:
    pass


@dataclass(frozen=True, slots=True)
class Is:
    value: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    allowed: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    refused: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    minimum: int | Decimal


@dataclass(frozen=True, slots=True)
class AtMost:
    maximum: int | Decimal


@dataclass(frozen=True, slots=True)
class Between:
    minimum: int | Decimal
    maximum: int | Decimal


@dataclass(frozen=True, slots=True)
class Matches:
    pattern: Pattern
    says: str


@dataclass(frozen=True, slots=True)
class Within:
    """A date or instant in the last (`last`) or next (`next`) so many days."""

    last: timedelta | None = None
    next: timedelta | None = None


Test = Present | Blank | Is | OneOf | NoneOf | AtLeast | AtMost | Between | Matches | Within


@dataclass(frozen=True, slots=True)
class FieldTest:
    field: FieldName
    test: Test


@dataclass(frozen=True, slots=True)
class AllOf:
    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: "Condition"


Condition = FieldTest | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One requirement. `says` and `fix` are the words people read everywhere; `why` is what both
    teams ask for it for, empty where nobody wrote it down."""

    id: RuleId
    kind: RuleKind
    says: str
    fix: str
    condition: Condition
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePoints:
    """Points for a rule that is met."""

    rule: RuleId
    points: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DecayingPoints:
    """Points for behaviour, halved for every `half_life` since the field's instant."""

    name: str
    field: FieldName
    points: Decimal
    half_life: timedelta


class BandName(StrEnum):
    NURTURE = "nurture"
    WARM = "warm"
    SALES_READY = "sales-ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """All scores from `minimum` up to the next band. May name a nurture list."""

    name: BandName
    minimum: Decimal
    nurture_list: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How a score is made; `bands` are in rising order, the first starts lowest."""

    points: tuple[RulePoints | DecayingPoints, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeOf:
    """At least so many of these rules."""

    at_least: int
    of: tuple[RuleId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What guards the entry into `stage`: all of `all`, enough of `any`, a score band."""

    stage: Stage
    all: tuple[RuleId, ...] = ()
    any: SomeOf | None = None
    score: BandName | None = None


class AfterRejection(StrEnum):
    """Where a lead goes that sales rejected: back to nurture, there until a date, or out."""

    NURTURE = "nurture"
    SLEEP = "sleep"
    DISQUALIFY = "disqualify"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionReason:
    """One of the reasons both teams agreed on; `id` is stable and kebab-case."""

    id: str
    says: str
    then: AfterRejection


TEAMS = ("marketing", "sales")
"""Who must sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One team's agreement to the content that has this digest (core/standard_digest)."""

    team: str
    name: str
    on: datetime
    digest: str = ""


EVERYBODY = "everybody"
"""The name of what is asked of all leads to whom no variant applies."""
UNTOLD = "unknown"
"""Stands for the variant where it cannot be told which one holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What is asked of the leads of one segment: the same rules, but gates and score of its
    own. `gates` is complete: what a variant does not change it has from everybody's."""

    name: str
    applies: Condition
    gates: Mapping[Stage, Gate]
    scoring: Scoring | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """`gates` and `scoring` hold for everybody to whom none of `variants` applies; the first
    that applies wins. Every variant guards the same stages.

    `signatures` are those to exactly this content; `void` are those to another one, or to
    none that can be told: they count for nothing but to say who has to sign again."""

    version: str
    review_by: date
    signatures: tuple[Signature, ...]
    rules: Mapping[RuleId, Rule]
    gates: Mapping[Stage, Gate]
    scoring: Scoring | None
    variants: tuple[Variant, ...] = ()
    rejections: Mapping[str, RejectionReason] = field(default_factory=dict)
    void: tuple[Signature, ...] = ()

    def is_signed(self) -> bool:
        """Both sides have put their name under it."""
        return set(TEAMS) <= {s.team for s in self.signatures}

    def every_variant(self) -> tuple[Variant, ...]:
        """In the order in which they are asked; last what holds for everybody else."""
        rest = Variant(name=EVERYBODY, applies=AllOf(()), gates=self.gates, scoring=self.scoring)
        return (*self.variants, rest)
