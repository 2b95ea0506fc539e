"""What a leader asks first, picked out of the report's tables. Nothing is counted here: each is
a number of a table, and opens to the same leads.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syncd.measure.number_words import is_blank
from syncd.measure.tables import Basis, Column, Number, Row, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A number by the ids of its table, row and column."""

    title: str
    table: str
    row: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    headline: Headline
    column: Column
    number: Number


HEADLINES: Mapping[Basis, tuple[Headline, ...]] = {
    Basis.COHORT: (
        Headline(title="New MQLs", table="funnel", row="mql", column="leads"),
        Headline(title="MQL to SAL", table="funnel", row="sal", column="step"),
        Headline(title="SAL to SQL", table="funnel", row="sql", column="step"),
        Headline(title="SQL to opportunity", table="funnel", row="opportunity", column="step"),
        Headline(title="Opportunity to customer", table="funnel", row="customer", column="step"),
        Headline(title="Offered to be answered", table="answers", row="offered", column="handoffs"),
        Headline(title="Accepted", table="answers", row="accepted", column="all"),
        Headline(
            title="Over without a contact", table="handoff-ends", row="over", column="untouched"
        ),
    ),
    Basis.PERIOD: (
        Headline(title="MQLs that met the standard", table="moves", row="mql", column="conforming"),
        Headline(title="SQLs that met the standard", table="moves", row="sql", column="conforming"),
        Headline(title="Given an owner in time", table="promises", row="assign", column="kept"),
        Headline(title="Answered in time", table="promises", row="accept", column="kept"),
        Headline(title="Contacted in time", table="promises", row="touch", column="kept"),
        Headline(title="Brought to an end in time", table="promises", row="dispose", column="kept"),
        Headline(title="Pipeline", table="pipeline", row="all", column="amount"),
        Headline(title="Leads won", table="revenue", row="all", column="leads"),
        Headline(title="Won", table="revenue", row="all", column="amount"),
    ),
}


def told(headlines: tuple[Headline, ...], tables: Mapping[str, Table]) -> tuple[Told, ...]:
    """Those of which there is something to say, such as no promise that nobody made."""
    return tuple(x for headline in headlines for x in _told(headline, tables))


def _told(headline: Headline, tables: Mapping[str, Table]) -> Iterator[Told]:
    table = tables.get(headline.table)
    row = _row(table, headline.row) if table else None
    if table is None or row is None:
        return
    number = row.numbers.get(headline.column)
    if number is not None and not is_blank(number):
        column = next(x for x in table.columns if x.id == headline.column)
        yield Told(headline=headline, column=column, number=number)


def _row(table: Table, key: str) -> Row | None:
    return next((x for x in table.rows if x.key == key), None)
