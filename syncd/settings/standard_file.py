"""The shape of config/standard.yaml: what qualified means, as both teams signed it.

Shape, words and examples only; `standard_build` checks what it means and makes the
domain's Standard of it.
"""

from typing import Literal

from pydantic import Field

from syncd.domain.stage import Stage
from syncd.domain.standard import AfterRejection, RuleKind
from syncd.settings.condition_file import ConditionPart
from syncd.settings.durations import PositiveTime
from syncd.settings.part import Part
from syncd.settings.scalars import (
    CanonicalName,
    Day,
    DayOrInstant,
    KebabName,
    Number,
    RuleName,
    Text,
    Whole,
)


class SignaturePart(Part):
    """One team's agreement to exactly this content. `syncd standard sign` writes it."""

    team: Literal["marketing", "sales"] = Field(
        description="The team that agrees. Both must sign before a gate may block.",
        examples=["marketing"],
    )
    name: Text = Field(description="Who signed for the team.", examples=["Ada Moreau"])
    on: DayOrInstant = Field(description="When it was signed.", examples=["2026-11-02T09:30:00Z"])
    digest: Text | None = Field(
        default=None,
        description=(
            "What was signed: a fingerprint of every word and number of the standard, not of "
            "its layout and comments. A signature without it, or with another one than the "
            "file now has, does not count."
        ),
        examples=["0a4d55a8d778e5022fab701977c5d840bbc486d0b7ae6f8a0cd2ab4ef3b1a1e5"],
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
    why: Text | None = Field(
        default=None,
        description="Why both teams ask for it, as `syncd standard show` prints it.",
        examples=["Smaller companies leave within the first year."],
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


class VariantScorePart(Part):
    """What is different in the score of a variant."""

    points: tuple[PointsPart, ...] | None = Field(
        default=None,
        min_length=1,
        description="What adds to the score. Left out: what adds to everybody's.",
        examples=[[{"rule": "employees-50-plus", "points": 20}]],
    )
    bands: BandsPart | None = Field(
        default=None,
        description="Where one band ends and the next begins. Left out: everybody's bands.",
        examples=[{"nurture": {"from": 0}, "warm": {"from": 40}, "sales-ready": {"from": 80}}],
    )


class VariantPart(Part):
    """What is asked of one kind of lead: the same rules, but gates and a score of its own.
    Verdicts, notes and alerts name it, and so does `syncd explain`."""

    name: KebabName = Field(
        description=(
            "Its lasting name, in kebab-case. `everybody` is the name of what holds for all others."
        ),
        examples=["enterprise"],
    )
    when: ConditionPart = Field(
        description=(
            "Which leads it is for, asked as rules ask. Where a field cannot be read and so it "
            "cannot be told, the verdict is what all it may be agree on; else it is unknown and "
            "says why."
        ),
        examples=[{"field": "employees", "at_least": 1000}],
    )
    gates: dict[Stage, GatePart] = Field(
        default={},
        description=(
            "Gates that stand in the place of everybody's, each whole. A stage that is not named "
            "has everybody's gate; one that everybody has no gate for cannot be named."
        ),
        examples=[{"sql": {"all": ["decision-maker", "budget-confirmed"]}}],
    )
    score: VariantScorePart | None = Field(
        default=None,
        description="What is different in its score. Left out: everybody's score.",
        examples=[
            {"bands": {"nurture": {"from": 0}, "warm": {"from": 40}, "sales-ready": {"from": 80}}}
        ],
    )


class RejectionPart(Part):
    """One reason for which sales gives a lead back."""

    says: Text = Field(
        description="The reason in one sentence, as people read it everywhere.",
        examples=["The time is not right for them"],
    )
    then: AfterRejection = Field(
        description=(
            "Where the lead goes: `nurture` back to marketing, `sleep` likewise until a day that "
            "is named with it, `disqualify` out."
        ),
        examples=["sleep"],
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
        description=(
            "Who agreed, written by `syncd standard sign`. Without both teams no gate blocks."
        ),
        examples=[
            [
                {
                    "team": "sales",
                    "name": "Ben Okafor",
                    "on": "2026-11-02T09:30:00Z",
                    "digest": "0a4d55a8d778e5022fab701977c5d840bbc486d0b7ae6f8a0cd2ab4ef3b1a1e5",
                }
            ]
        ],
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
    variants: tuple[VariantPart, ...] = Field(
        default=(),
        description=(
            "What is asked of some kinds of leads instead. A lead belongs to the first variant "
            "whose condition holds; the gates and the score above are for everybody else, so "
            "that no lead is without a standard. `syncd check` refuses a variant that no lead "
            "can come to, and warns where two hold for the same lead."
        ),
        examples=[
            [
                {
                    "name": "enterprise",
                    "when": {"field": "employees", "at_least": 1000},
                    "gates": {"sql": {"all": ["decision-maker", "budget-confirmed"]}},
                }
            ]
        ],
    )
    rejections: dict[KebabName, RejectionPart] = Field(
        default={},
        description=(
            "The reasons for which sales may reject a lead, by lasting ids in kebab-case. "
            "Without any, a lead offered to sales cannot be rejected in Slack."
        ),
        examples=[{"bad-timing": {"says": "The time is not right for them", "then": "sleep"}}],
    )
