"""The first page: what a leader asks first of a period. Every number on it is one of the
report's, and opens to the same leads."""

from collections.abc import Iterator, Mapping

from starlette.responses import Response

from syncd.adapters.web.filters import Asked
from syncd.adapters.web.funnel_pages import filters, slug
from syncd.adapters.web.visit import Visit
from syncd.measure.headlines import HEADLINES, told
from syncd.measure.report import BASIS_TITLES
from syncd.measure.tables import Table

_DRAWN = ("funnel", "handoff-ends")


def overview(visit: Visit) -> Response:
    """What the address splits by is left out: a headline is of all."""
    asked = visit.asked().split(None)
    tables = _tables(visit, asked)
    return visit.page(
        "overview.html",
        here="overview",
        asked=asked,
        filters=filters(visit, asked),
        groups=[(BASIS_TITLES[x], told(each, tables)) for x, each in HEADLINES.items()],
        drawn=list(_drawn(visit, tables)),
    )


def _tables(visit: Visit, asked: Asked) -> Mapping[str, Table]:
    wanted = {x.table for each in HEADLINES.values() for x in each}
    return {x: visit.moment.table(x, asked) for x in visit.views.measures if x in wanted}


def _drawn(
    visit: Visit, tables: Mapping[str, Table]
) -> Iterator[tuple[Table, str, tuple[str, str]]]:
    """Each with the section it is from: its title, and its address."""
    for title, ids in visit.views.sections.items():
        for table in (tables[x] for x in ids if x in _DRAWN):
            if drawing := visit.moment.drawing(table):
                yield table, drawing, (title, slug(title))
