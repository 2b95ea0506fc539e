"""The funnel: how far leads came, told of cohorts.

Leads are counted once, however often they came round; where rounds are counted, it says so.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from syncd.domain.stage import Stage
from syncd.measure.cells import Cell, Count, Share
from syncd.measure.lines import each_month, trend
from syncd.measure.people import FUNNEL, at, before, leads_of, rounds_of
from syncd.measure.scope import Scope, instant
from syncd.measure.sheet import Heading, Line, Lines, Sheet
from syncd.measure.tables import Basis, Unit

NAMES = {
    Stage.LEAD: "Lead",
    Stage.MQL: "MQL",
    Stage.SAL: "SAL",
    Stage.SQL: "SQL",
    Stage.OPPORTUNITY: "Opportunity",
    Stage.CUSTOMER: "Customer",
}
"""As people call them."""
_TAKEN_BACK = "Moves that syncd took back: the lead never was there."
_UNSEEN = (
    "Stages that a lead had already reached when syncd first saw it: nobody saw when that was."
)
_FIRST_MQL = "the lead became MQL for the first time"
LEFT_OUT = (_TAKEN_BACK, _UNSEEN)
_ONCE = "A lead that came back counts once, with the owner and segment of its first round."
JUMPED = "A stage that was jumped over was reached together with the one after it."
DEALS = (
    "Where no stage tells of it, its deals do: a lead is an opportunity once a deal was made, and "
    "a customer once one was won. Deals are read of leads that came to SQL."
)
_YOUNG = (
    "Leads are followed until now: those that came late in the period had less time, so the last "
    "steps of a recent period still grow."
)


def reached(stage: Stage, scope: Scope) -> pl.Expr:
    """Whether the row had come so far by now."""
    return pl.col(at(stage)) <= instant(scope.now)


# --- how far they came ------------------------------------------------------------------------

_LEADS = Heading(
    id="leads",
    title="Leads",
    unit=Unit.LEADS,
    says="How many of these leads came at least this far.",
    numerator="Leads of the cohort that reached the stage, in whichever round, until now.",
)
_STEP = Heading(
    id="step",
    title="Of the step before",
    unit=Unit.SHARE,
    says="Of the leads that reached the step before, how many reached this one.",
    numerator="Leads of the cohort that reached this stage, in whichever round, until now.",
    denominator="Leads of the cohort that reached the stage before it in the funnel.",
)
_ALL = Heading(
    id="all",
    title="Of all",
    unit=Unit.SHARE,
    says="Of all leads at the top of this funnel, how many came this far.",
    numerator="Leads of the cohort that reached this stage, in whichever round, until now.",
    denominator="All leads of the cohort.",
)


def _steps(first: Stage) -> Lines:
    """A line for each stage from the first on, held against the target of its step."""
    stages = FUNNEL[FUNNEL.index(first) :]

    def lines(_: pl.DataFrame, scope: Scope) -> Sequence[Line]:
        top = Line(
            key=first.value, label=NAMES[first], cells={"leads": Count(who=reached(first, scope))}
        )
        return [top, *(_step(x, first, scope) for x in stages[1:])]

    return lines


def _step(stage: Stage, first: Stage, scope: Scope) -> Line:
    here = reached(stage, scope)
    cells: Mapping[str, Cell] = {
        "leads": Count(who=here),
        "step": conversion(stage, scope),
        "all": Share(who=here, of=reached(first, scope)),
    }
    return Line(key=stage.value, label=NAMES[stage], cells=cells)


def conversion(stage: Stage, scope: Scope) -> Share:
    """Of those that reached the stage before it."""
    last = FUNNEL[FUNNEL.index(stage) - 1]
    target = scope.targets.conversion.get(stage)
    return Share(who=reached(stage, scope), of=reached(last, scope), target=target)


def _funnel(name: str, first: Stage, *, title: str, date: str) -> Sheet:
    return Sheet(
        id=name,
        title=title,
        basis=Basis.COHORT,
        date=date,
        frame=leads_of,
        population=lambda scope: scope.within(at(first)),
        headings=(_LEADS, _STEP, _ALL),
        lines=_steps(first),
        leaves_out=LEFT_OUT,
        notes=(_ONCE, JUMPED, DEALS, _YOUNG),
    )


MQL_FUNNEL = _funnel("funnel", Stage.MQL, title="What became of new MQLs", date=_FIRST_MQL)
LEAD_FUNNEL = _funnel(
    "lead-funnel", Stage.LEAD, title="What became of new leads", date="the lead first came in"
)


# --- rounds -----------------------------------------------------------------------------------

_ROUNDS = Heading(
    id="rounds",
    title="Rounds",
    unit=Unit.LEADS,
    says="How often leads were MQL: a lead that came back counts again.",
    numerator="Rounds in which the lead became MQL.",
)


def _round_share(stage: Stage) -> Heading:
    return Heading(
        id=stage.value,
        title=f"Reached {NAMES[stage]}",
        unit=Unit.SHARE,
        says=f"In how many of these rounds the lead came to {NAMES[stage]}.",
        numerator=f"Rounds in which it reached {NAMES[stage]} until now, in that same round.",
        denominator="Rounds in which the lead became MQL.",
    )


_ROUND_STAGES = (Stage.SAL, Stage.SQL, Stage.CUSTOMER)


def _rounds(_: pl.DataFrame, scope: Scope) -> Sequence[Line]:
    again = pl.col(before(at(Stage.MQL)))
    return [
        Line(key="first", label="First time", cells=_round_cells(~again, scope)),
        Line(key="again", label="Came back", cells=_round_cells(again, scope)),
    ]


def _round_cells(which: pl.Expr, scope: Scope) -> Mapping[str, Cell]:
    shares = {x.value: Share(who=reached(x, scope), of=which) for x in _ROUND_STAGES}
    return {"rounds": Count(who=which)} | shares


ROUNDS = Sheet(
    id="rounds",
    title="First rounds, and leads that came back",
    basis=Basis.COHORT,
    date="the lead became MQL in this round",
    frame=rounds_of,
    population=lambda scope: scope.within(at(Stage.MQL)),
    headings=(_ROUNDS, *map(_round_share, _ROUND_STAGES)),
    lines=_rounds,
    leaves_out=LEFT_OUT,
    notes=(
        "Rounds, not leads: a lead recycled twice has three. New MQLs are the first rounds alone.",
        _YOUNG,
    ),
)


# --- trends -------------------------------------------------------------------------------------


_NEW = Heading(
    id="mqls",
    title="New MQLs",
    unit=Unit.LEADS,
    says="Leads that became MQL in the month for the first time.",
    numerator="Leads whose first MQL was in the month.",
)


def _conversion_heading(stage: Stage) -> Heading:
    here, last = NAMES[stage], NAMES[FUNNEL[FUNNEL.index(stage) - 1]]
    return Heading(
        id=stage.value,
        title=f"{last} to {here}",
        unit=Unit.SHARE,
        says=f"Of the month's new MQLs that reached {last}, how many went on to {here}.",
        numerator=f"New MQLs of the month that reached {here} until now.",
        denominator=f"New MQLs of the month that reached {last} until now.",
    )


def _cohort(month: Scope) -> Mapping[str, Cell]:
    new = month.within(at(Stage.MQL))
    each = ((x, conversion(x, month)) for x in FUNNEL[2:])
    shares = {x.value: Share(who=c.who, of=c.of & new, target=c.target) for x, c in each}
    return {"mqls": Count(who=new)} | shares


CONVERSION_BY_MONTH = Sheet(
    id="conversion-by-month",
    title="What became of each month's new MQLs",
    basis=Basis.COHORT,
    date=_FIRST_MQL,
    frame=leads_of,
    population=lambda scope: trend(scope).within(at(Stage.MQL)),
    headings=(_NEW, *map(_conversion_heading, FUNNEL[2:])),
    lines=each_month(_cohort),
    dimensions=(),
    leaves_out=LEFT_OUT,
    notes=(_ONCE, _YOUNG),
)
