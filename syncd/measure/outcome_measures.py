"""Whether the standard tells who buys: bands and versions held against what became of leads,
and what became of those that were given up."""

from collections.abc import Callable, Sequence

import polars as pl

from syncd.domain.handoff import HandoffState
from syncd.domain.stage import Stage
from syncd.domain.standard import BandName
from syncd.measure.cells import Cell, Count, Share
from syncd.measure.ends import (
    MQL_AGAIN,
    SQL_AGAIN,
    SQL_EVER,
    WON_AGAIN,
    WON_EVER,
    given_up,
    new_mqls,
    new_sqls,
)
from syncd.measure.facts import Facts
from syncd.measure.funnel import NAMES
from syncd.measure.lines import Cells
from syncd.measure.once import first_of_lead
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Lines, Sheet
from syncd.measure.tables import Basis, Unit
from syncd.measure.value_lines import EVERY, NOT_SAID, each_said

_BANDS = (BandName.SALES_READY.value, BandName.WARM.value, BandName.NURTURE.value)
_STILL = (
    "Nobody: leads that are still being worked count as not there yet, so young leads lower it."
)
_UNSEEN = "Leads that were there before syncd first saw them: nobody saw when that was."
_LATER_ROUNDS = "Later rounds of a lead that came back: it is one lead, and what came of it counts."
NOT_TAKEN = "(not taken in time)"

Frame = Callable[[Facts], pl.DataFrame]


def _there(column: str) -> pl.Expr:
    return pl.col(column).is_not_null()


def _reached_sql(of: str) -> Heading:
    return Heading(
        id="sql",
        title="Became SQL",
        unit=Unit.SHARE,
        says="How many of them sales called qualified, until now.",
        numerator="Of these, leads that became SQL since, in this round or a later one.",
        denominator=of,
        leaves_out=(_STILL,),
    )


def _won(of: str) -> Heading:
    return Heading(
        id="won",
        title="Won",
        unit=Unit.SHARE,
        says="How many of them bought, until now.",
        numerator="Of these, leads with a won deal since, in this round or a later one.",
        denominator=of,
        leaves_out=(_STILL,),
    )


def _leads(says: str, numerator: str) -> Heading:
    return Heading(id="leads", title="Leads", unit=Unit.LEADS, says=says, numerator=numerator)


def _ends(_: Scope) -> dict[str, Cell]:
    return {
        "leads": Count(who=EVERY),
        "sql": Share(who=_there(SQL_EVER), of=EVERY),
        "won": Share(who=_there(WON_EVER), of=EVERY),
    }


def _wins(_: Scope) -> dict[str, Cell]:
    return {"leads": Count(who=EVERY), "won": Share(who=_there(WON_EVER), of=EVERY)}


_MQLS = "Leads that first became MQL in the period."


def _bands(stage: Stage, frame: Frame, ends: Cells, *further: Callable[[str], Heading]) -> Sheet:
    """`ends` are the cells of each band; `further` says what they mean, besides how many."""
    name, column = NAMES[stage], f"{stage}_at"
    first = f"Leads that first became {name} in the period"
    return Sheet(
        id=f"bands-{stage}",
        title=f"Score at {name} and what came of it",
        basis=Basis.COHORT,
        date=f"the lead first became {name}",
        frame=frame,
        population=lambda scope: scope.within(column),
        headings=(
            _leads(f"How many became {name} with a score in this band.", f"{first}."),
            *(x(f"{first}, with a score in this band.") for x in further),
        ),
        lines=each_said(f"{stage}_band", ends, also=_BANDS),
        leaves_out=(_UNSEEN, _LATER_ROUNDS),
    )


BANDS_MQL = _bands(Stage.MQL, new_mqls, _ends, _reached_sql, _won)
BANDS_SQL = _bands(Stage.SQL, new_sqls, _wins, _won)
STANDARDS = Sheet(
    id="standards",
    title="Versions of the standard compared",
    basis=Basis.COHORT,
    date="the lead first became MQL",
    frame=new_mqls,
    population=lambda scope: scope.within("mql_at"),
    headings=(
        _leads("How many MQLs were judged by this version, at their last move.", _MQLS),
        Heading(
            id="rejected",
            title="Given back",
            unit=Unit.SHARE,
            says="How many of them sales did not want.",
            numerator="Of these, leads that sales gave back in this round.",
            denominator="Leads that first became MQL in the period, of this version.",
        ),
        _reached_sql("Leads that first became MQL in the period, of this version."),
        _won("Leads that first became MQL in the period, of this version."),
    ),
    lines=each_said(
        "standard",
        lambda scope: {
            **_ends(scope),
            "rejected": Share(
                who=pl.col("state").eq_missing(HandoffState.REJECTED.value), of=EVERY
            ),
        },
    ),
    leaves_out=(_UNSEEN, _LATER_ROUNDS),
)


def _with_why(facts: Facts) -> pl.DataFrame:
    expired = pl.col("state") == HandoffState.EXPIRED.value
    why = pl.when(expired).then(pl.lit(NOT_TAKEN)).otherwise(pl.col("reason").fill_null(NOT_SAID))
    return given_up(facts).with_columns(why.alias("_why"))


def _came_back(_: Scope) -> dict[str, Cell]:
    return {
        "leads": Count(who=EVERY),
        "again": Share(who=_there(MQL_AGAIN), of=EVERY),
        "sql": Share(who=_there(SQL_AGAIN), of=EVERY),
        "won": Share(who=_there(WON_AGAIN), of=EVERY),
    }


def _all_and(lines: Lines) -> Lines:
    """A line of all before the others."""

    def found(rows: pl.DataFrame, scope: Scope) -> Sequence[Line]:
        return [Line(key="all", label="All", cells=_came_back(scope)), *lines(rows, scope)]

    return found


_GIVEN_UP = "Leads that were recycled or given back in the period."

RECYCLED = Sheet(
    id="recycled",
    title="Recycled leads that came back",
    basis=Basis.COHORT,
    date="the lead was recycled or given back, the first time in the period",
    frame=_with_why,
    population=lambda scope: first_of_lead(scope.within("closed_at")),
    headings=(
        _leads("How many went back to marketing, for this reason.", _GIVEN_UP),
        Heading(
            id="again",
            title="Were MQL again",
            unit=Unit.SHARE,
            says="How many of them marketing qualified once more, until now.",
            numerator="Of these, leads that became MQL in a later round.",
            denominator=_GIVEN_UP,
            leaves_out=(_STILL,),
        ),
        Heading(
            id="sql",
            title="Became SQL later",
            unit=Unit.SHARE,
            says="How many of them sales called qualified after all, until now.",
            numerator="Of these, leads that became SQL in a later round.",
            denominator=_GIVEN_UP,
            leaves_out=(_STILL,),
        ),
        Heading(
            id="won",
            title="Won later",
            unit=Unit.SHARE,
            says="How many of them bought after all, until now.",
            numerator="Of these, leads with a deal won after that, in this round or a later one.",
            denominator=_GIVEN_UP,
            leaves_out=(_STILL,),
        ),
    ),
    lines=_all_and(each_said("_why", _came_back, also=(NOT_TAKEN,))),
    leaves_out=("Later times: a lead that was given back twice in the period is one lead.",),
)
