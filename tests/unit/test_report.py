"""The report: what happened and what became of a period's leads stand apart, each table once."""

from dataclasses import replace

from report_cases import CATALOGUE, NOTHING, OCTOBER

from syncd.measure.facts import Dimension
from syncd.measure.report import report_of
from syncd.measure.tables import Basis


def test_cohorts_and_what_happened_are_never_in_one_part() -> None:
    report = report_of(CATALOGUE, NOTHING, OCTOBER)

    found = [
        (part.basis, section.title, [x.basis for x in section.tables])
        for part in report.parts
        for section in part.sections
    ]
    assert found == [
        (Basis.COHORT, "The funnel", [Basis.COHORT]),
        (Basis.PERIOD, "The funnel", [Basis.PERIOD]),
        (Basis.PERIOD, "Moves", [Basis.PERIOD]),
    ]


def test_a_part_without_tables_is_left_out() -> None:
    only = replace(CATALOGUE, sections={"Moves": ("waivers",)})

    report = report_of(only, NOTHING, OCTOBER)

    assert [x.basis for x in report.parts] == [Basis.PERIOD]


def test_what_cannot_be_split_stays_whole() -> None:
    report = report_of(CATALOGUE, NOTHING, OCTOBER, by=Dimension.SOURCE)

    assert {x.id: x.by for x in report.tables()} == {
        "funnel": Dimension.SOURCE,
        "nobody": None,
        "waivers": None,
    }
