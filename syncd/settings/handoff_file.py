"""The shape of `handoffs:` in config/policy.yaml: what sales promises for a kind of lead.

Shape, words and examples only; `handoff_build` makes the domain's segments of it.
"""

from pydantic import Field

from syncd.domain.policy import AcceptNeeds
from syncd.settings.condition_file import ConditionPart
from syncd.settings.durations import AnySpan, PositiveSpan
from syncd.settings.part import Part
from syncd.settings.people import Email, Receiver
from syncd.settings.scalars import Share, Text


class LadderPart(Part):
    """What follows as a promise runs out and is missed. Each step is taken once, and no step
    comes before the one above it. Breaches are always told; a step left out is not taken."""

    warn_at: Share = Field(
        default="75%",
        validate_default=True,
        description="Warn whoever has the lead when this share of a promised time has passed.",
        examples=["75%"],
    )
    escalate_after: AnySpan | None = Field(
        default=None,
        description="So long after a missed deadline the manager is told.",
        examples=["1 business hour"],
    )
    reassign_after: AnySpan | None = Field(
        default=None,
        description=(
            "So long after the deadline to assign it, to accept it or to get in touch, somebody "
            "else gets the lead, with new clocks. Once for each lead offered."
        ),
        examples=["2 business hours"],
    )
    reassign_to: tuple[Receiver, ...] = Field(
        default=(),
        description=(
            "Who gets it then: the first of these who is neither away nor inactive, and does not "
            "have it already."
        ),
        examples=[["ann@example.com", {"queue": "Inbound"}]],
    )
    recycle_after: AnySpan | None = Field(
        default=None,
        description=(
            "So long after the deadline to assign or to accept it, it is recycled. A lead that "
            "sales has accepted never is."
        ),
        examples=["1 business day"],
    )


class HandoffPart(Part):
    """What sales promises for one kind of lead. Business time counts on the calendar, and not
    on the days off of whoever has the lead."""

    when: ConditionPart | None = Field(
        default=None,
        description=(
            "Which leads it is for, asked as rules of standard.yaml ask. A lead belongs to the "
            "first handoff whose condition holds; the last one has none and takes the rest."
        ),
        examples=[{"field": "source", "is": "Demo request"}],
    )
    calendar: Text = Field(
        description="Which of the calendars the times are counted on.", examples=["sales"]
    )
    assign_within: PositiveSpan = Field(
        default="2 business hours",
        validate_default=True,
        description=(
            "From the MQL until somebody owns the lead. This delay is nobody's in sales, and "
            "none of the clocks below runs before it is over."
        ),
        examples=["30 business minutes"],
    )
    accept_within: PositiveSpan = Field(
        description="From the assignment until the owner accepts the lead.",
        examples=["4 business hours"],
    )
    touch_within: PositiveSpan | None = Field(
        default=None,
        description="From the assignment until a person gets in touch. Left out: not promised.",
        examples=["1 business day"],
    )
    disposition_within: PositiveSpan | None = Field(
        default=None,
        description="From the acceptance until it is SQL or rejected. Left out: not promised.",
        examples=["20 business days"],
    )
    accept_needs: AcceptNeeds = Field(
        default=AcceptNeeds.STAGE,
        description=(
            "What counts as accepting: `stage`, saying so in a CRM or in Slack; `activity`, "
            "having done something for the lead as well."
        ),
        examples=["activity"],
    )
    manager: Email | None = Field(
        default=None,
        description="Who is told when this promise is broken. Left out: the one under alerts.",
        examples=["sales.manager@example.com"],
    )
    ladder: LadderPart = Field(
        description="What follows when a promise is missed.",
        examples=[{"escalate_after": "1 business hour", "recycle_after": "1 business day"}],
    )
