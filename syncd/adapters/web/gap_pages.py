"""The pages of what was reconciled: the counts, the records behind each, and both as CSV."""

from collections.abc import Mapping

from starlette.responses import Response

from syncd.adapters.web.funnel_pages import PAGE, SHOWN, csv_answer, page_number, pages_of
from syncd.adapters.web.views import Reconciled, ReconciledNumber, Views
from syncd.adapters.web.visit import Nothing, Visit
from syncd.measure.period import month_of
from syncd.measure.table_csv import csv_of, rounds_csv

_ROW, _COLUMN = "row", "column"


def reconciliation(visit: Visit) -> Response:
    visit.only()
    views = visit.views
    return visit.page(
        "reconciliation.html",
        here="reconciliation",
        found=views.reconciliations(),
        month=month_of(views.now(), views.time_zone),
    )


def records_behind(visit: Visit) -> Response:
    """The records that one number is made of."""
    given = visit.only(_ROW, _COLUMN, PAGE)
    found, number = _asked(visit, given)
    page = page_number(given.get(PAGE, ""))
    part = visit.views.reconciled(number, offset=(page - 1) * SHOWN, limit=SHOWN)
    count = count_of(found, number)
    return visit.page(
        "reconciled.html",
        here="reconciliation",
        found=found,
        row=next(x for x in found.table.rows if x.key == number.row),
        column=next(x for x in found.table.columns if x.id == number.column),
        rows=list(part.iter_rows(named=True)),
        names=visit.views.names(part.get_column("lead_id").drop_nulls().to_list()),
        count=count,
        page=page,
        pages=pages_of(count),
    )


def table_csv(visit: Visit) -> Response:
    visit.only()
    found = kept(visit.views, **_named(visit))
    return csv_answer(csv_of(found.table), _file(found))


def records_csv(visit: Visit) -> Response:
    found, number = _asked(visit, visit.only(_ROW, _COLUMN))
    return csv_answer(rounds_csv(visit.views.reconciled(number)), f"{_file(found)}-records")


def kept(views: Views, *, period: str, stage: str) -> Reconciled:
    """Nothing where there is none of that stage and period."""
    for found in views.reconciliations():
        if (found.period, found.stage) == (period, stage):
            return found
    raise Nothing("Nothing such has been reconciled, or it is not kept any more.")


def count_of(found: Reconciled, number: ReconciledNumber) -> int:
    """Nothing where its table has no such number."""
    row = next((x for x in found.table.rows if x.key == number.row), None)
    if row is None or number.column not in row.numbers:
        raise Nothing("The reconciliation has no such number.")
    return row.numbers[number.column].n


def _asked(visit: Visit, given: Mapping[str, str]) -> tuple[Reconciled, ReconciledNumber]:
    named = _named(visit)
    found = kept(visit.views, **named)
    number = ReconciledNumber(**named, row=given.get(_ROW, ""), column=given.get(_COLUMN, ""))
    count_of(found, number)
    return found, number


def _named(visit: Visit) -> dict[str, str]:
    return {x: visit.request.path_params[x] for x in ("period", "stage")}


def _file(found: Reconciled) -> str:
    return f"reconciliation-{found.period}-{found.stage}"
