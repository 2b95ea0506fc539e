"""What `syncd goal` shows beside what is needed: the present pace, and what is missing of it."""

from io import StringIO

import pytest
from rich.console import Console

from syncd.cli.goal_rates import read_rates
from syncd.cli.goal_view import show
from syncd.measure.goal import goal


def _leads(pace: dict[str, float]) -> str:
    """The line of leads: 20 are needed a month."""
    out = Console(file=StringIO(), width=150)
    show(goal(1_200, 10, read_rates("50%"), pace=pace), "", out)
    lines: list[str] = out.file.getvalue().splitlines()  # type: ignore[attr-defined]  # it is one
    return " ".join(next(x for x in lines if x.startswith("leads")).split())


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        ({"leads": 19.5}, "20 19.5 0.5 50 % go on"),
        ({"leads": 20}, "20 20.0 none 50 % go on"),
        ({"leads": 30}, "20 30.0 none 50 % go on"),
        ({"sales": 3}, "20 not known 50 % go on"),
        ({}, "20 50 % go on"),
    ],
    ids=["too slow", "just enough", "more than enough", "unknown", "no pace at all"],
)
def test_the_pace_and_what_is_missing_of_it_stand_beside_what_is_needed(
    pace: dict[str, float], said: str
) -> None:
    assert _leads(pace).endswith(said)
