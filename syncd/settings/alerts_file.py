"""The shape of `alerts` in config/policy.yaml: who is told what, and how often.

Shape, words and examples only; `alerts_build` makes the domain's AlertPolicy of it.
"""

from pydantic import Field

from syncd.domain.alert import AlertKind
from syncd.settings.durations import ElapsedTime, PositiveTime
from syncd.settings.part import Part
from syncd.settings.scalars import Text, Whole


class GroupPart(Part):
    """How many alerts become few messages."""

    wait: ElapsedTime = Field(
        default="30 seconds",
        validate_default=True,
        description="So long an alert waits for more of its kind to the same channel.",
        examples=["30 seconds"],
    )
    interval: ElapsedTime = Field(
        default="5 minutes",
        validate_default=True,
        description=(
            "At most one message for all alerts of a kind to the same channel in this time."
        ),
        examples=["5 minutes"],
    )
    alone: Whole = Field(
        default=5,
        ge=0,
        description=(
            "As long as a channel gets no more than this of a kind in that time, alerts for one "
            "person go at once and each in its own message, with its buttons."
        ),
        examples=[5],
    )


class AlertsPart(Part):
    """Who is told."""

    channel: Text = Field(
        description="The channel for everything not routed elsewhere, by its name in crm.yaml.",
        examples=["revops"],
    )
    routes: dict[AlertKind, Text] = Field(
        default={},
        description="Channels by kind of alert.",
        examples=[{"handoff": "sales", "recycled": "marketing"}],
    )
    manager: Text | None = Field(
        default=None,
        description="The email of the person told when a promise is broken.",
        examples=["sales.manager@example.com"],
    )
    group: GroupPart = Field(
        default={},
        validate_default=True,
        description="How many alerts become few messages.",
        examples=[{"wait": "30 seconds", "interval": "5 minutes"}],
    )
    quiet: dict[Text, Text] = Field(
        default={},
        description=(
            "Quiet hours: while this calendar is closed its channel gets nothing that can wait; "
            "what waited is one message when it opens. A CRM that cannot be read, a plan to "
            "approve, mistakes in the configuration and whatever is due before the morning are "
            "told at any hour."
        ),
        examples=[{"sales": "sales"}],
    )
    repeat: PositiveTime = Field(
        default="24 hours",
        validate_default=True,
        description=(
            "So often a trouble that lasts is told again: a CRM that cannot be read, a plan "
            "that waits for approval, mistakes in the configuration."
        ),
        examples=["24 hours"],
    )
