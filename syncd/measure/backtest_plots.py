"""Two drawings of a backtest, as SVG to be put into a page: lift by rule, and what other
thresholds of the score would do. Colours are the page's own, so that it may be dark.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from math import inf, log

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator, PercentFormatter

from syncd.measure.backtest_words import AS_OF_NOW, percent, times, times_between
from syncd.measure.ledger import Line, Says
from syncd.measure.score_curve import Curve, Step

_INK, _SOFT, _GOOD, _BAD, _LINE = "#010201", "#010202", "#010203", "#010204", "#010205"
_PAGE_COLOURS = {
    _INK: "var(--ink)",
    _SOFT: "var(--soft)",
    _GOOD: "var(--good)",
    _BAD: "var(--bad)",
    _LINE: "var(--line)",
}
_COLOURS = {Says.PREDICTS: _GOOD, Says.MISLEADS: _BAD, Says.NOTHING: _SOFT}
_TICKS = (0.1, 0.2, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10, 20)
_LABEL, _ROW = 0.2, 28
"""How much of the width the label of a band takes, and how many points its two lines are high."""
_LEAST_LEADS = 30
"""A win rate of fewer leads than this is not drawn: it would only jump."""


def has_lift(line: Line) -> bool:
    """Whether it can be drawn: where no lead won on one side, there is no ratio."""
    return line.p is not None and line.win_rates.lift_interval is not None


def lift_plot(lines: Sequence[Line]) -> str:
    """Empty where no rule has leads enough to be drawn."""
    drawn = [x for x in lines if has_lift(x)]
    drawn.sort(key=lambda x: x.win_rates.lift or 0)
    if not drawn:
        return ""
    with _drawing("lift"):
        figure = Figure(figsize=(9.2, 0.9 + 0.34 * len(drawn)))
        axes = figure.add_axes(
            (0.27, 0.62 / figure.get_figheight(), 0.43, 1 - 0.9 / figure.get_figheight())
        )
        for row, line in enumerate(drawn):
            _lift_row(axes, row, line)
        _lift_axis(axes, drawn)
        return _svg(figure, "Lift by rule: how many times as often leads win that meet it")


def _lift_row(axes: Axes, row: int, line: Line) -> None:
    rates, colour = line.win_rates, _COLOURS[line.says]
    lift, between = rates.lift, rates.lift_interval
    if lift is None or between is None:
        return
    axes.plot([between.low, between.high], [row, row], color=colour, linewidth=2.2)
    axes.plot([lift], [row], "o", color=colour, markersize=6)
    words = (
        f"{times(lift)} ({times_between(between)}) · n {rates.met.n:,} met, {rates.unmet.n:,} not"
    )
    axes.annotate(
        words, (1.02, row), xycoords=("axes fraction", "data"), va="center", color=_INK, fontsize=9
    )


def _lift_axis(axes: Axes, drawn: Sequence[Line]) -> None:
    spans = [x.win_rates.lift_interval for x in drawn]
    low = min(x.low for x in spans if x)
    high = max(x.high for x in spans if x)
    axes.set_xscale("log")
    axes.set_xlim(min(low, 1) / 1.12, max(high, 1) * 1.12)
    axes.set_ylim(-0.7, len(drawn) - 0.3)
    axes.axvline(1, color=_INK, linewidth=0.9)
    shown = [x for x in _TICKS if min(low, 1) / 1.1 <= x <= max(high, 1) * 1.1]
    axes.set_xticks(_spread(shown))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"×{x:g}"))
    names = [f"{x.rule} {AS_OF_NOW}" if x.as_of_now else str(x.rule) for x in drawn]
    axes.set_yticks(range(len(drawn)), names)
    axes.tick_params(axis="y", length=0, labelcolor=_INK)
    axes.set_xlabel("lift: win rate if met, divided by win rate if not met (logarithmic)")


def _spread(ticks: Sequence[float]) -> list[float]:
    """Those that have room beside one another; 1 always."""
    room = log(max(ticks) / min(ticks)) / 6
    kept = [1.0]
    for tick in sorted(ticks, key=lambda x: abs(log(x))):
        if all(abs(log(tick / x)) >= room for x in kept):
            kept.append(tick)
    return sorted(kept)


def curve_plot(curve: Curve) -> str:
    """Empty where hardly anything has a score, or all have the same."""
    if len(curve.steps) < 2:
        return ""
    with _drawing(f"score {curve.segments}"):
        figure = Figure(figsize=(9.2, 5.2))
        rate, volume = figure.subplots(2, 1, sharex=True, gridspec_kw={"hspace": 0.18})
        figure.subplots_adjust(left=0.08, right=0.86, top=0.93, bottom=0.1)
        _volume(volume, curve.steps)
        _win_rate(rate, [x for x in curve.steps if x.win_rate.n >= _LEAST_LEADS])
        _bands(rate, volume, curve)
        return _svg(figure, "Share of leads at or above each score, and how many of them won")


def _volume(axes: Axes, steps: Sequence[Step]) -> None:
    shares = [x.volume.share or 0 for x in steps]
    scores = [x.threshold for x in steps]
    axes.step(scores, shares, where="pre", color=_INK, linewidth=1.8)
    axes.set_ylim(0, 1.04)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_xlabel("score asked for (points)")
    axes.set_title("leads at or above that score", loc="left", fontsize=10, color=_INK)


def _win_rate(axes: Axes, steps: Sequence[Step]) -> None:
    axes.set_title("of them, won (shaded: 95 % interval)", loc="left", fontsize=10, color=_GOOD)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    spans = [x.win_rate.interval for x in steps]
    if not steps:
        return
    scores = [x.threshold for x in steps]
    low, high = [x.low for x in spans if x], [x.high for x in spans if x]
    axes.fill_between(scores, low, high, color=_GOOD, alpha=0.18, linewidth=0)
    axes.plot(scores, [x.win_rate.share or 0 for x in steps], color=_GOOD, linewidth=1.8)
    axes.set_ylim(0, min(1.0, max(high) * 1.15))


def _bands(rate: Axes, volume: Axes, curve: Curve) -> None:
    """Where the bands begin, each with what asking for it would mean: below one another where
    they begin close together."""
    scores = [x.threshold for x in curve.steps]
    drawn = {name: float(x) for name, x in curve.bands.items() if scores[0] < x <= scores[-1]}
    room, below, before = _LABEL * (scores[-1] - scores[0]), 0, -inf
    for name, at in drawn.items():
        below = below + _ROW if at - before < room else 0
        before = at
        step = next(x for x in curve.steps if x.threshold >= at)
        for axes in (rate, volume):
            axes.axvline(at, color=_SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
        volume.annotate(
            f"{name} from {at:g}:\n{percent(step.volume.share)} of leads",
            (at, 1.0), xytext=(5, -below), textcoords="offset points", va="top", fontsize=9,
            color=_INK,
        )  # fmt: skip
        rate.annotate(
            f"{percent(step.win_rate.share)} win\nn {step.win_rate.n:,}",
            (at, 0.0), xycoords=("data", "axes fraction"), xytext=(5, 5 + below),
            textcoords="offset points", fontsize=9, color=_INK,
        )  # fmt: skip


@contextmanager
def _drawing(salt: str) -> Iterator[None]:
    """The same every time, with letters as letters; `salt` keeps two drawings of a page apart."""
    with mpl.rc_context(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": salt,
            "font.family": "sans-serif",
            "font.size": 10,
            "text.color": _INK,
            "axes.labelcolor": _SOFT,
            "axes.edgecolor": _LINE,
            "xtick.color": _SOFT,
            "ytick.color": _SOFT,
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
    for drawn, of_page in _PAGE_COLOURS.items():
        svg = svg.replace(drawn, of_page)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;\"]*; ", "", svg)
    svg = re.sub(r" (width|height)=\"[0-9.]+pt\"", "", svg)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
