"""The shape of what config/policy.yaml says about numbers: the team's targets.

Shape, words and examples only. Nothing is enforced by them.
"""

from pydantic import Field

from syncd.domain.handoff import ClockName
from syncd.domain.stage import Stage
from syncd.domain.targets import Targets
from syncd.settings.part import Part
from syncd.settings.scalars import Share


class ConversionPart(Part):
    """Of the leads that reached the step before, so many reach this one."""

    mql: Share | None = Field(default=None, description="Of all leads.", examples=["20%"])
    sal: Share | None = Field(
        default=None, description="Of the MQLs: accepted by sales.", examples=["85%"]
    )
    sql: Share | None = Field(default=None, description="Of the SALs.", examples=["60%"])
    opportunity: Share | None = Field(default=None, description="Of the SQLs.", examples=["70%"])
    customer: Share | None = Field(
        default=None, description="Of the opportunities.", examples=["25%"]
    )


class InTimePart(Part):
    """Of the promises that were due, so many are kept."""

    assign: Share | None = Field(
        default=None, description="Somebody has the lead.", examples=["95%"]
    )
    accept: Share | None = Field(default=None, description="It is accepted.", examples=["90%"])
    touch: Share | None = Field(
        default=None, description="Somebody was in touch with it.", examples=["90%"]
    )
    disposition: Share | None = Field(
        default=None, description="It is qualified or given back.", examples=["80%"]
    )


class TargetsPart(Part):
    """What the team wants its numbers to be. Reports show each number against its target;
    nothing else is done about one that is missed."""

    conversion: ConversionPart = Field(
        default={},
        validate_default=True,
        description="From each step of the funnel to the next.",
        examples=[{"sal": "85%", "sql": "60%"}],
    )
    in_time: InTimePart = Field(
        default={},
        validate_default=True,
        description="Promises kept.",
        examples=[{"touch": "90%"}],
    )

    def targets(self) -> Targets:
        """Only those that are named."""
        steps, kept = self.conversion, self.in_time
        wanted = {
            Stage.MQL: steps.mql,
            Stage.SAL: steps.sal,
            Stage.SQL: steps.sql,
            Stage.OPPORTUNITY: steps.opportunity,
            Stage.CUSTOMER: steps.customer,
        }
        in_time = {
            ClockName.ASSIGN: kept.assign,
            ClockName.ACCEPT: kept.accept,
            ClockName.TOUCH: kept.touch,
            ClockName.DISPOSE: kept.disposition,
        }
        return Targets(
            conversion={stage: share for stage, share in wanted.items() if share is not None},
            in_time={clock: share for clock, share in in_time.items() if share is not None},
        )
