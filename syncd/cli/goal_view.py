"""What `syncd goal` shows: what is needed of each step, what a percentage point saves, and how
the figures were rounded."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from syncd.cli.layout import bullet, heading
from syncd.measure.goal import Goal, Level, Saving, Step, about, rounded


def show(found: Goal, source: str, out: Console) -> None:
    sold = found.levels[0]
    out.print(
        Text(
            f"{_money(found.target)} at {_money(found.value)} each takes {found.sales:,} "
            f"{sold.name} ({_exactly(sold.exact)}).",
            style="bold",
        )
    )
    out.print(_grid(found))
    out.print(heading("What one percentage point more would save"))
    for saving in found.savings:
        out.print(bullet(_saving(saving, found.levels[-1])))
    out.print(heading("How this was rounded"))
    for line in _rounding(found):
        out.print(bullet(line))
    out.print(Text(f"\n{source}", style="dim"))


def answer(found: Goal, source: str) -> Mapping[str, Any]:
    """For programs: exact, and as it is shown."""
    return {
        "target": found.target,
        "value": found.value,
        "months": found.months,
        "rates": source,
        "needed": [
            {
                "name": x.name,
                "exact": x.exact,
                "shown": _needed(x),
                "a_month": found.a_month(x),
                "pace": x.pace,
                "rate": x.step,
            }
            for x in found.levels
        ],
        "a_point_saves": [
            {"name": x.step.name, "fewer": x.fewer, "of": found.levels[-1].name}
            for x in found.savings
        ],
    }


def _exactly(exact: float) -> str:
    """With so many digits that it does not look whole where it is not."""
    digits = next((x for x in range(1, 10) if round(exact, x) != round(exact)), 1)
    return f"{exact:,.{digits}f}"


def _needed(level: Level) -> int:
    """Sales are counted; what leads to them is estimated."""
    return level.carried if level.step is None else about(level.exact)


def _grid(found: Goal) -> Grid:
    is_paced = any(x.pace is not None for x in found.levels)
    grid = Grid(box=None, padding=(0, 2), pad_edge=False)
    grid.add_column("")
    paced = ("now a month", "missing a month") if is_paced else ()
    for title in ("needed", "exactly", f"a month ({found.months})", *paced):
        grid.add_column(title, justify="right")
    grid.add_column("rate")
    for level in found.levels:
        pace = _pace(found, level) if is_paced else ()
        grid.add_row(
            level.name,
            f"{'about ' if level.step else ''}{_needed(level):,}",
            _exactly(level.exact),
            f"{about(found.a_month(level)):,}",
            *pace,
            _rate(level.step) if level.step else "",
        )
    return grid


def _pace(found: Goal, level: Level) -> tuple[str, str]:
    missing = found.missing(level)
    if level.pace is None or missing is None:
        return "not known", ""
    return f"{level.pace:,.1f}", f"{missing:,.1f}" if missing > 0 else "none"


def _rate(step: Step) -> str:
    told = f"{_percent(step.rate)} go on"
    if step.of is None:
        return told
    interval = (
        f", {_percent(step.low)} to {_percent(step.high)}"
        if step.low is not None and step.high is not None
        else ""
    )
    return f"{told} ({step.n:,} of {step.of:,}{interval})"


def _saving(saving: Saving, top: Level) -> str:
    step = saving.step
    if saving.fewer is None:
        return f"{step.name}: {_percent(step.rate)} go on already"
    now, then = _percent(step.rate), _percent(min(1.0, step.rate + 0.01))
    saved = f"about {rounded(saving.fewer):,}" if saving.fewer >= 1 else "less than one of the"
    return f"{step.name}: {now} to {then} saves {saved} {top.name}"


def _rounding(found: Goal) -> tuple[str, ...]:
    sold, *others = found.levels
    first = (
        f"A part of one brings nothing: {_exactly(sold.exact)} {sold.name} are {sold.carried:,}, "
        f"which bring {_money(sold.carried * found.value)}."
    )
    if not others:
        return (first,)
    carried = ", ".join(f"{x.carried:,} {x.name}" for x in others)
    return (
        first,
        "Everything else is worked out from the exact figure before it, and rounded to three "
        "digits only here: no rate is known better than that.",
        f"Rounded up at every step instead, it would be {carried}.",
    )


def _percent(share: float) -> str:
    return f"{share * 100:.4g} %"


def _money(amount: float) -> str:
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
