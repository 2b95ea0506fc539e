"""Made-up leads of which it is known what made them win, and what did not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from syncd.domain.names import FieldName
from syncd.domain.values import FieldSpec, FieldType
from syncd.measure.draft import Asked
from syncd.measure.outcomes import (
    AMOUNT,
    COLUMN_TYPES,
    DECIDED_AT,
    LEAD,
    MOVED_AT,
    NAME,
    OUTCOME,
    OVERRIDDEN,
    SEGMENT,
    SOURCE,
    AsOf,
    Leads,
)

NOW = datetime(2026, 11, 1, tzinfo=UTC)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
TYPES = {
    "employees": FieldType.INTEGER,
    "last_engaged_at": FieldType.DATETIME,
    "need": FieldType.BOOLEAN,
    "sector": FieldType.PICKLIST,
    "need_twin": FieldType.BOOLEAN,
    "need_hint": FieldType.BOOLEAN,
    "clicks": FieldType.NUMBER,
    "region": FieldType.PICKLIST,
    "topics": FieldType.MULTI_PICKLIST,
    "city": FieldType.STRING,
    "seen_on": FieldType.DATE,
    "invoice": FieldType.STRING,
    "deal_status": FieldType.PICKLIST,
}
PROXIES = frozenset({"need_twin", "need_hint"})
"""They tell of the need, one nearly always and one mostly, and of nothing else."""
SEPARATE = frozenset({"employees", "last_engaged_at", "need", "sector"})
NOISE = frozenset({"clicks", "region", "topics", "city", "seen_on"})
LEAKS = frozenset({"invoice", "deal_status"})


def specs() -> dict[FieldName, FieldSpec]:
    return {
        FieldName(x): FieldSpec(name=FieldName(x), type=kind, properties={}, options={})
        for x, kind in TYPES.items()
    }


def asked(*forced: str) -> Asked:
    span = timedelta(days=180)
    return Asked(fields=specs(), span=span, now=NOW, forced=frozenset(map(FieldName, forced)))


def leads(
    *, seed: int, many: int = 3000, weight: float = 1.0, batch: int = 1000, when: AsOf = AsOf.THEN
) -> Leads:
    """With `weight` 0 nothing but chance decides, and nothing leaks."""
    frame = _frame(np.random.default_rng(seed), many, weight)

    def batches() -> Iterator[pl.DataFrame]:
        yield from frame.iter_slices(batch)

    as_of = {FieldName(x): when for x in TYPES if weight or x not in LEAKS}
    return Leads(as_of=as_of, batches=batches, source="the box")


def _frame(draw: np.random.Generator, many: int, weight: float) -> pl.DataFrame:
    moved = [FIRST + timedelta(minutes=int(x)) for x in np.sort(draw.integers(0, 1_000_000, many))]
    employees = draw.lognormal(4, 1.2, many).astype(int)
    silent = draw.exponential(35, many)
    need, sector = draw.random(many) < 0.5, draw.choice(["mill", "school", "farm", "bank"], many)
    chance = 0.2 + weight * (
        0.14 * (employees >= 50) + 0.13 * (silent <= 30) + 0.15 * need - 0.12 * (sector == "school")
        - 0.12
    )  # fmt: skip
    won = draw.random(many) < chance
    twin = np.where(draw.random(many) < 0.02, ~need, need)
    topics = [draw.choice(["a", "b", "c"], x, replace=False) for x in draw.integers(0, 4, many)]
    engaged = [m - timedelta(days=float(x)) for m, x in zip(moved, silent, strict=True)]
    ago = draw.integers(0, 90, many)
    columns = {
        LEAD: [f"L{x}" for x in range(many)],
        NAME: ["somebody"] * many,
        MOVED_AT: moved,
        DECIDED_AT: [x + timedelta(days=40) for x in moved],
        OUTCOME: np.where(won, "won", "lost").tolist(),
        AMOUNT: [None] * many,
        OVERRIDDEN: [False] * many,
        SOURCE: [None] * many,
        SEGMENT: [None] * many,
        "employees": [None if x < 5 else int(x) for x in employees],
        "last_engaged_at": engaged,
        "need": need.tolist(),
        "sector": sector.tolist(),
        "need_twin": twin.tolist(),
        "need_hint": np.where(draw.random(many) < 0.22, ~need, need).tolist(),
        "clicks": draw.gamma(2, 3, many).tolist(),
        "region": draw.choice([f"r{x}" for x in range(12)], many).tolist(),
        "topics": [x.tolist() for x in topics],
        "city": [f"city {x}" for x in draw.integers(0, 5000, many)],
        "seen_on": [(m - timedelta(days=int(x))).date() for m, x in zip(moved, ago, strict=True)],
        "invoice": [f"R{x}" if won[x] else None for x in range(many)],
        "deal_status": np.where(won, "closed", draw.choice(["no", "gone"], many)).tolist(),
    }  # fmt: skip
    own: dict[str, Any] = {
        LEAD: pl.String, NAME: pl.String, MOVED_AT: pl.Datetime("us", "UTC"),
        DECIDED_AT: pl.Datetime("us", "UTC"), OUTCOME: pl.String, AMOUNT: pl.Float64,
        OVERRIDDEN: pl.Boolean, SOURCE: pl.String, SEGMENT: pl.String,
    }  # fmt: skip
    schema = {**own, **{x: COLUMN_TYPES[kind] for x, kind in TYPES.items()}}
    frame = pl.DataFrame(columns, schema=schema)
    return frame if weight else frame.drop(LEAKS)
