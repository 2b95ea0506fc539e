"""What an accepted lead cost: what was spent on its source in whole months, over how many leads
of that source sales accepted in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from syncd.domain.targets import Spend
from syncd.measure.cells import Cell, Count
from syncd.measure.facts import SPEND, Dimension, Facts
from syncd.measure.once import last_of_lead
from syncd.measure.scope import Scope
from syncd.measure.sheet import Heading, Line, Sheet
from syncd.measure.tables import Basis, Definition, Number, Row, Table, Unit
from syncd.measure.value_lines import said

_SOURCE = Dimension.SOURCE.value
_ALL = "all"
NOT_WHOLE = "spend is known by whole months only"
NOT_SPLIT = "spend is known by source only"
NO_SPEND = "no spend is known"
NONE_ACCEPTED = "none was accepted"


def spend_frame(spends: Iterable[Spend]) -> pl.DataFrame:
    """As `Facts` has it."""
    rows = [(x.source, x.month, x.amount) for x in spends]
    return pl.DataFrame(rows, schema=dict(SPEND), orient="row")


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPerLead:
    """A `Measure`, a row for each source."""

    id: str = "cost"
    dimensions: tuple[Dimension, ...] = ()

    @property
    def definitions(self) -> tuple[Definition, ...]:
        return _sheet(()).definitions

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        spent = _spent(facts, scope)
        table = _sheet(tuple(spent)).table(facts, scope, by)
        why = _untold(scope)
        return replace(table, rows=tuple(_with_cost(row, spent, why) for row in table.rows))

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        """Nobody stands behind what was spent; behind a cost, the leads it is shared by."""
        spent = _spent(facts, scope)
        counted = "accepted" if column == "cost" else column
        return _sheet(tuple(spent)).leads(facts, scope, row, counted, by)


def _spent(facts: Facts, scope: Scope) -> Mapping[str, float]:
    """By source, the most first; empty where the period is not of whole months."""
    if _untold(scope):
        return {}
    zone = ZoneInfo(scope.time_zone)
    first, after = (x.astimezone(zone).date() for x in (scope.start, scope.end))
    chosen = scope.only.get(Dimension.SOURCE)
    kept = pl.col("month").is_between(first, after, closed="left")
    if chosen is not None:
        kept &= pl.col(_SOURCE).is_in(chosen)
    sums = facts.spend.filter(kept).group_by(_SOURCE).agg(pl.col("amount").sum())
    return dict(sums.sort(-pl.col("amount"), _SOURCE).iter_rows())


def _untold(scope: Scope) -> str:
    if any(x is not Dimension.SOURCE for x in scope.only):
        return NOT_SPLIT
    zone = ZoneInfo(scope.time_zone)
    ends = (x.astimezone(zone) for x in (scope.start, scope.end))
    return "" if all(_begins_month(x) for x in ends) else NOT_WHOLE


def _begins_month(at: datetime) -> bool:
    return at.day == 1 and at.time() == datetime.min.time()


def _with_cost(row: Row, spent: Mapping[str, float], why: str) -> Row:
    """The overall cost is of sources of which the spend is known."""
    amount = (sum(spent.values()) if spent else None) if row.key == _ALL else spent.get(row.key)
    accepted = row.numbers["accepted"].n
    numbers = dict(row.numbers)
    numbers["spend"] = Number(value=amount, n=0, why="" if amount is not None else why or NO_SPEND)
    numbers["cost"] = _cost(amount, accepted, why)
    return replace(row, numbers=numbers)


def _cost(amount: float | None, accepted: int, why: str) -> Number:
    if amount is None:
        return Number(value=None, n=accepted, why=why or NO_SPEND)
    if not accepted:
        return Number(value=None, n=0, why=NONE_ACCEPTED)
    return Number(value=amount / accepted, n=accepted)


def _sheet(spent: Sequence[str]) -> Sheet:
    """What is counted of it; money is put in beside."""

    def lines(rows: pl.DataFrame, _: Scope) -> Sequence[Line]:
        every = pl.col(_SOURCE).is_in(spent)
        sources = said(rows, _SOURCE, spent)
        return [
            Line(key=_ALL, label="All with known spend", cells=_accepted(every)),
            *(Line(key=key, label=key, cells=_accepted(who)) for key, who in sources),
        ]

    return Sheet(
        id="cost",
        title="What an accepted lead cost",
        basis=Basis.PERIOD,
        date="the lead was accepted",
        frame=lambda facts: facts.rounds,
        population=lambda scope: last_of_lead(scope.within("accepted_at")),
        headings=_HEADINGS,
        lines=lines,
        dimensions=(),
        leaves_out=(
            "Sources whose spend is not known.",
            "A lead that was accepted in two rounds of the period is one lead.",
        ),
    )


def _accepted(who: pl.Expr) -> dict[str, Cell]:
    return {"accepted": Count(who=who)}


_HEADINGS = (
    Heading(
        id="accepted",
        title="Accepted",
        unit=Unit.LEADS,
        says="How many leads of this source sales accepted.",
        numerator="Leads that sales accepted.",
    ),
    Heading(
        id="spend",
        title="Spent",
        unit=Unit.MONEY,
        says="What was spent on the source in these months, as the team wrote it down.",
        numerator="The amounts of these months in the file that policy.yaml names.",
    ),
    Heading(
        id="cost",
        title="Cost per accepted lead",
        unit=Unit.MONEY,
        says="What one lead cost that sales accepted, those that it did not accept included.",
        numerator=(
            "What was spent on the source in these months, divided by the leads of the source "
            "that sales accepted in them."
        ),
    ),
)

COST = CostPerLead()
