"""The shape of config/policy.yaml: what is done about the standard.

Shape, words and examples only; `policy_build` makes the domain's Policy of it.
"""

from pydantic import Field

from syncd.domain.stage import Stage
from syncd.settings.alerts_file import AlertsPart
from syncd.settings.durations import AnySpan, ElapsedTime, PositiveSpan, PositiveTime
from syncd.settings.gate_mode import EXAMPLE, ModeOfGate
from syncd.settings.handoff_file import HandoffPart
from syncd.settings.hours import Hours
from syncd.settings.measure_file import TargetsPart
from syncd.settings.part import Part
from syncd.settings.people import DaysOff, Email
from syncd.settings.scalars import (
    AboveZero,
    CampaignId,
    Day,
    Digits,
    Flag,
    Instant,
    KebabName,
    Percent,
    Text,
    Whole,
)


class HolidaysPart(Part):
    """Public holidays, from the `holidays` package (with days observed instead)."""

    country: Text = Field(description="The country's two-letter code.", examples=["US"])
    subdivision: Text | None = Field(
        default=None, description="A state or region, where they differ.", examples=["NY"]
    )


class CalendarPart(Part):
    """When a team works."""

    time_zone: Text = Field(description="An IANA time zone.", examples=["America/New_York"])
    hours: Hours = Field(
        description=(
            "Opening hours by day or range of days, or `round the clock`. Days left out are "
            "closed; several shifts a day are a list. One over midnight (`22:00-06:00`, up to "
            "12 hours) is of the day it begins on."
        ),
        examples=[{"monday-friday": "09:00-17:30"}],
    )
    holidays: HolidaysPart | None = Field(
        default=None, description="Public holidays are closed.", examples=[{"country": "US"}]
    )
    closed: tuple[Day, ...] = Field(
        default=(),
        description="More days off, whole days: no shift begins on them.",
        examples=[["2026-12-24"]],
    )


class RecyclePart(Part):
    """What happens to a lead that sales did not take in time, or gave back."""

    to_stage: Stage = Field(
        default=Stage.NURTURE, description="The stage it goes back to.", examples=["nurture"]
    )
    owner: Email | None = Field(
        default=None,
        description="The email of the person who then owns it. Leave both out to keep the owner.",
        examples=["nurture@example.com"],
    )
    queue: Text | None = Field(
        default=None,
        description="The queue that then owns it, where the CRM has queues.",
        examples=["Marketing Nurture"],
    )
    reason: Text = Field(
        description="Written into the recycle reason field.",
        examples=["Not accepted by sales in time"],
    )
    cool_off: AnySpan = Field(
        description="So long it may not become MQL again.", examples=["14 days"]
    )
    most_cycles: Whole = Field(
        ge=1, description="How often a lead may come round in all.", examples=[3]
    )
    retire_to: Stage = Field(
        default=Stage.DISQUALIFIED,
        description="The stage it goes to when its last round is over. It stays there.",
        examples=["disqualified"],
    )
    requalify_points: AboveZero | None = Field(
        default=None,
        description=(
            "So many points of behaviour, as standard.yaml gives them, it must have gathered "
            "since it was recycled before it may become MQL again. Left out: none."
        ),
        examples=[20],
    )
    nurture_list: Digits | None = Field(
        default=None,
        description="The id of the HubSpot list it joins. The list must be a static one.",
        examples=[87],
    )
    campaign: CampaignId | None = Field(
        default=None,
        description="The id of the Salesforce campaign it joins.",
        examples=["701000000000001AAA"],
    )


class LimitPart(Part):
    """At most so many records in an hour, or this share of the linked leads if that is more."""

    records: Whole = Field(ge=0, description="Records in a rolling hour.", examples=[200])
    percent: Percent = Field(
        default=0, description="Share of the linked leads, in percent.", examples=[5]
    )


class BrakePart(Part):
    """How much may be written in an hour, by class of write."""

    default: LimitPart = Field(
        description="For every class not named below.", examples=[{"records": 200, "percent": 10}]
    )
    propagate: LimitPart | None = Field(
        default=None,
        description="Stages carried from one CRM to the other.",
        examples=[{"records": 200}],
    )
    revert: LimitPart | None = Field(
        default=None, description="Moves taken back.", examples=[{"records": 100}]
    )
    recycle: LimitPart | None = Field(
        default=None, description="Leads sent back to marketing.", examples=[{"records": 100}]
    )
    reassign: LimitPart | None = Field(
        default=None,
        description="Leads given to somebody else because a promise was missed.",
        examples=[{"records": 50}],
    )
    sync: LimitPart | None = Field(
        default=None, description="Other fields carried over.", examples=[{"records": 500}]
    )
    create: LimitPart | None = Field(
        default=None,
        description="Missing records made in the other CRM.",
        examples=[{"records": 50}],
    )
    repair: LimitPart | None = Field(
        default=None,
        description="Old disagreements repaired by `syncd backfill --apply`.",
        examples=[{"records": 500}],
    )
    mark: LimitPart | None = Field(
        default=None,
        description="The fields in which syncd explains itself.",
        examples=[{"records": 1000}],
    )
    reapply: LimitPart | None = Field(
        default=None,
        description="Refused automatic moves made again.",
        examples=[{"records": 50}],
    )


