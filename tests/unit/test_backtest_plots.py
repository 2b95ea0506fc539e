"""What a backtest's drawings say can be read."""

import re
from decimal import Decimal

import pytest

from syncd.domain.standard import BandName
from syncd.measure.backtest_plots import curve_plot
from syncd.measure.score_curve import Curve, Step
from syncd.measure.shares import Rate


def heights(*starts: int) -> list[str]:
    """Where the drawing has the label of each band, from the top."""
    steps = tuple(
        Step(threshold=x, volume=Rate(1000 - 9 * x, 1000), win_rate=Rate(40, 1000 - 9 * x))
        for x in range(0, 101, 5)
    )
    bands = dict(zip((BandName.WARM, BandName.SALES_READY), map(Decimal, starts), strict=True))
    svg = curve_plot(Curve(segments=("",), steps=steps, unscored=0, bands=bands))
    return re.findall(r"translate\(\S+ (\S+)\)\">(?:warm|sales-ready) from ", svg)


@pytest.mark.parametrize(("starts", "rows"), [((30, 80), 1), ((77, 88), 2), ((77, 78), 2)])
def test_labels_of_bands_that_begin_close_together_stand_below_one_another(
    starts: tuple[int, int], rows: int
) -> None:
    found = heights(*starts)

    assert len(found) == 2
    assert len(set(found)) == rows
