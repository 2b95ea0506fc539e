"""What leads brought in: won and lost by source, how long it took, and marketing's part in it."""

from collections.abc import Mapping, Sequence

import polars as pl

from syncd.measure.cells import Cell, Count, Percentile, Portion, Share, Total
from syncd.measure.facts import Dimension, Facts
from syncd.measure.lines import line_of
from syncd.measure.once import last_of_lead
from syncd.measure.scope import Scope
from syncd.measure.sheet import EVERYWHERE, Heading, Line, Sheet
from syncd.measure.tables import Basis, Unit
from syncd.measure.value_lines import EVERY, each_said

_DECIDED = "decided_at"
_ACROSS = tuple(x for x in EVERYWHERE if x is not Dimension.SOURCE)
_OPEN = "Leads with a deal that is still open, and none won."
_TWICE = "Earlier decisions in the period: of a lead that was decided twice, the last one counts."
_UNPRICED = "Deals without an amount."
_SHARED = "A deal of several leads: each of them counts, with an equal part of its amount."
_CURRENCIES = (
    "Amounts are added up as the CRM tells them: HubSpot in the account's own currency, Salesforce "
    "in that of each deal. Nothing is converted here."
)


def _there(column: str) -> pl.Expr:
    return pl.col(column).is_not_null()


def _decided(facts: Facts) -> pl.DataFrame:
    """A round's deals are won or lost, never both."""
    decided = pl.coalesce("won_at", "lost_at").alias(_DECIDED)
    return facts.rounds.filter(_there("won_at") | _there("lost_at")).with_columns(decided)


def _won(facts: Facts) -> pl.DataFrame:
    return facts.rounds.filter(_there("won_at"))


def _results(_: Scope) -> dict[str, Cell]:
    return {
        "decided": Count(who=EVERY),
        "won": Share(who=_there("won_at"), of=EVERY),
        "amount": Total(who=EVERY, of=pl.col("won_amount")),
    }


WINS = Sheet(
    id="wins-by-source",
    title="Win rate by lead source",
    basis=Basis.PERIOD,
    date="the deal was won, or the last one lost",
    frame=_decided,
    population=lambda scope: last_of_lead(scope.within(_DECIDED)),
    headings=(
        Heading(
            id="decided",
            title="Decided",
            unit=Unit.LEADS,
            says="How many leads were won or lost.",
            numerator="Leads with a won deal, or whose deals were all lost.",
        ),
        Heading(
            id="won",
            title="Win rate",
            unit=Unit.SHARE,
            says="How many of those that were decided were won.",
            numerator="Leads with a won deal.",
            denominator="Leads with a won deal, or whose deals were all lost.",
        ),
        Heading(
            id="amount",
            title="Won",
            unit=Unit.MONEY,
            says="What was won, in the CRM's own currency.",
            numerator="The amounts of the won deals.",
            leaves_out=(_UNPRICED,),
        ),
    ),
    lines=each_said(Dimension.SOURCE.value, _results),
    dimensions=_ACROSS,
    leaves_out=(_OPEN, _TWICE),
    notes=(_SHARED, _CURRENCIES),
)


def _seconds(since: str) -> pl.Expr:
    """Until it was won. Null where the deal is said to have been closed before that."""
    took = (pl.col("won_at") - pl.col(since)).dt.total_seconds()
    return pl.when(took >= 0).then(took)


def _lengths(_: Scope) -> dict[str, Cell]:
    return {
        "leads": Count(who=EVERY),
        "mql": Percentile(of=_seconds("mql_at")),
        "mql_p90": Percentile(of=_seconds("mql_at"), percent=90),
        "opportunity": Percentile(of=_seconds("opportunity_at")),
        "opportunity_p90": Percentile(of=_seconds("opportunity_at"), percent=90),
    }


def _length(name: str, title: str, since: str, says: str) -> Heading:
    return Heading(
        id=name,
        title=title,
        unit=Unit.SECONDS,
        says=says,
        numerator=f"Time by the calendar from {since} until the first deal was won.",
        leaves_out=(
            f"Leads of which it is not known when they came to {since}.",
            "Deals that are said to have been won before that.",
        ),
    )