class PolicyFile(Part):
    """What syncd does about the standard: how firmly, how fast, and whom it tells."""

    modes: dict[Stage, ModeOfGate] = Field(
        description=(
            "What happens to a move that fails its gate: `observe` records it, `flag` marks it "
            "and alerts, `block` moves it back and explains. A gate without a mode observes. One "
            "that is to block also needs the checksum of a preview, which `syncd plan` prints: "
            "without it, it flags."
        ),
        examples=[{"mql": "flag", "sql": {"mode": "block", "previewed": EXAMPLE}}],
    )
    grace: ElapsedTime = Field(
        default="5 minutes",
        validate_default=True,
        description="So long a failing move waits for the rep to complete the record.",
        examples=["5 minutes"],
    )
    reapply: Flag = Field(
        default=False,
        description="Make a refused automatic move again once the lead qualifies.",
        examples=[False],
    )
    contested_after: Whole = Field(
        default=3,
        ge=1,
        description="After the same refused move so many times, stop and call a person.",
        examples=[3],
    )
    refusal_memory: PositiveTime = Field(
        default="30 days",
        validate_default=True,
        description="So long a refused move is remembered, to tell its mover once it qualifies.",
        examples=["30 days"],
    )
    entry_stage: Stage = Field(
        default=Stage.LEAD,
        description="Where a record created straight into a guarded stage is moved back to.",
        examples=["lead"],
    )
    enforce_from: Instant | None = Field(
        default=None,
        description="Moves before this instant are recorded only. Left out: from the first start.",
        examples=["2026-12-01T09:00:00Z"],
    )
    waivable_by: Text = Field(
        description="Who can grant an exception, in the words reps will read.",
        examples=["your RevOps manager"],
    )
    approvers: tuple[Email, ...] = Field(
        default=(),
        description="Who may grant an exception that somebody asked for in Slack, by email.",
        examples=[["revops@example.com"]],
    )
    calendars: dict[str, CalendarPart] = Field(
        description="Business calendars by name.",
        examples=[
            {
                "sales": {
                    "time_zone": "America/New_York",
                    "hours": {"monday-friday": "09:00-17:30"},
                }
            }
        ],
    )
    away: dict[Email, tuple[DaysOff, ...]] = Field(
        default={},
        description=(
            "Days off by the person's email, single ones or from the first to the last: their "
            "clocks stand still, and they are given no lead."
        ),
        examples=[{"ann@example.com": ["2026-12-21", "2026-12-28..2027-01-02"]}],
    )
    handoffs: dict[KebabName, HandoffPart] = Field(
        min_length=1,
        description=(
            "What sales promises for the leads offered to it, by kind of lead. The first whose "
            "condition holds counts; the last one has none and takes the rest."
        ),
        examples=[
            {
                "everybody": {
                    "calendar": "sales",
                    "accept_within": "4 business hours",
                    "ladder": {"recycle_after": "1 business day"},
                }
            }
        ],
    )
    snooze: PositiveSpan | None = Field(
        default=None,
        description=(
            "So much longer the owner has after asking for it, once for each lead offered. Left "
            "out: nobody can ask."
        ),
        examples=["4 business hours"],
    )
    recycle: RecyclePart = Field(
        description="The way back to marketing.",
        examples=[{"reason": "Not accepted in time", "cool_off": "14 days", "most_cycles": 3}],
    )
    brake: BrakePart = Field(
        default={"default": {"records": 100, "percent": 5}},
        validate_default=True,
        description="How much may be written in an hour; the rest waits for a person's approval.",
        examples=[{"default": {"records": 200, "percent": 10}, "recycle": {"records": 50}}],
    )
    alerts: AlertsPart = Field(description="Who is told what.", examples=[{"channel": "revops"}])
    targets: TargetsPart = Field(
        default={},
        validate_default=True,
        description="What the team wants its numbers to be; reports show them beside each other.",
        examples=[{"conversion": {"sal": "85%"}, "in_time": {"touch": "90%"}}],
    )
    teams: dict[KebabName, tuple[Email, ...]] = Field(
        default={},
        description="Who is in which team, by email; numbers can be seen by team.",
        examples=[{"smb": ["ann@example.com", "bo@example.com"]}],
    )
    spend: Text | None = Field(
        default=None,
        description=(
            "A file of what was spent on each source in each month, for the cost of a lead: a "
            "CSV with the columns source, month and amount, or YAML. Its path counts from here."
        ),
        examples=["spend.csv"],
    )
