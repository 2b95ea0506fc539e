"""What was measured, each figure with its goal beside it: as a table for people, or as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. `most` is the goal that it should not exceed, `least` the one that
    it should reach, where there is one; `group` is the heading it stands under."""

    group: str
    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        is_met = self.value <= self.goal if self.least is None else self.value >= self.goal
        return "met" if is_met else "missed"

    @property
    def goal(self) -> float | None:
        return self.most if self.least is None else self.least


def table(figures: Iterable[Figure]) -> str:
    """A line per figure, under its group's heading."""
    rows = [(f, _number(f.value), "" if f.goal is None else _number(f.goal)) for f in figures]
    wide = max(len(f.name) for f, _, _ in rows)
    return "\n".join(_lines(rows, wide))


def as_json(figures: Sequence[Figure], **about: object) -> str:
    listed = [asdict(f) | {"verdict": f.verdict} for f in figures]
    return orjson.dumps({**about, "figures": listed}, option=orjson.OPT_INDENT_2).decode()


def _lines(rows: Iterable[tuple[Figure, str, str]], wide: int) -> Iterator[str]:
    group = ""
    for figure, value, goal in rows:
        if figure.group != group:
            group = figure.group
            yield f"\n{group}"
            yield f"  {'':{wide}}  {'measured':>12} {'goal':>10}"
        unit = f" {figure.unit}" if figure.unit else ""
        yield f"  {figure.name:{wide}}  {value:>12} {goal:>10}{unit:10} {figure.verdict}".rstrip()


def _number(value: float) -> str:
    """Three figures are all that such a measurement is good for."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
