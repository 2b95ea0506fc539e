"""The report: every table of the catalogue for one period, those of cohorts apart from those of
what happened in it.

Makes no number: `catalogue` does, for the dashboard as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncd.measure.facts import Dimension, Facts
from syncd.measure.scope import Scope
from syncd.measure.tables import Basis, Measure, Table

BASIS_TITLES: Mapping[Basis, str] = {
    Basis.COHORT: "Leads of the period, followed until now",
    Basis.PERIOD: "What happened in the period",
}
BASIS_MEANS: Mapping[Basis, str] = {
    Basis.COHORT: (
        "Each table is of leads that did one thing in the period, whatever became of them since. "
        "The youngest may still get further: these numbers grow."
    ),
    Basis.PERIOD: (
        "Each table counts what happened in the period, whenever these leads came. Once the "
        "period is over these numbers stay, but for what is learnt late, deals (told as they "
        "stand today) and people who were erased: they are taken out of the past as well."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Sections of one basis: numbers of two are never in one part."""

    basis: Basis
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`by` is what the tables are split by that can be; `scope.now` is when it was made."""

    scope: Scope
    by: Dimension | None
    parts: tuple[Part, ...]

    def tables(self) -> Iterator[Table]:
        for part in self.parts:
            for section in part.sections:
                yield from section.tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All measures by id, and which of them stand under each title, in the order of the report."""

    measures: Mapping[str, Measure]
    sections: Mapping[str, Sequence[str]]


def report_of(
    catalogue: Catalogue, facts: Facts, scope: Scope, *, by: Dimension | None = None
) -> Report:
    """Every table once, in the catalogue's order within its part."""
    sections = {
        title: [_table(catalogue.measures[x], facts, scope, by) for x in ids]
        for title, ids in catalogue.sections.items()
    }
    parts = (_part(basis, sections) for basis in Basis)
    return Report(scope=scope, by=by, parts=tuple(x for x in parts if x.sections))


def _table(measure: Measure, facts: Facts, scope: Scope, by: Dimension | None) -> Table:
    return measure.table(facts, scope, by if by in measure.dimensions else None)


def _part(basis: Basis, sections: Mapping[str, Sequence[Table]]) -> Part:
    found = {
        title: tuple(x for x in tables if x.basis is basis) for title, tables in sections.items()
    }
    return Part(
        basis=basis,
        sections=tuple(Section(title=title, tables=x) for title, x in found.items() if x),
    )
