"""Why leads are given back and lost, and what was missing, in a period and month by month."""

from collections.abc import Callable, Sequence

import polars as pl

from syncd.domain.handoff import HandoffState
from syncd.measure.facts import Facts
from syncd.measure.monthly import Monthly
from syncd.measure.once import last_of_lead
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Lines, Sheet
from syncd.measure.tables import Basis, Unit
from syncd.measure.value_lines import OTHERS, part, parts, said

_GIVEN_BACK = "sales gave the lead back"
_LOST = "its last deal was closed, and none was won"
_REJECTED = "Leads that sales gave back."
_LATEST = "Earlier times in the period: of a lead to which it happened twice, the last one counts."
NOTHING_MISSING = "(nothing was said to be missing)"


def rejected(facts: Facts) -> pl.DataFrame:
    """Rounds that ended because sales gave the lead back."""
    return facts.rounds.filter(pl.col("state") == HandoffState.REJECTED.value)


def _objected(facts: Facts) -> pl.DataFrame:
    return rejected(facts).filter(pl.col("objection").fill_null("") != "")


def _lost(facts: Facts) -> pl.DataFrame:
    return facts.rounds.filter(pl.col("lost_at").is_not_null())


def _last(column: str) -> Callable[[Scope], pl.Expr]:
    return lambda scope: last_of_lead(scope.within(column))


def _headings(says: str, numerator: str, denominator: str) -> tuple[Heading, ...]:
    return (
        Heading(id="leads", title="Leads", unit=Unit.LEADS, says=says, numerator=numerator),
        Heading(
            id="share",
            title="Share",
            unit=Unit.SHARE,
            says="How large a part of them all this is.",
            numerator=numerator,
            denominator=denominator,
        ),
    )


def _missing(rows: pl.DataFrame, _: Scope) -> Sequence[Line]:
    """One lead may lack several."""
    lacks = pl.col("missing").list
    words = [x for x, _ in said(rows.select(pl.col("missing").explode().drop_nulls()), "missing")]
    named = [x for x in words if x != OTHERS]
    others = lacks.set_difference(pl.lit(named, pl.List(pl.String()))).list.len() > 0
    return [
        Line(key=x, label=x, cells=part("leads", lacks.contains(x) if x in named else others))
        for x in words
    ] + [
        Line(
            key=NOTHING_MISSING,
            label=NOTHING_MISSING,
            cells=part("leads", lacks.len().fill_null(0) == 0),
        )
    ]


def _sheet(
    name: str,
    *,
    title: str,
    date: tuple[str, str],
    frame: Callable[[Facts], pl.DataFrame],
    lines: Lines,
    words: tuple[str, str, str],
) -> Sheet:
    """`date` is the column and its words; `words` say what it is, and the two parts of it."""
    return Sheet(
        id=name,
        title=title,
        basis=Basis.PERIOD,
        date=date[1],
        frame=frame,
        population=_last(date[0]),
        headings=_headings(*words),
        lines=lines,
        leaves_out=(_LATEST,),
    )


REJECTIONS = _sheet(
    "rejections",
    title="Why sales gave leads back",
    date=("closed_at", _GIVEN_BACK),
    frame=rejected,
    lines=parts("reason", "leads"),
    words=(
        "How many leads came back for this reason, by its id in the standard.",
        "Leads that sales gave back for this reason.",
        _REJECTED,
    ),
)
OBJECTIONS = _sheet(
    "objections",
    title="What leads objected",
    date=("closed_at", _GIVEN_BACK),
    frame=_objected,
    lines=parts("objection", "leads"),
    words=(
        "How many leads said this to whoever worked them.",
        "Leads that sales gave back with this objection.",
        "Leads that sales gave back with any objection written down.",
    ),
)
LOSSES = _sheet(
    "losses",
    title="Why deals were lost",
    date=("lost_at", _LOST),
    frame=_lost,
    lines=parts("lost_reason", "leads"),
    words=(
        "How many leads were lost for this reason, in the words of the CRM.",
        "Leads whose deals were lost, with this reason on the last of them.",
        "Leads whose deals were lost.",
    ),
)
MISSING = _sheet(
    "missing",
    title="What was missing at handoff",
    date=("closed_at", _GIVEN_BACK),
    frame=rejected,
    lines=_missing,
    words=(
        "How many leads were given back because this was not known of them.",
        "Leads of which sales said that this field was missing; one may lack several.",
        _REJECTED,
    ),
)

REJECTIONS_BY_MONTH = Monthly(
    id="rejections-by-month",
    title="Why sales gave leads back, by month",
    instant="closed_at",
    date=_GIVEN_BACK,
    word="reason",
    frame=rejected,
    says="How many leads came back for this reason in the month.",
    numerator="Leads that sales gave back for this reason.",
).measure()
OBJECTIONS_BY_MONTH = Monthly(
    id="objections-by-month",
    title="What leads objected, by month",
    instant="closed_at",
    date=_GIVEN_BACK,
    word="objection",
    frame=_objected,
    says="How many leads said this in the month.",
    numerator="Leads that sales gave back with this objection.",
).measure()
LOSSES_BY_MONTH = Monthly(
    id="losses-by-month",
    title="Why deals were lost, by month",
    instant="lost_at",
    date=_LOST,
    word="lost_reason",
    frame=_lost,
    says="How many leads were lost for this reason in the month.",
    numerator="Leads whose deals were lost, with this reason on the last of them.",
).measure()
