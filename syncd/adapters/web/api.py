"""The same numbers and states for programs: JSON, described by OpenAPI. Read only.

What is wrong with a request is told as `problems`, in words: 400 for what the description
forbids, 404 for what is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from syncd.adapters.web.filters import (
    BY,
    LONGEST_VALUE,
    MOST_VALUES,
    PERIOD,
    Asked,
    BadAddress,
    asked_of,
    is_id,
)
from syncd.adapters.web.gap_pages import count_of, kept
from syncd.adapters.web.people_pages import counts_of, standing_so
from syncd.adapters.web.views import (
    HealthState,
    LeadStory,
    OpenHandoff,
    Reconciled,
    ReconciledNumber,
    Standing,
)
from syncd.adapters.web.visit import Desk, Nothing
from syncd.errors import SyncdError
from syncd.measure.facts import Dimension
from syncd.measure.tables import Table

_PERIOD = r"^20\d\d(-(0[1-9]|1[0-2]|Q[1-4]))?(\.\.20\d\d(-(0[1-9]|1[0-2]|Q[1-4]))?)?$"
_MOST = 1_000
BROKEN = "This is a mistake in syncd. It is in the log of whoever runs it."
Id = Annotated[str, Path(max_length=LONGEST_VALUE)]
Value = Annotated[str, Field(max_length=LONGEST_VALUE)]
Values = Annotated[list[Value], Field(max_length=MOST_VALUES)]


class Problems(BaseModel):
    problems: list[str]


class Nobody(BaseModel):
    """A page without parameters."""

    model_config = ConfigDict(extra="forbid")


def _nothing_else(view: Annotated[Nobody, Query()]) -> None:
    """An endpoint that stands on this refuses every parameter."""
    del view


_BARE = Depends(_nothing_else)


class View(BaseModel):
    """Which leads, in which period, split by what. Left out: this month, all of them."""

    model_config = ConfigDict(extra="forbid")

    period: str | None = Field(default=None, pattern=_PERIOD, max_length=20, examples=["2026-10"])
    by: Dimension | None = None
    segment: Values = []
    source: Values = []
    campaign: Values = []
    owner: Values = []
    team: Values = []
    standard: Values = []

    def pairs(self) -> list[tuple[str, str]]:
        """As an address has them."""
        single = ((name, getattr(self, name)) for name in (PERIOD, BY))
        several = ((x.value, value) for x in Dimension for value in getattr(self, x.value))
        return [(name, value) for name, value in (*single, *several) if value is not None]


class PartOf(BaseModel):
    """Which part of many."""

    offset: int = Field(default=0, ge=0, le=10_000_000)
    limit: int = Field(default=100, ge=1, le=_MOST)


class Behind(PartOf):
    """One number of a table, and which part of what is behind it."""

    model_config = ConfigDict(extra="forbid")

    row: Value
    column: Value


class Queue(PartOf):
    """Handoffs that stand so; left out: all of them."""

    model_config = ConfigDict(extra="forbid")

    standing: Standing | None = None


class Number(View, Behind):
    """And of which leads, in which period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInfo:
    """A table that there is."""

    id: str
    section: str
    dimensions: Sequence[Dimension]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAnswer:
    period: str
    label: str
    start: str
    end: str
    as_of: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAnswer:
    """`view` is what it is of, with its instants in UTC."""

    view: ViewAnswer
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsAnswer:
    """`count` is of all of them; `rounds` are the part that was asked for."""

    count: int
    rounds: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardAnswer:
    """`counts` are of all that are open, `count` of those that stand as asked; `handoffs` are
    the part that was asked for."""

    counts: Mapping[Standing, int]
    count: int
    handoffs: Sequence[OpenHandoff]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsAnswer:
    """`count` is of all of them; `records` are the part that was asked for."""

    count: int
    records: Sequence[Mapping[str, Any]]


def api_of(desk: Desk) -> FastAPI:
    """To be mounted below /api."""

    def signed_in(request: Request) -> None:
        if desk.sessions.of(request) is None:
            raise HTTPException(401, "sign in first")

    app = FastAPI(
        title="syncd",
        version="1",
        description="The numbers of the report and the states of the dashboard.",
        openapi_url=None,  # that of FastAPI would stand outside the sign-in
        redirect_slashes=False,
        dependencies=[Depends(signed_in)],
        responses={
            400: {"model": Problems, "description": "The request is not as described here."},
            401: {"model": Problems, "description": "Nobody is signed in."},
            404: {"model": Problems, "description": "There is no such thing."},
            503: {"model": Problems, "description": "The store cannot be read just now."},
        },
    )
    _answer_in_words(app)
    _add_numbers(app, desk)
    _add_states(app, desk)
    described = _described(app)

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> dict[str, Any]:
        return described

    return app


