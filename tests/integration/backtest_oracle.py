"""What a backtest must find, counted anew with pandas from the CSV itself.

Shares no code with the product: it reads, judges and counts by its own, one lead at a time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path

import pandas as pd

Truth = bool | None
OUTCOMES = {
    "ja": "won",
    "nein": "lost",
    "ungeeignet": "rejected",
    "zurueck": "recycled",
    "": "open",
}
RULES = ("heads-50", "decides", "budget-10k", "answered", "known-region", "score")
ASKED = {
    "north": ("heads-50", "answered"),
    "everybody": ("decides", "heads-50", "budget-10k", "answered", "score"),
}
LOOKED_AT = {
    name: (*rules, "heads-50", "known-region", "answered") for name, rules in ASKED.items()
}


@dataclass(frozen=True)
class Seen:
    """One lead, judged."""

    row: "pd.Series[object]"
    truths: dict[str, Truth]
    segment: str
    result: Truth
    points: int
    standing: str
    had_time: bool


@dataclass
class Oracle:
    path: Path
    days: int
    leads: list[Seen] = field(default_factory=list)

    def __post_init__(self) -> None:
        frame = pd.read_csv(self.path, dtype=str, keep_default_na=False)
        ends = pd.Timedelta(hours=23, minutes=59, seconds=59)
        frame["moved"] = pd.to_datetime(frame["Uebergabe"]) + ends
        frame["decided"] = pd.to_datetime(frame["Entschieden"], errors="coerce") + ends
        until = max(frame["moved"].max(), frame["decided"].max())
        self.leads = [self._seen(row, until) for _, row in frame.iterrows()]

    @property
    def counted(self) -> list[Seen]:
        return [x for x in self.leads if x.had_time]

    def _seen(self, row: "pd.Series[object]", until: pd.Timestamp) -> Seen:
        truths = _truths(row)
        segment = "north" if row["Gebiet"] == "north" else "everybody"
        truths["score"] = _reaches(truths)
        ends = row["moved"] + pd.Timedelta(days=self.days)
        late = not pd.isna(row["decided"]) and row["decided"] > ends
        return Seen(
            row=row,
            truths=truths,
            segment=segment,
            result=_result(truths, segment),
            points=_points(truths),
            standing="open" if late else OUTCOMES[row["Ausgang"]],
            had_time=ends <= until,
        )


def _number(text: str) -> float | None:
    """None where it cannot be read; not a number where there is none."""
    if not text:
        return float("nan")
    return float(text) if text.isdigit() else None


def _at_least(text: str, least: float) -> Truth:
    number = _number(text)
    if number is None:
        return None
    return not isnan(number) and number >= least


def _truths(row: "pd.Series[object]") -> dict[str, Truth]:
    answered = pd.to_datetime(row["Antwort"]) if row["Antwort"] else None
    day = row["moved"].normalize()
    return {
        "heads-50": _at_least(row["Koepfe"], 50),
        "decides": row["Rolle"] == "decides",
        "budget-10k": _at_least(row["Rahmen"], 10_000),
        "answered": answered is not None and day - pd.Timedelta(days=30) <= answered <= day,
        "known-region": row["Gebiet"] != "",
    }


_POINTS = {"heads-50": 30, "known-region": 15, "answered": 25}


def _points(truths: dict[str, Truth]) -> int:
    """What cannot be read gives none."""
    return sum(points for x, points in _POINTS.items() if truths[x])


def _reaches(truths: dict[str, Truth], least: int = 25) -> Truth:
    low = _points(truths)
    high = sum(points for x, points in _POINTS.items() if truths[x] is not False)
    return True if low >= least else False if high < least else None


def _and(truths: Sequence[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _two_of(truths: Sequence[Truth]) -> Truth:
    met, unknown = truths.count(True), truths.count(None)
    return True if met >= 2 else False if met + unknown < 2 else None


def _result(truths: dict[str, Truth], segment: str) -> Truth:
    if segment == "north":
        return _and([truths["heads-50"], truths["answered"]])
    some = _two_of([truths[x] for x in _SOME])
    return _and([truths["decides"], some, truths["score"]])


_SOME = ("heads-50", "budget-10k", "answered")


def is_missed(lead: Seen, rule: str) -> bool:
    """Whether the rule is unmet, and not one of those of which enough are met."""
    enough = _two_of([lead.truths[x] for x in _SOME]) is not False
    is_spare = lead.segment == "everybody" and rule in _SOME and enough
    return lead.truths[rule] is False and not is_spare


def fails_only_for(lead: Seen, rule: str) -> bool:
    """Whether it fails, and passes as soon as this one rule is met."""
    if rule not in ASKED[lead.segment] or lead.result is not False:
        return False
    return lead.truths[rule] is False and _result({**lead.truths, rule: True}, lead.segment) is True


def count(leads: Sequence[Seen], of: Callable[[Seen], bool]) -> int:
    return sum(map(of, leads))


def hochberg(ps: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's correction, from the largest p down."""
    found, least = [0.0] * len(ps), 1.0
    for rank, place in sorted(
        enumerate(sorted(range(len(ps)), key=ps.__getitem__), 1), reverse=True
    ):
        least = min(least, ps[place] * len(ps) / rank)
        found[place] = least
    return found
