"""What a leader asks first: numbers of the report's tables, and none of its own."""

import pytest
from dashboard_cases import NOW, facts

from syncd.measure.catalogue import MEASURES
from syncd.measure.headlines import HEADLINES, Headline, told
from syncd.measure.period import period_of
from syncd.measure.scope import Scope
from syncd.measure.sheet import Sheet
from syncd.measure.tables import Table

_OCTOBER = period_of("2026-10", "America/New_York")
SCOPE = Scope(
    start=_OCTOBER.start,
    end=_OCTOBER.end,
    label=_OCTOBER.label,
    time_zone="America/New_York",
    now=NOW,
)
EVERY = [(basis, x) for basis, each in HEADLINES.items() for x in each]


def tables() -> dict[str, Table]:
    return {x.table: MEASURES[x.table].table(facts(), SCOPE) for _, x in EVERY}


@pytest.mark.parametrize(("basis", "headline"), EVERY, ids=lambda x: getattr(x, "title", x))
def test_every_headline_is_a_number_of_a_table_of_its_basis(
    basis: object, headline: Headline
) -> None:
    sheet = MEASURES[headline.table]

    assert isinstance(sheet, Sheet)
    assert sheet.basis is basis
    assert headline.column in {x.id for x in sheet.headings}


def test_headlines_are_told_as_their_table_tells_them() -> None:
    made = tables()

    found = [x for each in HEADLINES.values() for x in told(each, made)]

    assert {"New MQLs", "MQL to SAL", "Offered to be answered", "Leads won"} <= {
        x.headline.title for x in found
    }
    for x in found:
        row = next(r for r in made[x.headline.table].rows if r.key == x.headline.row)
        assert x.number is row.numbers[x.headline.column]


def test_nothing_is_told_of_what_nobody_promised_or_judged() -> None:
    found = [x.headline.title for each in HEADLINES.values() for x in told(each, tables())]

    assert not {"Contacted in time", "MQLs that met the standard"} & set(found)