def _add_numbers(app: FastAPI, desk: Desk) -> None:
    views = desk.views

    @app.get("/tables", dependencies=[_BARE])
    def tables() -> list[TableInfo]:
        """Every table of the report, in its order."""
        return [
            TableInfo(id=x, section=title, dimensions=views.measures[x].dimensions)
            for title, ids in views.sections.items()
            for x in ids
        ]

    @app.get("/tables/{table}")
    def table(table: Id, view: Annotated[View, Query()]) -> TableAnswer:
        """One table with its definitions: what the report and the pages show."""
        moment = desk.numbers.moment()
        asked = asked_of(view.pairs(), of=desk.frame(moment))
        return TableAnswer(view=_view(asked), table=moment.table(table, asked))

    @app.get("/tables/{table}/leads")
    def leads(table: Id, view: Annotated[Number, Query()]) -> LeadsAnswer:
        """The leads behind one number."""
        moment = desk.numbers.moment()
        asked = asked_of(view.pairs(), of=desk.frame(moment))
        found = moment.leads(table, asked, row=view.row, column=view.column)
        part = found.slice(view.offset, view.limit)
        return LeadsAnswer(count=found.height, rounds=part.to_dicts())


def _add_states(app: FastAPI, desk: Desk) -> None:
    views = desk.views

    @app.get("/handoffs")
    def handoffs(view: Annotated[Queue, Query()]) -> BoardAnswer:
        """Open handoffs, those due first."""
        every = views.board()
        found = standing_so(every, view.standing)
        part = found[view.offset : view.offset + view.limit]
        return BoardAnswer(counts=counts_of(every), count=len(found), handoffs=part)

    @app.get("/leads/{lead}", dependencies=[_BARE])
    def lead(lead: Id) -> LeadStory:
        """The whole story of one lead."""
        if not is_id(lead) or (story := views.lead(lead)) is None:
            raise HTTPException(404, "nothing is stored of such a lead")
        return story

    @app.get("/reconciliations", dependencies=[_BARE])
    def reconciliations() -> list[Reconciled]:
        """Those kept, the latest first."""
        return list(views.reconciliations())

    @app.get("/reconciliations/{period}/{stage}/records")
    def records(period: Id, stage: Id, view: Annotated[Behind, Query()]) -> RecordsAnswer:
        """The records behind one number of a reconciliation."""
        number = ReconciledNumber(period=period, stage=stage, row=view.row, column=view.column)
        count = count_of(kept(views, period=period, stage=stage), number)
        found = views.reconciled(number, offset=view.offset, limit=view.limit)
        return RecordsAnswer(count=count, records=found.to_dicts())

    @app.get("/health", dependencies=[_BARE])
    def health() -> HealthState:
        """How far both CRMs are read, what waits, what needs a person."""
        return views.health()


def _view(asked: Asked) -> ViewAnswer:
    scope = asked.scope
    return ViewAnswer(
        period=asked.period,
        label=scope.label,
        start=scope.start.isoformat(),
        end=scope.end.isoformat(),
        as_of=scope.now.isoformat(),
        time_zone=scope.time_zone,
    )


def _answer_in_words(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    def not_as_described(_: Request, error: RequestValidationError) -> JSONResponse:
        found = [f"{'.'.join(map(str, x['loc'][1:]))}: {x['msg']}" for x in error.errors()]
        return problems(400, found)

    @app.exception_handler(BadAddress)
    def not_there(_: Request, error: BadAddress) -> JSONResponse:
        return problems(404, [str(error)])

    @app.exception_handler(Nothing)
    def nothing(_: Request, error: Nothing) -> JSONResponse:
        return problems(404, [str(error)])

    @app.exception_handler(HTTPException)
    def told(_: Request, error: HTTPException) -> JSONResponse:
        return problems(error.status_code, [str(error.detail)], error.headers)

    @app.exception_handler(SyncdError)
    def not_now(_: Request, error: SyncdError) -> JSONResponse:
        return problems(503, [str(error)])

    @app.exception_handler(Exception)
    def broken(_: Request, error: Exception) -> JSONResponse:
        del error  # the server logs it, with where it happened
        return problems(500, [BROKEN])


def problems(
    status: int, found: Sequence[str], headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"problems": list(found)}, status_code=status, headers=headers)


def _described(app: FastAPI) -> dict[str, Any]:
    """Without the answer that we never give: FastAPI names 422 for every parameter."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=[{"url": "/api"}],
    )
    for methods in made["paths"].values():
        for method in methods.values():
            method["responses"].pop("422", None)
    return made
