"""Promises kept and missed, by when they fell due, and what the clock took back.

Each promise is judged once, when both CRMs were read past its deadline; nothing is judged here.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from syncd.domain.handoff import ClockName, HandoffState
from syncd.measure.answering import every_round, is_in
from syncd.measure.cells import Cell, Count, Share
from syncd.measure.lines import each_month, trend
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit

NAMES = {
    ClockName.ASSIGN: "Somebody has the lead",
    ClockName.ACCEPT: "It is accepted",
    ClockName.TOUCH: "Somebody was in touch",
    ClockName.DISPOSE: "It is qualified or given back",
}
_DUE = "the promise fell due"
_LEFT_OUT = (
    "Handoffs for which nothing was promised.",
    "Promises that were called off before their time: the handoff was over without what was "
    "promised, such as by a merge, or its owner lost the lead to nobody.",
)
_NOTES = (
    "Of what fell due in the period, whenever the lead was offered. What was kept early counts "
    "when it would have been due.",
    "A handoff that had several owners: missed where any of them missed it, else the last one's.",
    "Given back in time is an answer, and keeps the promise to accept it as well.",
)


def _due(clock: ClockName) -> str:
    return f"{clock}_due_at"


def _fell_due(scope: Scope) -> pl.Expr:
    return pl.any_horizontal(scope.within(_due(x)) for x in ClockName)


def _kept(clock: ClockName, scope: Scope) -> Share:
    """Of those that were either kept or missed."""
    missed = pl.col(f"{clock}_missed")
    decided = scope.within(_due(clock)) & missed.is_not_null()
    return Share(who=~missed, of=decided, target=scope.targets.in_time.get(clock))


def _promise(clock: ClockName, scope: Scope) -> Mapping[str, Cell]:
    due, missed = scope.within(_due(clock)), pl.col(f"{clock}_missed")
    return {
        "promised": Count(who=due),
        "kept": _kept(clock, scope),
        "missed": Count(who=due & missed),
        "running": Count(who=due & missed.is_null()),
        "recycled": Count(who=due & missed & is_in(HandoffState.EXPIRED)),
    }


def _promises(_: pl.DataFrame, scope: Scope) -> Sequence[Line]:
    return [Line(key=x.value, label=NAMES[x], cells=_promise(x, scope)) for x in ClockName]


PROMISES = Sheet(
    id="promises",
    title="Promises kept and missed",
    basis=Basis.PERIOD,
    date=_DUE,
    frame=every_round,
    population=_fell_due,
    headings=(
        Heading(
            id="promised",
            title="Promised",
            unit=Unit.LEADS,
            says="How many promises fell due.",
            numerator="Handoffs whose deadline for this lies in the period.",
        ),
        Heading(
            id="kept",
            title="Kept",
            unit=Unit.SHARE,
            says="Of the promises that were either kept or missed, how many were kept.",
            numerator="Promises that were kept in time.",
            denominator="Promises that were kept or missed.",
            leaves_out=("Promises that still run.",),
        ),
        Heading(
            id="missed",
            title="Missed",
            unit=Unit.LEADS,
            says="How many promises were missed, also where it was done later.",
            numerator="Promises that were not kept in time.",
        ),
        Heading(
            id="running",
            title="Still running",
            unit=Unit.LEADS,
            says="How many are neither kept nor missed yet.",
            numerator="Promises that fall due in the period and still run, or are not judged yet.",
        ),
        Heading(
            id="recycled",
            title="Missed, then recycled",
            unit=Unit.LEADS,
            says="How many were missed by leads that then went back to marketing by the clock.",
            numerator="Promises that were missed, of handoffs that expired.",
        ),
    ),
    lines=_promises,
    leaves_out=_LEFT_OUT,
    notes=_NOTES,
)


def _monthly_heading(clock: ClockName) -> Heading:
    return Heading(
        id=clock.value,
        title=f"{NAMES[clock]}: kept",
        unit=Unit.SHARE,
        says="Of the promises that fell due in the month, how many were kept.",
        numerator="Promises that were kept in time.",
        denominator="Promises that were kept or missed.",
        leaves_out=("Promises that still run.",),
    )


PROMISES_BY_MONTH = Sheet(
    id="promises-by-month",
    title="Promises kept, month by month",
    basis=Basis.PERIOD,
    date=_DUE,
    frame=every_round,
    population=lambda scope: _fell_due(trend(scope)),
    headings=tuple(map(_monthly_heading, ClockName)),
    lines=each_month(lambda month: {x.value: _kept(x, month) for x in ClockName}),
    dimensions=(),
    leaves_out=_LEFT_OUT,
    notes=_NOTES,
)
