"""Stages reached in a period, whenever these leads first came: for the first time, and again.

Leads are counted once, however often they came round; where rounds are counted, it says so.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from syncd.domain.stage import Stage
from syncd.measure.cells import Cell, Count
from syncd.measure.funnel import DEALS, JUMPED, LEFT_OUT, NAMES
from syncd.measure.lines import each_month, trend
from syncd.measure.people import FUNNEL, at, before, rounds_of
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit

_FIRST = Heading(
    id="first",
    title="For the first time",
    unit=Unit.LEADS,
    says="How many leads reached the stage in the period who had never been there.",
    numerator="Leads that reached the stage in the period, in no round before.",
)
_AGAIN = Heading(
    id="again",
    title="Again",
    unit=Unit.LEADS,
    says="How many leads that came back reached the stage in the period once more.",
    numerator="Rounds that reached the stage in the period, of leads that had reached it in an "
    "earlier round. Not new MQLs, SALs or SQLs in any count.",
)


def _arrivals(_: pl.DataFrame, scope: Scope) -> Sequence[Line]:
    return [Line(key=x.value, label=NAMES[x], cells=_arrived(x, scope)) for x in FUNNEL]


def _arrived(stage: Stage, scope: Scope) -> Mapping[str, Cell]:
    now, been = scope.within(at(stage)), pl.col(before(at(stage)))
    return {"first": Count(who=now & ~been), "again": Count(who=now & been)}


_WHENEVER = (
    "What happened in the period, whenever these leads first came: one line divided by another is "
    "no conversion. Conversions are told of cohorts."
)


def _any_arrival(scope: Scope) -> pl.Expr:
    return pl.any_horizontal(scope.within(at(x)) for x in FUNNEL)


ARRIVALS = Sheet(
    id="arrivals",
    title="Stages reached in the period",
    basis=Basis.PERIOD,
    date="the stage was reached",
    frame=rounds_of,
    population=_any_arrival,
    headings=(_FIRST, _AGAIN),
    lines=_arrivals,
    leaves_out=LEFT_OUT,
    notes=(_WHENEVER, JUMPED, DEALS),
)


def _arrivals_heading(stage: Stage) -> Heading:
    return Heading(
        id=stage.value,
        title=NAMES[stage],
        unit=Unit.LEADS,
        says=f"How many leads reached {NAMES[stage]} in the month who had never been there.",
        numerator=f"Leads that reached {NAMES[stage]} in the month, in no round before.",
    )


ARRIVALS_BY_MONTH = Sheet(
    id="arrivals-by-month",
    title="Stages reached, month by month",
    basis=Basis.PERIOD,
    date="the stage was reached",
    frame=rounds_of,
    population=lambda scope: _any_arrival(trend(scope)),
    headings=tuple(map(_arrivals_heading, FUNNEL)),
    lines=each_month(lambda month: {x.value: _arrived(x, month)["first"] for x in FUNNEL}),
    dimensions=(),
    leaves_out=LEFT_OUT,
    notes=(_WHENEVER,),
)
