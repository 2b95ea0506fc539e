"""The pages of leads: the board of open handoffs, finding a lead, its whole story."""

from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

import polars as pl
from starlette.responses import RedirectResponse, Response

from syncd.adapters.web.filters import LONGEST_ID, BadAddress, is_id
from syncd.adapters.web.funnel_pages import PAGE, csv_answer, page_number, pages_of, part_of
from syncd.adapters.web.views import Deed, OpenHandoff, Standing
from syncd.adapters.web.visit import Nothing, Visit
from syncd.measure.table_csv import rounds_csv

_STANDING = "standing"
_INSTANT = pl.Datetime("us", "UTC")
_LINE = {
    "lead_id": pl.String(),
    "name": pl.String(),
    "standing": pl.String(),
    "promise": pl.String(),
    "due_at": _INSTANT,
    "owner": pl.String(),
    "segment": pl.String(),
    "offered_at": _INSTANT,
}
DEED_WORDS = {
    Deed.ACCEPT: "Accept the handoff",
    Deed.SNOOZE: "More time, once",
    Deed.RELEASE: "Release: let it move again",
    Deed.APPLY: "Apply the held plan",
}
TOLD = {"done": "Noted. The next cycle carries it out."}


def handoffs(visit: Visit) -> Response:
    asked = visit.only(_STANDING, PAGE)
    chosen, every = _standing(asked), visit.views.board()
    found = standing_so(every, chosen)
    page = page_number(asked.get(PAGE, ""))
    return visit.page(
        "handoffs.html",
        here="handoffs",
        counts=counts_of(every),
        chosen=chosen,
        query=f"?{urlencode({_STANDING: chosen})}" if chosen else "",
        handoffs=part_of(found, page),
        page=page,
        pages=pages_of(len(found)),
    )


def handoffs_csv(visit: Visit) -> Response:
    chosen = _standing(visit.only(_STANDING))
    found = standing_so(visit.views.board(), chosen)
    frame = pl.DataFrame([[getattr(x, n) for n in _LINE] for x in found], _LINE, orient="row")
    return csv_answer(rounds_csv(frame), f"handoffs {chosen or ''}")


def _by_another_id(visit: Visit, text: str) -> Response:
    """Somebody may have the id of a CRM at hand."""
    found = visit.views.find(text) if is_id(text) else ()
    if len(found) != 1:
        raise Nothing("Nothing is stored of such a lead; it may have been erased.")
    return RedirectResponse(f"/leads/{quote(found[0].lead_id, safe='')}", status_code=303)


def standing_so(board: Sequence[OpenHandoff], chosen: Standing | None) -> Sequence[OpenHandoff]:
    """None chosen: all of them."""
    return [x for x in board if chosen in {None, x.standing}]


def counts_of(board: Sequence[OpenHandoff]) -> Mapping[Standing, int]:
    counted = Counter(x.standing for x in board)
    return {x: counted[x] for x in Standing}


def find(visit: Visit) -> Response:
    text = visit.only("q").get("q", "").strip()
    if len(text) > LONGEST_ID:
        raise BadAddress("that is longer than an email or an id can be")
    found = visit.views.find(text) if text else ()
    return visit.page("leads.html", here="leads", text=text, found=found)


def lead(visit: Visit) -> Response:
    told = TOLD.get(visit.only("told").get("told", ""), "")
    text = visit.request.path_params["lead"]
    story = visit.views.lead(text) if is_id(text) else None
    if story is None:
        return _by_another_id(visit, text)
    return visit.page("lead.html", here="leads", lead=story, told=told, deed_words=DEED_WORDS)


def _standing(asked: Mapping[str, str]) -> Standing | None:
    if not (text := asked.get(_STANDING)):
        return None
    try:
        return Standing(text)
    except ValueError:
        raise BadAddress(f"{text[:40]!r} is none of {', '.join(Standing)}") from None
