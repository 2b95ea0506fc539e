"""The shape of a condition, as rules of standard.yaml and handoffs of policy.yaml ask it.

Shape, words and examples only; `condition_build` makes the domain's Condition of it.
"""

from pydantic import Field

from syncd.settings.durations import PositiveTime
from syncd.settings.part import Part
from syncd.settings.scalars import CanonicalName, Number, Scalar, Text, Yes


class WindowPart(Part):
    """A stretch of days before or after the moment of judging."""

    last: PositiveTime | None = Field(
        default=None, description="Not longer ago than this.", examples=["30 days"]
    )
    next: PositiveTime | None = Field(
        default=None, description="Not further ahead than this.", examples=["90 days"]
    )


class ConditionPart(Part):
    """One test of one field, or a group of conditions."""

    field: CanonicalName | None = Field(
        default=None,
        description="The field that is tested, by its name in crm.yaml.",
        examples=["employees"],
    )
    present: Yes | None = Field(default=None, description="The field has a value.", examples=[True])
    blank: Yes | None = Field(default=None, description="The field is empty.", examples=[True])
    is_: Scalar | None = Field(
        default=None, alias="is", description="Exactly this value.", examples=["decision-maker"]
    )
    one_of: tuple[Scalar, ...] | None = Field(
        default=None,
        min_length=1,
        description="Any of these values.",
        examples=[["decision-maker", "champion"]],
    )
    none_of: tuple[Scalar, ...] | None = Field(
        default=None,
        min_length=1,
        description="None of these values; an empty field passes.",
        examples=[["student"]],
    )
    at_least: Number | None = Field(default=None, description="This number or more.", examples=[50])
    at_most: Number | None = Field(
        default=None, description="This number or less.", examples=[5000]
    )
    between: tuple[Number, ...] | None = Field(
        default=None, description="From the first number to the second.", examples=[[50, 5000]]
    )
    matches: Text | None = Field(
        default=None,
        description=(
            "A regular expression the whole value must match (RE2: no look-ahead, no back "
            "references). Put it in single quotes. `(?i)` in front ignores capitals."
        ),
        examples=[r"[^@\s]+@[^@\s]+\.[a-z]+"],
    )
    in_words: Text | None = Field(
        default=None,
        description="What the pattern asks for, as reps should read it.",
        examples=["an address such as ann@company.com"],
    )
    within: WindowPart | None = Field(
        default=None,
        description="A date in the last or the next so many days.",
        examples=[{"last": "30 days"}],
    )
    all: tuple["ConditionPart", ...] | None = Field(
        default=None,
        min_length=1,
        description="Every one of these conditions holds.",
        examples=[[{"field": "employees", "at_least": 50}]],
    )
    any: tuple["ConditionPart", ...] | None = Field(
        default=None,
        min_length=1,
        description="At least one of these conditions holds.",
        examples=[[{"field": "employees", "at_least": 50}]],
    )
    not_: "ConditionPart | None" = Field(
        default=None,
        alias="not",
        description="This condition does not hold.",
        examples=[{"field": "country", "is": "Nowhere"}],
    )
