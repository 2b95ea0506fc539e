"""Planted leaks are found and honest fields are not, however the draw falls."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.domain.names import FieldName
from syncd.measure.leakage import leaky_fields
from syncd.measure.outcomes import OUTCOME, AsOf, Leads

_SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class World:
    draw: np.random.Generator
    outcomes: np.ndarray

    @classmethod
    def of(cls, seed: int, leads: int, win_rate: float) -> "World":
        draw = np.random.default_rng(seed)
        rest = (1 - win_rate) / 3
        kinds = ("won", "lost", "recycled", "open")
        return cls(draw, draw.choice(kinds, leads, p=(win_rate, rest, rest, rest)))

    def filled(self, won: float, others: float) -> pl.Series:
        """A field that so many of the winners, and so many of the others, have."""
        share = np.where(self.outcomes == "won", won, others)
        return pl.Series(np.where(self.draw.random(len(share)) < share, "x", "")).replace("", None)

    def refused(self, **fields: pl.Series) -> set[str]:
        frame = pl.DataFrame({OUTCOME: self.outcomes, **fields})
        leads = Leads(
            as_of={FieldName(x): AsOf.THEN for x in fields},
            batches=lambda: frame.iter_slices(499),
            source="here",
        )
        return set(leaky_fields(leads))


@given(
    seed=_SEEDS,
    leads=st.integers(500, 2_000),
    win_rate=st.floats(0.1, 0.5),
    won=st.floats(0.4, 1),
    others=st.floats(0, 0.005),
)
@settings(max_examples=40, deadline=None)
def test_a_planted_leak_is_found(
    seed: int, leads: int, win_rate: float, won: float, others: float
) -> None:
    world = World.of(seed, leads, win_rate)

    assert world.refused(contract=world.filled(won, others)) == {"contract"}


@given(
    seed=_SEEDS,
    leads=st.integers(300, 2_000),
    win_rate=st.floats(0.05, 0.5),
    others=st.floats(0.1, 1),
    times=st.floats(0.34, 3),
)
@settings(max_examples=60, deadline=None)
def test_an_honest_field_is_not_refused_though_it_tells_winners_apart(
    seed: int, leads: int, win_rate: float, others: float, times: float
) -> None:
    world = World.of(seed, leads, win_rate)
    fields = {f"f{n}": world.filled(min(1, others * times), others) for n in range(10)}

    assert world.refused(**fields) == set()