CYCLES = Sheet(
    id="cycle-by-source",
    title="Sales cycle by lead source",
    basis=Basis.PERIOD,
    date="the deal was won",
    frame=_won,
    population=lambda scope: last_of_lead(scope.within("won_at")),
    headings=(
        Heading(
            id="leads",
            title="Won",
            unit=Unit.LEADS,
            says="How many leads were won.",
            numerator="Leads with a won deal.",
        ),
        _length("mql", "From MQL, median", "MQL", "Half of them took no longer than this."),
        _length("mql_p90", "From MQL, 90 in 100", "MQL", "Nine of ten took no longer than this."),
        _length(
            "opportunity",
            "From opportunity, median",
            "opportunity",
            "Half of them took no longer than this.",
        ),
        _length(
            "opportunity_p90",
            "From opportunity, 90 in 100",
            "opportunity",
            "Nine of ten took no longer than this.",
        ),
    ),
    lines=each_said(Dimension.SOURCE.value, _lengths),
    dimensions=_ACROSS,
    leaves_out=("Leads that were lost, or are not decided.", _TWICE),
    notes=("Of a lead that came back, from MQL or opportunity of the round in which it was won.",),
)

ATTRIBUTION = (
    "Sourced: marketing's CRM knew the person no later than sales' CRM did. Influenced: the lead "
    "was an MQL before its first deal was made."
)
_IN_FULL = (
    "Each counts in full: what is both sourced and influenced stands in both rows, and once in "
    "that of either."
)
_EACH_ROUND = "A lead with deals in two of its rounds stands here for each: they are two deals."
_NOT_SEEN = (
    "Where a deal was there before syncd first saw the lead, nobody saw whether it was an MQL "
    "before that: then it does not count as influenced."
)
_NOTES = (ATTRIBUTION, _NOT_SEEN, _IN_FULL, _EACH_ROUND, _SHARED, _CURRENCIES)


def _hands() -> Mapping[str, tuple[str, pl.Expr]]:
    sourced, influenced = (pl.col(x).fill_null(value=False) for x in ("sourced", "influenced"))
    return {
        "all": ("All", EVERY),
        "sourced": ("Sourced by marketing", sourced),
        "influenced": ("Influenced by marketing", influenced),
        "either": ("Sourced or influenced", sourced | influenced),
        "neither": ("Neither", ~(sourced | influenced)),
    }


def _worth() -> pl.Expr:
    known = _there("open_amount") | _there("won_amount")
    return pl.when(known).then(pl.sum_horizontal("open_amount", "won_amount"))


def _parts(amount: pl.Expr) -> Sequence[Line]:
    lines = []
    for key, (label, who) in _hands().items():
        whole: dict[str, Cell] = {"leads": Count(who=EVERY), "amount": Total(who=EVERY, of=amount)}
        line = line_of(key, label, who, whole)
        of_all: dict[str, Cell] = {
            "share": Share(who=who, of=EVERY),
            "amount_share": Portion(who=who, of=amount),
        }
        lines.append(Line(key=key, label=label, cells={**line.cells, **of_all}))
    return lines


def _contribution(what: str, amount: str, says: str) -> tuple[Heading, ...]:
    return (
        Heading(
            id="leads",
            title=what.capitalize(),
            unit=Unit.LEADS,
            says=f"How many {what} there are.",
            numerator=f"The {what} of the row. {ATTRIBUTION}",
        ),
        Heading(
            id="share",
            title="Share",
            unit=Unit.SHARE,
            says=f"How many of all {what} these are.",
            numerator=f"The {what} of the row. {ATTRIBUTION}",
            denominator=f"All {what}.",
        ),
        Heading(
            id="amount",
            title=amount,
            unit=Unit.MONEY,
            says=says,
            numerator=f"The amounts of the {what} of the row. {ATTRIBUTION}",
            leaves_out=(_UNPRICED,),
        ),
        Heading(
            id="amount_share",
            title=f"{amount}, share",
            unit=Unit.SHARE,
            says="How large a part of the whole amount these are.",
            numerator=f"The amounts of the {what} of the row. {ATTRIBUTION}",
            denominator=f"The amounts of all {what}.",
            leaves_out=(_UNPRICED,),
        ),
    )


PIPELINE = Sheet(
    id="pipeline",
    title="Marketing's part in the pipeline",
    basis=Basis.PERIOD,
    date="the lead became an opportunity",
    frame=lambda facts: facts.rounds.filter(_there("opportunity_at")),
    population=lambda scope: scope.within("opportunity_at"),
    headings=_contribution(
        "opportunities", "Pipeline", "What they are worth: open and won deals, as known today."
    ),
    lines=lambda _rows, _scope: _parts(_worth()),
    notes=_NOTES,
)
REVENUE = Sheet(
    id="revenue",
    title="Marketing's part in what was won",
    basis=Basis.PERIOD,
    date="the first deal was won",
    frame=_won,
    population=lambda scope: scope.within("won_at"),
    headings=_contribution("wins", "Won", "What the won deals brought, in the CRM's currency."),
    lines=lambda _rows, _scope: _parts(pl.col("won_amount")),
    notes=_NOTES,
)
