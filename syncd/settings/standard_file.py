"""The shape of config/standard.yaml: what qualified means, as both teams signed it.

Shape, words and examples only; `standard_build` checks what it means and makes the
domain's Standard of it.
"""

from typing import Literal

from pydantic import Field

from syncd.domain.stage import Stage
from syncd.domain.standard import RuleKind
from syncd.settings.durations import PositiveTime
from syncd.settings.part import Part
from syncd.settings.scalars import CanonicalName, Day, Number, RuleName, Scalar, Text, Whole, Yes


class SignaturePart(Part):
    """One team's agreement."""

    team: Literal["marketing", "sales"] = Field(
        description="The team that agrees. Both must sign before a gate may block.",
        examples=["marketing"],
    )
    name: Text = Field(description="Who signed for the team.", examples=["Ada Moreau"])
    on: Day = Field(description="The day it was signed.", examples=["2026-11-02"])


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


class _RuleHead(Part):
    id: RuleName = Field(
        description=(
            "The rule's lasting name, in kebab-case. It appears unchanged in Slack, notes, the "
            "audit and reports: never reuse it for another rule."
        ),
        examples=["employees-50-plus"],
    )
    kind: RuleKind = Field(description="Which part of qualifying it belongs to.", examples=["fit"])
    says: Text = Field(
        description="The requirement in one sentence, as people read it everywhere.",
        examples=["The company has at least 50 employees"],
    )
    fix: Text = Field(
        description="What a rep does about it when it is not met.",
        examples=["Look the headcount up and fill in Employees."],
    )


class RulePart(ConditionPart, _RuleHead):
    """One requirement: who it is, what it says, and one test or group of tests."""


class SomeOfPart(Part):
    """Enough of several rules."""

    at_least: Whole = Field(ge=1, description="How many must be met.", examples=[2])
    of: tuple[RuleName, ...] = Field(
        min_length=1,
        description="The rules that count.",
        examples=[["need-stated", "timeline-90-days", "demo-attended"]],
    )


class GatePart(Part):
    """What guards the entry into one stage. All that is named must hold."""

    all: tuple[RuleName, ...] = Field(
        default=(),
        description="Rules that must all be met.",
        examples=[["decision-maker", "budget-confirmed"]],
    )
    any: SomeOfPart | None = Field(
        default=None,
        description="Rules of which enough must be met.",
        examples=[{"at_least": 2, "of": ["need-stated", "timeline-90-days", "demo-attended"]}],
    )
    score: Literal["nurture", "warm", "sales-ready"] | None = Field(
        default=None,
        description="The score band the lead must have reached (or a higher one).",
        examples=["sales-ready"],
    )


class PointsPart(Part):
    """Points for a rule that is met, or for behaviour that fades."""

    rule: RuleName | None = Field(
        default=None, description="Points for this rule while it is met.", examples=["has-company"]
    )
    behaviour: Text | None = Field(
        default=None,
        description="A name for points that fade, as people should read it.",
        examples=["recent engagement"],
    )
    field: CanonicalName | None = Field(
        default=None,
        description="The date or time of the latest such behaviour.",
        examples=["last_engaged_at"],
    )
    points: Number = Field(
        description="How much it adds; a negative number takes away.", examples=[20]
    )
    half_life: PositiveTime | None = Field(
        default=None, description="After this time half the points are left.", examples=["30 days"]
    )


class BandPart(Part):
    """One band of scores."""

    from_: Number = Field(alias="from", description="The lowest score of this band.", examples=[30])
    nurture_list: Text | None = Field(
        default=None,
        alias="list",
        description="The nurture list of leads in this band.",
        examples=["Warm leads newsletter"],
    )


class BandsPart(Part):
    """The three bands, lowest first. Scores below the first band's `from` fall in it too."""

    nurture: BandPart = Field(description="Not ready: marketing goes on.", examples=[{"from": 0}])
    warm: BandPart = Field(description="Worth watching.", examples=[{"from": 30}])
    sales_ready: BandPart = Field(
        alias="sales-ready", description="Ready for sales.", examples=[{"from": 60}]
    )


class ScorePart(Part):
    """How a score is made, and what it means."""

    points: tuple[PointsPart, ...] = Field(
        min_length=1,
        description="What adds to the score.",
        examples=[[{"rule": "employees-50-plus", "points": 20}]],
    )
    bands: BandsPart = Field(
        description="Where one band ends and the next begins.",
        examples=[{"nurture": {"from": 0}, "warm": {"from": 30}, "sales-ready": {"from": 60}}],
    )


class StandardFile(Part):
    """What qualified means. Marketing and sales sign it; syncd holds both to it."""

    version: Text = Field(
        description="Changes with every change of the standard; verdicts name it.",
        examples=["2026.1"],
    )
    review_by: Day = Field(
        description="After this day no gate blocks until the standard is reviewed.",
        examples=["2027-06-30"],
    )
    signed: tuple[SignaturePart, ...] = Field(
        default=(),
        description="Who agreed. Without both teams no gate blocks.",
        examples=[[{"team": "sales", "name": "Ben Okafor", "on": "2026-11-02"}]],
    )
    rules: tuple[RulePart, ...] = Field(
        min_length=1,
        description="The requirements, each with a lasting id.",
        examples=[
            [
                {
                    "id": "employees-50-plus",
                    "kind": "fit",
                    "says": "The company has at least 50 employees",
                    "field": "employees",
                    "at_least": 50,
                    "fix": "Look the headcount up and fill in Employees.",
                }
            ]
        ],
    )
    score: ScorePart | None = Field(
        default=None,
        description="Points and bands. Leave it out if no gate asks for a band.",
        examples=[
            {
                "points": [{"rule": "employees-50-plus", "points": 20}],
                "bands": {
                    "nurture": {"from": 0},
                    "warm": {"from": 30},
                    "sales-ready": {"from": 60},
                },
            }
        ],
    )
    gates: dict[Stage, GatePart] = Field(
        description="What guards each stage, by stage. `mql` and `sql` always have a gate.",
        examples=[{"mql": {"all": ["employees-50-plus"]}, "sql": {"all": ["decision-maker"]}}],
    )
