"""A backtest on the terminal: five numbers, then the ledger, then what to keep in mind."""

from collections.abc import Iterator, Mapping

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from syncd.cli.layout import bullet, heading
from syncd.measure.assess.leads import called
from syncd.measure.backtest import Backtest
from syncd.measure.backtest_words import (
    AS_OF_NOW,
    cautions,
    money,
    numbers,
    percent,
    points,
    points_between,
    population,
    times,
    times_between,
    with_n,
)
from syncd.measure.ledger import Line, Says
from syncd.measure.rates import ENOUGH_EXPECTED, ENOUGH_LEADS
from syncd.measure.tally import Sides

_MOST_WINNERS, _MOST_GROUPS = 5, 10
_WIDE = 130
"""Columns that the ledger needs as a table."""
_STYLES = {Says.PREDICTS: "green", Says.MISLEADS: "red", Says.REFUSED: "yellow"}
LEDGER_MEANS = (
    "Won of the leads that meet the rule, beside won of those that do not; the difference in "
    "points with its 95 % interval. p is Fisher's exact test, corrected for the number of rules "
    f"(Benjamini–Hochberg). With fewer than {ENOUGH_LEADS} leads on a side, or where chance alone "
    f"would leave fewer than {ENOUGH_EXPECTED} won or not won on one, nothing is said. Only "
    "reason: of the leads stopped, those that would pass if this rule alone were met."
)


def show(found: Backtest, console: Console) -> None:
    for part in _parts(found, is_wide=console.width >= _WIDE):
        console.print(part)


def _parts(found: Backtest, *, is_wide: bool) -> Iterator[RenderableType]:
    yield Text(
        f"Standard {found.version}, gate to {called(found.stage)}, on {found.source}", style="bold"
    )
    yield from map(bullet, population(found))
    mark = f" {AS_OF_NOW}" if found.as_of_now else ""
    for place, number in enumerate(numbers(found), 1):
        yield Text(f"\n{place}. {number.title}{mark}", style="bold cyan")
        yield Padding(
            Text.assemble((number.value, "bold"), f"   {number.detail}"), (0, 0, 0, 3), expand=False
        )
        yield Padding(Text(number.means, style="dim"), (0, 0, 0, 3), expand=False)
    yield from _winners(found)
    yield heading("Rule by rule")
    yield bullet(LEDGER_MEANS)
    yield from _ledger(found) if is_wide else _ledger_in_words(found)
    yield from _groups("By variant", found.by_segment)
    yield from _groups("By source", found.by_source)
    words = tuple(cautions(found))
    if words:
        yield heading("Keep in mind")
        yield from map(bullet, words)


def _winners(found: Backtest) -> Iterator[RenderableType]:
    if not found.winners:
        return
    yield heading("The largest deals it would have stopped")
    for one in found.winners[:_MOST_WINNERS]:
        worth = money(one.amount) if one.amount is not None else "amount not known"
        when = "" if one.when == "in time" else f", {one.when}"
        yield bullet(f"{one.name}: {worth}{when}; lacks {', '.join(one.unmet)}")
    more = found.winners_found - _MOST_WINNERS
    if more > 0:
        yield bullet(f"and {more:,} more: --csv-out FILE writes them all")


def _ledger(found: Backtest) -> Iterator[RenderableType]:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("rule", no_wrap=True)
    for title in ("unmet", "only reason", "won if met", "won if not", "difference", "p"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("what the past says", no_wrap=True)
    for line in found.ledger:
        table.add_row(*_row(line))
    yield Padding(table, (0, 0, 0, 2), expand=False)
    for line in found.ledger:
        words = tuple(details(line))
        if words:
            yield bullet(f"{line.rule}: {'; '.join(words)}")


def _ledger_in_words(found: Backtest) -> Iterator[RenderableType]:
    """The same where the table has no room."""
    for line in found.ledger:
        mark = f" {AS_OF_NOW}" if line.as_of_now else ""
        style = _STYLES.get(line.says, "dim")
        title = Text.assemble((f"{line.rule}{mark}", "bold"), ": ", (line.says, style))
        yield Padding(title, (0, 0, 0, 2), expand=False)
        words = "; ".join((*_figures(line), *details(line)))
        yield Padding(Text(words), (0, 0, 0, 4), expand=False)


def _figures(line: Line) -> Iterator[str]:
    if line.says is Says.REFUSED:
        return
    rates = line.win_rates
    yield f"won {with_n(rates.met)} if met, {with_n(rates.unmet)} if not"
    between = points_between(rates.difference_interval)
    p = "" if line.p is None else f", p {p_words(line.p)}"
    yield f"{points(rates.difference)} points ({between}){p}"
    yield f"unmet {percent(line.unmet.share)}"
    if line.stops:
        yield f"only reason for {with_n(line.only_reason)} stopped"
    else:
        yield "only gives points"


def _row(line: Line) -> tuple[Text | str, ...]:
    mark = f" {AS_OF_NOW}" if line.as_of_now else ""
    name, says = f"{line.rule}{mark}", Text(line.says, style=_STYLES.get(line.says, "dim"))
    if line.says is Says.REFUSED:
        return (name, *("–" for _ in range(6)), says)
    rates = line.win_rates
    only = percent(line.only_reason.share) if line.stops else "points only"
    return (
        name,
        percent(line.unmet.share),
        only,
        with_n(rates.met),
        with_n(rates.unmet),
        f"{points(rates.difference)} ({points_between(rates.difference_interval)})",
        p_words(line.p),
        says,
    )


def p_words(p: float | None) -> str:
    if p is None:
        return "–"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def details(line: Line) -> Iterator[str]:
    """What else is to be told of a rule, in words."""
    if line.why_refused:
        yield line.why_refused
    rates = line.win_rates
    if line.p is not None and rates.lift:
        yield f"wins {times(rates.lift)} as often when met ({times_between(rates.lift_interval)})"
    if line.overlap:
        other, rate = line.overlap
        yield f"unmet together with {other} in {percent(rate.share)} of the leads unmet on either"
    if line.count.unknown:
        yield f"unknown for {percent(line.unknown.share)}"
    if line.count.overridden:
        yield f"overridden for {with_n(line.overridden)} unmet"
    if line.as_of_now:
        yield f"{AS_OF_NOW} {', '.join(line.as_of_now)} as of now"
    if line.forced:
        yield f"{', '.join(line.forced)} was forced"


def _groups(title: str, groups: Mapping[str, Sides]) -> Iterator[RenderableType]:
    if len(groups) < 2:
        return
    yield heading(title)
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("", no_wrap=True, max_width=40)
    for column in ("leads", "stopped", "won if conforming", "won if stopped", "difference"):
        table.add_column(column, justify="right")
    for name, sides in list(groups.items())[:_MOST_GROUPS]:
        table.add_row(name, *_group(sides))
    yield Padding(table, (0, 0, 0, 2), expand=False)
    more = len(groups) - _MOST_GROUPS
    if more > 0:
        yield bullet(f"and {more:,} more: --json has them all")


def _group(sides: Sides) -> tuple[str, ...]:
    rates = sides.win_rates
    between = f"{points(rates.difference)} ({points_between(rates.difference_interval)})"
    return (
        f"{sides.leads:,}",
        f"{sides.failing.leads:,}",
        with_n(rates.met),
        with_n(rates.unmet),
        between if rates.is_enough else "too few to say",
    )
