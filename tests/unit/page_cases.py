"""The standard that is shipped, and one with a variant, for tests of what people read of it."""

from dataclasses import replace
from decimal import Decimal

from config_files import EXAMPLE

from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    AtLeast,
    Band,
    BandName,
    FieldTest,
    Gate,
    RulePoints,
    Scoring,
    Standard,
    Variant,
)
from syncd.settings.load import load

SHIPPED = load(EXAMPLE, {}, None)


def with_a_variant(standard: Standard) -> Standard:
    enterprise = Variant(
        name="enterprise",
        applies=FieldTest(FieldName("employees"), AtLeast(1000)),
        gates={
            **standard.gates,
            Stage.SQL: Gate(stage=Stage.SQL, all=(RuleId("decision-maker"),)),
        },
        scoring=Scoring(
            points=(RulePoints(rule=RuleId("has-company"), points=Decimal(12)),),
            bands=(
                Band(name=BandName.NURTURE, minimum=Decimal(0)),
                Band(name=BandName.WARM, minimum=Decimal(6), nurture_list="Enterprise stories"),
                Band(name=BandName.SALES_READY, minimum=Decimal(12)),
            ),
        ),
    )
    return replace(standard, variants=(enterprise,))
