"""The shape of the file that says what was spent, where it is YAML. Shape and words only."""

from pydantic import Field

from syncd.settings.part import Part
from syncd.settings.scalars import Month, Spent, Text


class SpendFile(Part):
    """What was spent on each source, month by month, all in one currency. As a CSV it has the
    columns `source`, `month` and `amount`, and a line for each."""

    spend: dict[Text, dict[Month, Spent]] = Field(
        description="By source, as the leads have it, and month.",
        examples=[{"Paid Search": {"2026-10": 12000, "2026-11": 9500}}],
    )
