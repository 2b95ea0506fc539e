"""The pages of leads: the board of open handoffs, finding a lead, its whole story."""

import polars as pl
from starlette.responses import Response

from syncd.adapters.web.filters import BadAddress
from syncd.adapters.web.views import LONGEST_ID, Deed, Standing, story_of
from syncd.adapters.web.visit import Nothing, Visit
from syncd.measure.table_csv import rounds_csv

DEED_WORDS = {
    Deed.ACCEPT: "Accept the handoff",
    Deed.SNOOZE: "More time, once",
    Deed.RELEASE: "Release: let it move again",
    Deed.APPLY: "Apply the held plan",
}
TOLD = {"done": "Noted. The next cycle carries it out."}


def handoffs(visit: Visit) -> Response:
    chosen = _standing(visit.only("standing").get("standing", ""))
    board = visit.views.board(chosen)
    return visit.page(
        "handoffs.html",
        here="handoffs",
        board=board,
        chosen=chosen,
        total=sum(board.counts.values()),
    )


def handoffs_csv(visit: Visit) -> Response:
    visit.only()
    board = visit.views.board(None)
    rows = [
        (x.lead_id, x.name, x.standing.value, x.promise, x.due_at, x.owner, x.segment, x.offered_at)
        for x in board.handoffs
    ]
    instant = pl.Datetime("us", "UTC")
    frame = pl.DataFrame(
        rows,
        schema={
            "lead_id": pl.String(), "name": pl.String(), "standing": pl.String(),
            "promise": pl.String(), "due_at": instant, "owner": pl.String(),
            "segment": pl.String(), "offered_at": instant,
        },
        orient="row",
    )  # fmt: skip
    return Response(
        rounds_csv(frame),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="handoffs.csv"'},
    )


def find(visit: Visit) -> Response:
    text = visit.only("q").get("q", "").strip()
    if len(text) > LONGEST_ID:
        raise BadAddress("that is longer than an email or an id can be")
    found = visit.views.find(text) if text else ()
    return visit.page("leads.html", here="leads", text=text, found=found)


def lead(visit: Visit) -> Response:
    told = TOLD.get(visit.only("told").get("told", ""), "")
    story = story_of(visit.views, visit.request.path_params["lead"])
    if story is None:
        raise Nothing("Nothing is stored of such a lead; it may have been erased.")
    return visit.page("lead.html", here="leads", lead=story, told=told, deed_words=DEED_WORDS)


def _standing(text: str) -> Standing | None:
    if not text:
        return None
    try:
        return Standing(text)
    except ValueError:
        raise BadAddress(f"{text[:40]!r} is none of {', '.join(Standing)}") from None
