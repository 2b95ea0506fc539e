"""How the columns are called that stand beside a lead's fields. Names only."""

from syncd.domain.names import FieldName, RuleId

RESULT, SCORE, BAND = "_result", "_score", "_band"
"""Whether the gate lets the lead pass (null where that is unknown); the points and the name of
their band, null where the standard has no score."""


def rule_column(rule: RuleId) -> str:
    """The column that says whether the rule is met: true, false, or null where unknown."""
    return f"!{rule}"


def unreadable_column(field: FieldName) -> str:
    """The column that is true where a value of the field could not be read."""
    return f"?{field}"


PASSING = "!!"
"""Columns that begin so are there only while judging."""
