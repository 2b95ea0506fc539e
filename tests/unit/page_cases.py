"""The standard that is shipped, and one with a variant, for tests of what people read of it."""

from dataclasses import replace

from config_files import EXAMPLE

from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import AtLeast, FieldTest, Gate, Standard, Variant
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
        scoring=standard.scoring,
    )
    return replace(standard, variants=(enterprise,))
