"""The shape of the file that says how to read a CSV of leads with outcomes.

Shape, words and examples only; `outcomes_build` makes a `CsvMap` of it. `syncd outcomes map`
writes a first one.
"""

from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from syncd.domain.values import FieldType
from syncd.measure.outcomes import AsOf
from syncd.settings.date_formats import parse_date_format
from syncd.settings.part import Part
from syncd.settings.scalars import CanonicalName, Text, VendorValue

DateFormat = Annotated[
    str,
    PlainValidator(parse_date_format),
    WithJsonSchema({"title": "date format", "type": "string"}),
]
_Words = tuple[VendorValue, ...]


class OutcomePart(Part):
    """What became of a lead, and the words for it. Capitals do not matter; `""` is an empty
    cell. Every word in the CSV must stand under one of them."""

    column: Text = Field(description="The header of the column.", examples=["Ergebnis"])
    won: _Words = Field(min_length=1, description="It became a customer.", examples=[["Gewonnen"]])
    lost: _Words = Field(
        default=(), description="Sales worked it and lost it.", examples=[["Verloren"]]
    )
    rejected: _Words = Field(
        default=(), description="Sales gave it back unworked.", examples=[["Abgelehnt"]]
    )
    recycled: _Words = Field(
        default=(), description="It went back to nurture.", examples=[["Zurück an Marketing"]]
    )
    open: _Words = Field(
        default=(), description="Nothing is decided yet.", examples=[["", "In Arbeit"]]
    )


class OverriddenPart(Part):
    """Which leads a person let through against the standard."""

    column: Text = Field(description="The header of the column.", examples=["Ausnahme"])
    yes: _Words = Field(min_length=1, description="The words that say so.", examples=[["Ja", "X"]])


class CsvFieldPart(Part):
    """One field of the standard: the column it stands in, and how to read it."""

    column: Text = Field(description="The header of the column.", examples=["Mitarbeiterzahl"])
    type: FieldType | None = Field(
        default=None,
        description="What it holds. Needed where the field is not in crm.yaml.",
        examples=["integer"],
    )
    as_of: AsOf | None = Field(
        default=None,
        description=(
            "Whether the values are those of the time of the move (`then`) or of the day of the "
            "export (`now`), which may have come after the outcome. Left out: what the file says."
        ),
        examples=["then"],
    )
    date_format: DateFormat | None = Field(
        default=None, description="How this column writes dates.", examples=["%m/%d/%Y"]
    )
    separator: Text = Field(
        default=";",
        description="What stands between several values (multi-picklist).",
        examples=["|"],
    )
    values: dict[Text, tuple[VendorValue, ...]] = Field(
        default={},
        description=(
            "Values as the standard names them, each with the words the CSV has for it. "
            "Words that are not named stand for themselves."
        ),
        examples=[{"decision-maker": ["Entscheider", "Geschäftsführung"]}],
    )


class OutcomesFile(Part):
    """How to read a CSV of leads with known outcomes (`syncd backtest --csv FILE --map THIS`).
    Each row is one lead that was handed to sales. `syncd outcomes map` writes a first one."""

    delimiter: Literal[",", ";", "|", "tab"] | None = Field(
        default=None,
        description="What stands between cells. Left out: found out from the headers.",
        examples=[";"],
    )
    date_format: DateFormat | None = Field(
        default=None,
        description=(
            "How the CSV writes dates: %d day, %m month, %Y year, %y year in two digits, %b month "
            "by its English name, %H and %M hour and minute, %S second, %I with %p hour with am "
            "or pm. Dates as 2026-03-31 are always read, and a time after the date is read too."
        ),
        examples=["%d.%m.%Y"],
    )
    time_zone: Text = Field(
        default="UTC",
        description="Where the clocks stood that made the times without a zone.",
        examples=["Europe/Berlin"],
    )
    decimals: Literal["point", "comma"] = Field(
        default="point",
        description="Whether 1,234.50 or 1.234,50 is meant by numbers.",
        examples=["comma"],
    )
    blanks: _Words = Field(
        default=(), description="Words that stand for nothing.", examples=[["n/a", "-"]]
    )
    as_of: AsOf = Field(
        default=AsOf.NOW,
        description=(
            "Of which time the fields' values are: of the move to sales (`then`), or of the day "
            "of the export (`now`). Every figure from fields of `now` is marked."
        ),
        examples=["then"],
    )
    lead: Text | None = Field(
        default=None,
        description=(
            "The header of what tells the leads apart; no two rows may have the same. Left out: "
            "every row is a lead of its own."
        ),
        examples=["Kundennummer"],
    )
    name: Text | None = Field(
        default=None, description="The header of what people call a lead.", examples=["Firma"]
    )
    moved_at: Text = Field(
        description=(
            "The header of when the lead was handed to sales. A day without a time counts as its "
            "last second, so that what happened on that day was before."
        ),
        examples=["Übergabe am"],
    )
    outcome: OutcomePart = Field(
        description="What became of it.",
        examples=[{"column": "Ergebnis", "won": ["Gewonnen"], "lost": ["Verloren"]}],
    )
    decided_at: Text | None = Field(
        default=None, description="The header of when that was decided.", examples=["Entschieden"]
    )
    amount: Text | None = Field(
        default=None, description="The header of what was won, in money.", examples=["Auftragswert"]
    )
    source: Text | None = Field(
        default=None, description="The header of where the lead came from.", examples=["Kanal"]
    )
    overridden: OverriddenPart | None = Field(
        default=None,
        description="Which leads were let through against the standard.",
        examples=[{"column": "Ausnahme", "yes": ["Ja"]}],
    )
    fields: dict[CanonicalName, CsvFieldPart] = Field(
        description="The fields that the standard's rules name, by their names there.",
        examples=[{"employees": {"column": "Mitarbeiterzahl", "type": "integer"}}],
    )
