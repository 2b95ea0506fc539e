"""From the offer to an answer: who took leads on, who was in touch, and how handoffs ended.

Handoffs are counted, one for each round: a lead that was offered again was promised an answer
again.
"""

from collections.abc import Iterator, Mapping

import polars as pl

from syncd.domain.handoff import HandoffState
from syncd.measure.cells import Cell, Count, Share
from syncd.measure.facts import Facts
from syncd.measure.lines import fixed
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit

OFFERED = "the lead was offered to sales"
EACH_ROUND = (
    "Handoffs, one for each round: a lead that came back and was offered again counts again, as "
    "its answer was promised again."
)
ACTIVITIES = "In touch is what the activities in both CRMs show; an attempt alone is no contact."
NOT_SETTLED_OTHERWISE = (
    "Handoffs that were settled otherwise: the lead was taken out of sales' hands, merged or "
    "deleted before sales could answer."
)
OVER = (HandoffState.QUALIFIED, HandoffState.REJECTED, HandoffState.EXPIRED)
_OPEN = tuple(x for x in HandoffState if x.is_open)


def every_round(facts: Facts) -> pl.DataFrame:
    return facts.rounds


def offered(scope: Scope) -> pl.Expr:
    return scope.within("offered_at")


def is_in(*states: HandoffState) -> pl.Expr:
    return pl.any_horizontal(pl.col("state") == x.value for x in states)


ANSWERABLE = ~is_in(HandoffState.SUPERSEDED)
IS_OVER = is_in(*OVER)
IS_OPEN = is_in(*_OPEN)
TOUCHED = pl.col("touched_at").is_not_null()
TRIED = TOUCHED | pl.col("attempted_at").is_not_null()


# --- step by step -----------------------------------------------------------------------------

_STEPS: Mapping[str, tuple[str, pl.Expr]] = {
    "offered": ("Offered to be answered", pl.col("offered_at").is_not_null()),
    "assigned": ("Had an owner", pl.col("assigned_at").is_not_null()),
    "accepted": ("Accepted", pl.col("accepted_at").is_not_null()),
    "touched": ("In touch", TOUCHED),
}


def _steps() -> Iterator[Line]:
    last: pl.Expr | None = None
    for key, (label, here) in _STEPS.items():
        cells: dict[str, Cell] = {"handoffs": Count(who=here)}
        if last is not None:
            cells |= {
                "step": Share(who=here, of=last),
                "all": Share(who=here, of=pl.lit(value=True)),
            }
        yield Line(key=key, label=label, cells=cells)
        last = here


ANSWERS = Sheet(
    id="answers",
    title="From the offer to the first contact",
    basis=Basis.COHORT,
    date=OFFERED,
    frame=every_round,
    population=lambda scope: offered(scope) & ANSWERABLE,
    headings=(
        Heading(
            id="handoffs",
            title="Handoffs",
            unit=Unit.LEADS,
            says="How many of the leads that were offered and could be answered came this far.",
            numerator="Handoffs in which this was done until now.",
        ),
        Heading(
            id="step",
            title="Of the step before",
            unit=Unit.SHARE,
            says="Of those that came to the step before, how many came this far.",
            numerator="Handoffs in which both this and the step before were done.",
            denominator="Handoffs in which the step before was done.",
        ),
        Heading(
            id="all",
            title="Of all to be answered",
            unit=Unit.SHARE,
            says="Of all leads that were offered and could be answered, how many came this far.",
            numerator="Handoffs in which this was done until now.",
            denominator="Handoffs offered in the period that were not settled otherwise.",
        ),
    ),
    lines=fixed(*_steps()),
    leaves_out=(NOT_SETTLED_OTHERWISE,),
    notes=(EACH_ROUND, ACTIVITIES),
)


# --- how they ended ---------------------------------------------------------------------------

_ENDS: Mapping[str, tuple[str, pl.Expr]] = {
    "over": ("Over", IS_OVER),
    "qualified": ("… qualified", is_in(HandoffState.QUALIFIED)),
    "rejected": ("… rejected", is_in(HandoffState.REJECTED)),
    "recycled": ("… recycled by the clock", is_in(HandoffState.EXPIRED)),
    "open": ("Still open", IS_OPEN),
    "otherwise": ("Settled otherwise", ~ANSWERABLE),
}
_CAN_BE_ASKED = ("over", "qualified", "rejected", "recycled")


def _end(key: str, here: pl.Expr) -> Mapping[str, Cell]:
    cells: Mapping[str, Cell] = {
        "handoffs": Count(who=here),
        "share": Share(who=here, of=pl.lit(value=True)),
    }
    if key not in _CAN_BE_ASKED:
        return cells
    silent = {"untouched": Share(who=~TOUCHED, of=here), "untried": Share(who=~TRIED, of=here)}
    return dict(cells) | silent


ENDS = Sheet(
    id="handoff-ends",
    title="How handoffs ended, and who was never contacted",
    basis=Basis.COHORT,
    date=OFFERED,
    frame=every_round,
    population=offered,
    headings=(
        Heading(
            id="handoffs",
            title="Handoffs",
            unit=Unit.LEADS,
            says="How many of the leads that were offered ended so, or are open.",
            numerator="Handoffs that stand so now.",
        ),
        Heading(
            id="share",
            title="Of all offered",
            unit=Unit.SHARE,
            says="Of all leads that were offered, how many ended so, or are open.",
            numerator="Handoffs that stand so now.",
            denominator="All handoffs offered in the period.",
        ),
        Heading(
            id="untouched",
            title="Never contacted",
            unit=Unit.SHARE,
            says="How many of them were over without anybody having been in touch with the lead.",
            numerator="Handoffs that ended so, without a contact.",
            denominator="Handoffs that ended so.",
            leaves_out=("Handoffs that are open: it may still come.", NOT_SETTLED_OTHERWISE),
        ),
        Heading(
            id="untried",
            title="Nobody even tried",
            unit=Unit.SHARE,
            says="How many of them were over without a contact and without an attempt.",
            numerator="Handoffs that ended so, without a contact or an attempt at one.",
            denominator="Handoffs that ended so.",
            leaves_out=("Handoffs that are open: it may still come.", NOT_SETTLED_OTHERWISE),
        ),
    ),
    lines=fixed(*(Line(key=x, label=name, cells=_end(x, how)) for x, (name, how) in _ENDS.items())),
    notes=(EACH_ROUND, ACTIVITIES, "Qualified: the lead reached SQL."),
)
