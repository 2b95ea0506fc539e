"""Fields known only after the outcome are refused; those that were there before are not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from syncd.domain.names import FieldName
from syncd.measure.leakage import leaky_fields, no_winners
from syncd.measure.outcomes import OUTCOME, AsOf, Leads
from syncd.measure.shares import Rate

WON, LOST, OPEN = 40, 80, 40
_FILLED: dict[str, tuple[object, object, pl.DataType]] = {
    "text": ("R-1", None, pl.String()),
    "blank text": ("R-1", " ", pl.String()),
    "a tick": (True, False, pl.Boolean()),
    "a number": (7, 0, pl.Int64()),
    "an amount": (7.5, None, pl.Float64()),
    "a day": (date(2026, 1, 1), None, pl.Date()),
    "an instant": (datetime(2026, 1, 1, tzinfo=UTC), None, pl.Datetime("us", "UTC")),
    "several": (["a"], [], pl.List(pl.String())),
}


def _leads(**columns: pl.Series) -> Leads:
    """40 won, then 80 lost, then 40 open; in two batches."""
    outcomes = ["won"] * WON + ["lost"] * LOST + ["open"] * OPEN
    frame = pl.DataFrame({OUTCOME: outcomes, **columns})
    fields = [x for x in columns if not x.startswith("?")]
    return Leads(
        as_of={FieldName(x): AsOf.NOW for x in fields},
        batches=lambda: iter((frame.head(70), frame.tail(-70))),
        source="here",
    )


def _filled(won: int, lost: int = 0, is_open: int = 0) -> pl.Series:
    """So many of each kind have a text."""
    counts = ((won, WON), (lost, LOST), (is_open, OPEN))
    return pl.Series([x for hits, n in counts for x in ["x"] * hits + [None] * (n - hits)])


@pytest.mark.parametrize("kind", _FILLED)
def test_a_field_filled_for_winners_alone_is_refused(kind: str) -> None:
    filled, empty, dtype = _FILLED[kind]
    values = pl.Series([filled] * WON + [empty] * (LOST + OPEN), dtype=dtype)

    why = leaky_fields(_leads(contract=values))

    assert why == {
        "contract": "filled for 100.0 % of 40 won leads and for 0.0 % of 120 others: known only "
        "after winning"
    }


@pytest.mark.parametrize("filled", [_filled(40, 2, 1), _filled(16, 1, 1), _filled(12)])
def test_a_leak_need_not_be_complete(filled: pl.Series) -> None:
    assert set(leaky_fields(_leads(contract=filled))) == {"contract"}


@pytest.mark.parametrize(
    "filled",
    [
        _filled(40, 80, 40),
        _filled(36, 40, 20),
        _filled(20, 8, 4),
        _filled(3),
        _filled(0),
        _filled(20, 60, 20),
    ],
)
def test_a_field_that_others_have_as_well_is_not_refused(filled: pl.Series) -> None:
    assert leaky_fields(_leads(budget=filled)) == {}


def test_a_field_filled_only_for_the_lost_is_refused() -> None:
    why = leaky_fields(_leads(lost_reason=_filled(0, 70, 0)))

    assert "known only after losing" in why[FieldName("lost_reason")]


def test_a_field_filled_once_it_is_decided_and_never_before_is_refused() -> None:
    closed = pl.Series([date(2026, 1, 1)] * (WON + LOST) + [None] * OPEN)

    why = leaky_fields(_leads(closed_on=closed))

    assert why == {
        "closed_on": "filled for 100.0 % of 120 decided leads and for 0.0 % of 40 open ones: known "
        "only after the outcome, or not asked any more"
    }


@pytest.mark.parametrize("filled", [_filled(40, 80, 2), _filled(18, 36, 0), _filled(20, 60, 10)])
def test_what_is_mostly_known_once_decided_may_have_been_known_before(filled: pl.Series) -> None:
    assert leaky_fields(_leads(budget=filled)) == {}


def test_what_the_source_itself_calls_the_outcome_is_refused_however_it_is_filled() -> None:
    leads = replace(_leads(closed=_filled(40, 80, 40)), afterwards={FieldName("closed"): "so"})

    assert leaky_fields(leads) == {"closed": "so"}


def test_what_only_some_of_the_lost_have_may_have_been_known_before() -> None:
    assert leaky_fields(_leads(competitor=_filled(0, 30, 5))) == {}


def test_values_that_cannot_be_read_count_as_neither() -> None:
    contract, unread = _filled(40), pl.Series([False] * WON + [True] * (LOST + OPEN))

    assert leaky_fields(_leads(**{"contract": contract, "?contract": unread})) == {}


def test_too_few_winners_prove_no_leak() -> None:
    frame = pl.DataFrame({OUTCOME: ["won"] * 9 + ["lost"] * 300, "x": ["a"] * 9 + [None] * 300})
    leads = Leads(as_of={FieldName("x"): AsOf.NOW}, batches=lambda: iter((frame,)), source="here")

    assert leaky_fields(leads) == {}


def test_none_of_few_is_not_none_of_many() -> None:
    """Half a lead more on the side that never has it: 40 × 0.5 / 33 is 0.606."""
    assert not no_winners(Rate(60, 100), Rate(0, 33))
    assert no_winners(Rate(61, 100), Rate(0, 33))
