"""The pages of numbers: each section of the report, the leads behind a number, and both as CSV."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import polars as pl
from starlette.responses import RedirectResponse, Response

from syncd.adapters.web.filters import Asked
from syncd.adapters.web.views import OpenHandoff
from syncd.adapters.web.visit import Nothing, Visit
from syncd.measure.facts import Dimension
from syncd.measure.layout import from_the_first_month
from syncd.measure.period import latest_months
from syncd.measure.table_csv import csv_of, rounds_csv
from syncd.measure.tables import Basis, Table

SHOWN = 200
"""Lines of a page of leads."""
_FIRST, _ALL = 20, 100_000
"""Rows of a table that a page shows, and of which it is asked to show all."""
_MONTHS = 15
_LONGEST_NUMBER = 6
"""Digits of the number of a page: more are none of ours."""
PAGE = "page"
_ROW, _COLUMN, _ROWS = "row", "column", "rows"
Part = TypeVar("Part", pl.DataFrame, Sequence[OpenHandoff])
BASIS_WORDS = {
    Basis.COHORT: "Leads that came in the period, followed until now",
    Basis.PERIOD: "What happened in the period, whenever the lead came",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table on a page, drawn as far as it can be. `asked` is without what it is not split by."""

    table: Table
    drawing: str
    asked: Asked
    dimensions: tuple[Dimension, ...]


def first_section(visit: Visit) -> Response:
    """Keeps whatever the address says."""
    asked = visit.asked()
    first = next(iter(visit.views.sections), None)
    if first is None:
        raise Nothing("There are no numbers yet.")
    return RedirectResponse(f"/funnel/{slug(first)}?{asked.query()}", status_code=303)


def section(visit: Visit) -> Response:
    asked, views = visit.asked(_ROWS), visit.views
    title = next((x for x in views.sections if slug(x) == visit.request.path_params["section"]), "")
    if not title:
        raise Nothing("The report has no such section.")
    tables = [drawn(visit, x, asked) for x in views.sections[title]]
    return visit.page(
        "funnel.html",
        here="funnel",
        title=title,
        sections=[(x, slug(x)) for x in views.sections],
        tables=tables,
        most=_ALL if (_ROWS, "all") in visit.pairs() else _FIRST,
        asked=asked,
        filters=filters(visit, asked),
        basis_words=BASIS_WORDS,
    )


def leads_behind(visit: Visit) -> Response:
    """The leads that one number is made of."""
    asked = visit.asked(_ROW, _COLUMN, PAGE)
    given = dict(visit.pairs())
    table_id, row, column = visit.request.path_params["table"], given.get(_ROW), given.get(_COLUMN)
    if row is None or column is None:
        raise Nothing("A number is named by its row and its column.")
    table = visit.moment.table(table_id, asked)
    found = visit.moment.leads(table_id, asked, row=row, column=column)
    page = page_number(given.get(PAGE, ""))
    part = part_of(found, page)
    names = visit.views.names(part.get_column("lead_id").to_list())
    return visit.page(
        "behind.html",
        here="funnel",
        table=table,
        row=next((x for x in table.rows if x.key == row), None),
        column=next((x for x in table.columns if x.id == column), None),
        keys={_ROW: row, _COLUMN: column},
        asked=asked,
        heads=[x for x in part.columns if x != "lead_id"],
        rows=list(part.iter_rows(named=True)),
        names=names,
        count=found.height,
        page=page,
        pages=pages_of(found.height),
    )


def table_csv(visit: Visit) -> Response:
    table_id = visit.request.path_params["table"]
    return csv_answer(csv_of(visit.moment.table(table_id, visit.asked())), table_id)


def leads_csv(visit: Visit) -> Response:
    asked = visit.asked(_ROW, _COLUMN)
    given = dict(visit.pairs())
    table_id = visit.request.path_params["table"]
    found = visit.moment.leads(
        table_id, asked, row=given.get(_ROW, ""), column=given.get(_COLUMN, "")
    )
    return csv_answer(rounds_csv(found), f"{table_id}-leads")


def slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")


def filters(visit: Visit, asked: Asked) -> dict[str, object]:
    """What the filter form offers. What is chosen is always among it."""
    months = latest_months(visit.moment.at, visit.views.time_zone, _MONTHS)
    years = tuple(dict.fromkeys(x[:4] for x in months))
    quarters = tuple(dict.fromkeys(f"{x[:4]}-Q{(int(x[5:]) + 2) // 3}" for x in months))
    return {
        "periods": _with_chosen((*months, *quarters, *years), (asked.period,)),
        "dimensions": {
            x: _with_chosen(visit.moment.choices(x), asked.scope.only.get(x, ())) for x in Dimension
        },
    }


def _with_chosen(offered: tuple[str, ...], chosen: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(x for x in chosen if x not in offered), *offered)))


def drawn(visit: Visit, measure_id: str, asked: Asked) -> Shown:
    """What cannot be split as the page is asked to is shown as a whole."""
    dimensions = visit.views.measures[measure_id].dimensions
    own = asked if asked.by in dimensions else asked.split(None)
    table = visit.moment.table(measure_id, own)
    drawing = visit.moment.drawing(table)
    laid = from_the_first_month(table)
    return Shown(table=laid, drawing=drawing, asked=own, dimensions=dimensions)


def part_of(found: Part, page: int) -> Part:
    """What the page shows of it."""
    return found[(page - 1) * SHOWN : page * SHOWN]


def pages_of(count: int) -> int:
    return max(1, -(-count // SHOWN))


def page_number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
    return max(1, int(text)) if is_number else 1


def csv_answer(text: str, name: str) -> Response:
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug(name)}.csv"'},
    )
