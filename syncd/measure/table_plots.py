"""A table's shares or counts as a drawing to be put into a page: bars with their numbers beside
them, months as a line. Colours are the page's own, and nothing in it is styled inline, so that a
page may forbid that.
"""

import re
from calendar import month_abbr
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from io import StringIO

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from syncd.measure.layout import from_the_first_month
from syncd.measure.number_words import number_words, of_words, unit_words
from syncd.measure.tables import Column, Number, Row, Table, Unit

_INK, _SOFT, _FULL, _TRACK, _AIM = "#010201", "#010202", "#010203", "#010204", "#010205"
_PAGE_COLOURS = {
    _INK: "var(--ink)",
    _SOFT: "var(--soft)",
    _FULL: "var(--accent)",
    _TRACK: "var(--track)",
    _AIM: "var(--aim)",
}
_WIDTH, _STEP = 5.6, 0.5
"""Of a drawing and of each row, in inches."""
_MOST_ROWS = 16
_MONTH = re.compile(r"\d{4}-\d\d")
_STYLE = re.compile(r' style="([^"]*)"')
_ATTRIBUTES = frozenset(
    {"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray"}
    | {"stroke-dashoffset", "stroke-opacity", "fill-opacity", "opacity", "text-anchor"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot:
    """What of a table is drawn; `left` rows more could be."""

    column: Column
    rows: Sequence[Row]
    left: int


def _plot(whole: Table) -> _Plot | None:
    """Its first share, else its first number; None where it has too few rows to compare, or
    there is no length to any."""
    table = from_the_first_month(whole)
    if not table.columns:
        return None
    column = next((x for x in table.columns if x.unit is Unit.SHARE), table.columns[0])
    said = [x for x in table.rows if _value(x, column) is not None]
    if len(said) < 2 or not any(_reach(x, column) for x in said):
        return None
    rows = said[-_MOST_ROWS:] if _is_months(said) else said[:_MOST_ROWS]
    return _Plot(column=column, rows=rows, left=len(said) - len(rows))


def plot_of(table: Table) -> str:
    """SVG; empty where there is nothing to compare."""
    if (plot := _plot(table)) is None:
        return ""
    with _drawing(table.id):
        draw = _line if _is_months(plot.rows) else _bars
        title = f"{table.title}: {_with_unit(plot.column)}"
        return _svg(draw(plot.rows, plot.column), title)


def plot_caption(table: Table) -> str:
    """What is drawn, in which unit, how much of it is not, and what its marks are; empty where
    nothing is drawn."""
    if (plot := _plot(table)) is None:
        return ""
    numbers = [x.numbers[plot.column.id] for x in plot.rows]
    parts = (
        f"{_with_unit(plot.column)}.",
        f"{plot.left} more in the table." if plot.left else "",
        "Thin lines are 95 % intervals." if any(x.low is not None for x in numbers) else "",
        "Upright marks are targets." if any(x.target is not None for x in numbers) else "",
    )
    return " ".join(x for x in parts if x)


def _with_unit(column: Column) -> str:
    """`Median, business time`: some titles end with their unit."""
    unit = unit_words(column.unit)
    return column.title if column.title.endswith(unit) else f"{column.title}, {unit}"


def _is_months(rows: Sequence[Row]) -> bool:
    return all(_MONTH.fullmatch(x.key) for x in rows)


def _bars(rows: Sequence[Row], column: Column) -> Figure:
    """Placed by hand, without axes: those cost ten times what the bars do."""
    height = 0.1 + _STEP * len(rows)
    figure = Figure(figsize=(_WIDTH, height))
    most = _full_width(rows, column)
    for place, row in enumerate(rows):
        middle = 1 - (0.1 + _STEP * (place + 0.55)) / height
        _bar(figure, row, column, _Place(most=most, middle=middle, unit=_STEP / height))
    return figure


def _full_width(rows: Sequence[Row], column: Column) -> float:
    """All of it is 100 % of a share, in each drawing; of anything else, the most there is."""
    return 1.0 if column.unit is Unit.SHARE else max(_reach(x, column) for x in rows) or 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a bar is: its middle and the height of a row, in shares of the drawing; `most` is
    the value that fills the width."""

    most: float
    middle: float
    unit: float


def _bar(figure: Figure, row: Row, column: Column, place: _Place) -> None:
    """Its name and number above the bar: neither is ever cut or far from what it says."""
    number = row.numbers[column.id]
    above = place.middle + 0.22 * place.unit
    _block(figure, 1, place, _TRACK)
    if number.value is not None:
        _block(figure, number.value / place.most, place, _FULL)
    if number.low is not None and number.high is not None:
        low, high = number.low / place.most, number.high / place.most
        _stroke(figure, (low, high), (place.middle, place.middle), _INK)
        for end in (low, high):
            _mark(figure, end, place, 0.1, _INK)
    if number.target is not None:
        _mark(figure, number.target / place.most, place, 0.15, _AIM)
    figure.text(0, above, _short(row.label), va="bottom", ha="left", color=_INK)
    figure.text(1, above, _told(number, column), va="bottom", ha="right", color=_SOFT)


def _block(figure: Figure, width: float, place: _Place, colour: str) -> None:
    corner = (0, place.middle - 0.11 * place.unit)
    figure.add_artist(
        Rectangle(corner, width, 0.22 * place.unit, color=colour, transform=figure.transFigure)
    )


def _mark(figure: Figure, at: float, place: _Place, half: float, colour: str) -> None:
    reach = half * place.unit
    _stroke(figure, (at, at), (place.middle - reach, place.middle + reach), colour)


def _stroke(figure: Figure, x: tuple[float, float], y: tuple[float, float], colour: str) -> None:
    width = 2.0 if colour == _AIM else 1.3
    figure.add_artist(Line2D(x, y, color=colour, linewidth=width, transform=figure.transFigure))


def _told(number: Number, column: Column) -> str:
    parts = (
        number_words(number, column.unit),
        of_words(number),
        f"target {number_words(_aim(number), column.unit)}" if number.target is not None else "",
    )
    return " · ".join(x for x in parts if x)


def _aim(number: Number) -> Number:
    return Number(value=number.target, n=number.n)


def _line(rows: Sequence[Row], column: Column) -> Figure:
    figure = Figure(figsize=(_WIDTH, 2.7))
    axes = figure.add_axes((0.02, 0.14, 0.96, 0.72))
    points = [(place, x) for place, x in enumerate(rows) if _value(x, column) is not None]
    places = [place for place, _ in points]
    numbers = [x.numbers[column.id] for _, x in points]
    values = [x.value or 0.0 for x in numbers]
    lows = [v if x.low is None else x.low for x, v in zip(numbers, values, strict=True)]
    highs = [v if x.high is None else x.high for x, v in zip(numbers, values, strict=True)]
    axes.fill_between(places, lows, highs, color=_FULL, alpha=0.16, linewidth=0)
    axes.plot(places, values, color=_FULL, linewidth=2, marker="o", markersize=4)
    axes.set_ylim(0, (max(highs) or 1.0) * 1.18)
    axes.set_xlim(-0.5, len(rows) - 0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    step = max(1, len(rows) // 6)
    shown = range(len(rows) - 1, -1, -step)
    axes.set_xticks(list(shown), [_month(rows[x].key) for x in shown])
    best = max(range(len(values)), key=values.__getitem__)
    for at in {best, len(values) - 1}:
        words = number_words(numbers[at], column.unit)
        place = "right" if places[at] > len(rows) - 2 else "center"
        axes.annotate(
            words, (places[at], values[at]), xytext=(0, 7), textcoords="offset points",
            ha=place, color=_INK,
        )  # fmt: skip
    return figure


def _month(key: str) -> str:
    """`Nov 2026`: whole names of six months would run into one another."""
    return f"{month_abbr[int(key[5:])]} {key[:4]}"


def _value(row: Row, column: Column) -> float | None:
    number = row.numbers.get(column.id)
    return number.value if number else None


def _reach(row: Row, column: Column) -> float:
    number = row.numbers.get(column.id)
    if number is None:
        return 0.0
    return max(x for x in (number.value, number.high, number.target, 0.0) if x is not None)


def _short(label: str) -> str:
    return label if len(label) <= 34 else f"{label[:33]}…"


@contextmanager
def _drawing(salt: str) -> Iterator[None]:
    """The same every time, with letters as letters; `salt` keeps two drawings of a page apart."""
    with mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": salt,
            "font.size": 9.5,
            "text.parse_math": False,
            "xtick.color": _SOFT,
            "axes.edgecolor": _TRACK,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    ):
        yield


def _svg(figure: Figure, title: str) -> str:
    file = StringIO()
    figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' (width|height)="[0-9.]+pt"', "", svg, count=2)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)  # a page may hold several drawings
    svg = _STYLE.sub(_as_attributes, svg)
    for drawn, of_page in _PAGE_COLOURS.items():
        svg = svg.replace(drawn, of_page)
    name = escape(title, quote=True)
    return svg.replace("<svg ", f'<svg class="plot" role="img" aria-label="{name}" ', 1)


def _as_attributes(match: re.Match[str]) -> str:
    """What a style says, as attributes: a page's policy does not forbid those."""
    said = dict(x.split(": ", 1) for x in match[1].rstrip("; ").split("; ") if ": " in x)
    kept = {k: v for k, v in said.items() if k in _ATTRIBUTES}
    size = re.search(r"([0-9.]+)px", said.get("font", said.get("font-size", "")))
    if size:
        kept["font-size"] = size[1]
    return "".join(f' {k}="{v}"' for k, v in kept.items())
