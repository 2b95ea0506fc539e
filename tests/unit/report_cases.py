"""Tables of a report made by hand, and measures that hand them out, for tests of what is shown."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import polars as pl

from syncd.measure.facts import MOVES, ROUNDS, SPEND, Dimension, Facts
from syncd.measure.report import Catalogue
from syncd.measure.scope import Scope
from syncd.measure.tables import Basis, Column, Definition, Number, Row, Table, Unit

NOTHING = Facts(
    rounds=pl.DataFrame(schema=dict(ROUNDS)),
    moves=pl.DataFrame(schema=dict(MOVES)),
    spend=pl.DataFrame(schema=dict(SPEND)),
)
OCTOBER = Scope(
    start=datetime(2026, 9, 30, 22, tzinfo=UTC),
    end=datetime(2026, 10, 31, 23, tzinfo=UTC),
    label="October 2026",
    time_zone="Europe/Berlin",
    now=datetime(2026, 11, 20, 12, tzinfo=UTC),
)


def meaning(id: str, basis: Basis) -> Definition:  # noqa: A002 - the name of the field
    return Definition(
        id=id,
        title=f"What {id} is",
        says=f"Says what {id} says.",
        numerator="leads that got further",
        denominator="leads that became MQL",
        basis=basis,
        date="the day it became MQL",
        leaves_out=("leads known from before the first look",),
    )


FUNNEL = Table(
    id="funnel",
    title="From MQL to customer",
    basis=Basis.COHORT,
    by=None,
    columns=(
        Column(id="leads", title="Leads", unit=Unit.LEADS, definition="funnel.leads"),
        Column(id="share", title="Of the step before", unit=Unit.SHARE, definition="funnel.share"),
    ),
    rows=(
        Row(key="mql", label="MQL", numbers={"leads": Number(value=350, n=350)}),
        Row(
            key="sal",
            label="<SAL>",
            numbers={
                "leads": Number(value=120, n=120),
                "share": Number(value=0.343, n=120, of=350, low=0.295, high=0.394, target=0.4),
            },
        ),
        Row(
            key="sql",
            label="=SQL",
            numbers={
                "leads": Number(value=60, n=60),
                "share": Number(value=0.5, n=60, of=120, low=0.41, high=0.59, target=0.25),
            },
        ),
        Row(
            key="opportunity",
            label="Opportunity",
            numbers={
                "leads": Number(value=3, n=3),
                "share": Number(value=None, n=3, of=4, why="too few to say"),
            },
        ),
    ),
    definitions=(meaning("funnel.leads", Basis.COHORT), meaning("funnel.share", Basis.COHORT)),
    notes=("A recycled lead is counted once.",),
)
WAIVERS = Table(
    id="waivers",
    title="Who waives",
    basis=Basis.PERIOD,
    by=None,
    columns=(Column(id="moves", title="Moves", unit=Unit.MOVES, definition="waivers.moves"),),
    rows=(Row(key="ann", label="Ann", numbers={"moves": Number(value=4, n=4)}),),
    definitions=(meaning("waivers.moves", Basis.PERIOD),),
)
NOBODY = replace(WAIVERS, id="nobody", title="Nobody", rows=(), columns=(), definitions=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A `Measure` that hands out this table, whatever the facts."""

    shown: Table
    dimensions: tuple[Dimension, ...] = (Dimension.SOURCE,)

    @property
    def id(self) -> str:
        return self.shown.id

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        return replace(self.shown, by=by)

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        return facts.rounds


CATALOGUE = Catalogue(
    measures={
        "funnel": Given(shown=FUNNEL),
        "waivers": Given(shown=WAIVERS, dimensions=()),
        "nobody": Given(shown=NOBODY, dimensions=()),
    },
    sections={"The funnel": ("nobody", "funnel"), "Moves": ("waivers",)},
)
