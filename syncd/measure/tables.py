"""Numbers as people read them: what each means, and the tables they stand in.

A report, a page of the dashboard, a CSV and the JSON API show the same tables: they are made
once, by `catalogue`, and never counted again elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import polars as pl

from syncd.measure.facts import Dimension, Facts
from syncd.measure.scope import Scope


class Unit(StrEnum):
    LEADS = "leads"
    MOVES = "moves"
    SHARE = "share"  # 0 to 1
    SECONDS = "seconds"
    BUSINESS_SECONDS = "business-seconds"
    MONEY = "money"


class Basis(StrEnum):
    """A cohort is leads that did one thing in the period, followed until now; a period view is
    of what happened in it, whenever these leads came. Never mixed in one table."""

    COHORT = "cohort"
    PERIOD = "period"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """`numerator` and `denominator` in plain words ("" where it is no share), `date` the event
    that puts a lead in the period, `leaves_out` what is not counted and why."""

    id: str
    title: str
    says: str
    numerator: str
    denominator: str
    basis: Basis
    date: str
    leaves_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """`value` None: it cannot be said, and `why` ("too few to say", "nothing promised") tells.
    `n` counts what it is made of; a share is of `of`. `low` to `high` is its 95 % interval,
    `target` what the team wants it to be."""

    value: float | None
    n: int
    of: int | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`definition` is the id of what its numbers mean."""

    id: str
    title: str
    unit: Unit
    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`key` is what the row is of: a stage, a reason, a value of the dimension."""

    key: str
    label: str
    numbers: Mapping[str, Number]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`by` is the dimension its rows split by, None where they are something else."""

    id: str
    title: str
    basis: Basis
    by: Dimension | None
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    definitions: tuple[Definition, ...]
    notes: tuple[str, ...] = ()


class Measure(Protocol):
    """One table of the report, overall or by a dimension."""

    @property
    def id(self) -> str: ...

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What it can be split by."""
        ...

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table: ...

    def leads(
        self, facts: Facts, scope: Scope, row: str, column: str, by: Dimension | None = None
    ) -> pl.DataFrame:
        """The rounds a number is made of (its numerator's): `lead_id` and `cycle`, and the
        instants that put them there. ValueError where the table has no such row or column."""
        ...
