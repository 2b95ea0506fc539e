"""No cell of an exported CSV is a formula."""

import polars as pl
import pytest

from syncd.measure.csv_cells import safe_to_open


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_begins_like_a_formula_gets_a_quote_before_it(begins: str) -> None:
    frame = pl.DataFrame({"name": [f"{begins}cmd|' /C calc'!A0{begins}"]})

    (cell,) = safe_to_open(frame)["name"]

    assert cell == f"'{begins}cmd|' /C calc'!A0{begins}"


def test_all_else_stays_as_it_is() -> None:
    frame = pl.DataFrame(
        {"name": ["Ann = Lee\n+1", "", None], "amount": [-1.5, 0.0, None], "days": [-3, 0, None]}
    )

    assert safe_to_open(frame).equals(frame)
