"""A draft on the terminal: how it was found, each rule with its evidence, and what was left out."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from syncd.cli.layout import bullet
from syncd.measure.backtest_words import AS_OF_NOW, points, points_between, times, with_n
from syncd.measure.draft import Draft, Found
from syncd.measure.draft_page import evidence, left_out
from syncd.measure.draft_words import sentence


def show(found: Draft, now: datetime, console: Console) -> None:
    for part in _parts(found, now):
        console.print(part)


def _parts(found: Draft, now: datetime) -> Iterator[RenderableType]:
    yield Text("What separated won leads from the rest", style="bold")
    yield from map(bullet, evidence(found, now))
    if found.rules:
        yield _table(found)
    if any(x.as_of_now for x in found.rules):
        yield Text(f"{AS_OF_NOW} as of now: values of the day of the export, not of the move.")
    yield from map(bullet, left_out(found))


def _table(found: Draft) -> Table:
    table = Table(title="Proposed, the surest first", title_justify="left")
    for header in ("rule", "won where met", "where not", "lift", "points", "95 % interval", "p"):
        table.add_column(header, justify="left" if header == "rule" else "right")
    for rule in found.rules:
        table.add_row(*_cells(rule))
    return table


def _cells(rule: Found) -> tuple[str, ...]:
    newer, mark = rule.newer, f" {AS_OF_NOW}" if rule.as_of_now else ""
    return (
        f"{sentence(rule.condition)} ({rule.kind}){mark}",
        with_n(newer.met),
        with_n(newer.unmet),
        times(newer.lift),
        points(newer.difference),
        points_between(newer.difference_interval),
        f"{rule.p:.2g}",
    )
