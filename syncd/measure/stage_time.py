"""How long leads stay in a stage before they reach the next one."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from syncd.domain.stage import Stage
from syncd.measure.cells import Cell, Count, Percentile
from syncd.measure.funnel import NAMES
from syncd.measure.people import FUNNEL, at, rounds_of
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit

_STEPS = tuple(pairwise(FUNNEL))
_GONE_ON = "Rounds that reached the next stage in the period, and whose arrival here is known."


def _went_on(scope: Scope) -> pl.Expr:
    return pl.any_horizontal(scope.within(at(after)) for _, after in _STEPS)


def _stay(stage: Stage, after: Stage, scope: Scope) -> Mapping[str, Cell]:
    left = scope.within(at(after)) & (pl.col(at(stage)) <= pl.col(at(after)))
    took = (pl.col(at(after)) - pl.col(at(stage))).dt.total_seconds()
    stayed = pl.when(left).then(took)
    return {
        "left": Count(who=left),
        "median": Percentile(of=stayed, percent=50),
        "p90": Percentile(of=stayed, percent=90),
    }


def _stays(_: pl.DataFrame, scope: Scope) -> Sequence[Line]:
    return [
        Line(key=x.value, label=f"{NAMES[x]} to {NAMES[after]}", cells=_stay(x, after, scope))
        for x, after in _STEPS
    ]


STAGE_TIME = Sheet(
    id="stage-time",
    title="Time in stage",
    basis=Basis.PERIOD,
    date="the next stage was reached",
    frame=rounds_of,
    population=_went_on,
    headings=(
        Heading(
            id="left",
            title="Went on",
            unit=Unit.LEADS,
            says="How many went on to the next stage. Whoever still waits is not among them.",
            numerator=_GONE_ON,
        ),
        Heading(
            id="median",
            title="Median",
            unit=Unit.SECONDS,
            says="Half of those that went on had stayed this long or less, nights and weekends "
            "included.",
            numerator=_GONE_ON,
        ),
        Heading(
            id="p90",
            title="90 in 100",
            unit=Unit.SECONDS,
            says="90 in 100 of those that went on had stayed this long or less.",
            numerator=_GONE_ON,
        ),
    ),
    lines=_stays,
    leaves_out=(
        "Leads that are still in the stage, or left the funnel from it: how long these would "
        "have stayed is not known, so where many are stuck these times are too short for all.",
        "Leads that came to the next stage first, such as by a deal made before they were SQL.",
    ),
    notes=(
        "By when leads went on, so that a late month is not made of the quick ones alone.",
        "Rounds: a lead that came back waits anew. A stage that was jumped over took no time.",
    ),
)
