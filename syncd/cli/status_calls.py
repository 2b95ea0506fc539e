"""The part of `syncd status` about API calls, and about who else moves fields.

Words and tables only: what they come to is `core.budget`'s and `core.connector`'s.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.table import Table

from syncd.core.alerting_budget import LEVEL_WORDS
from syncd.core.budget import Budget, Forecast, budget_of, forecast
from syncd.core.connector import advice, quarrels
from syncd.core.value_words import distance
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.order import Level, SideStatus

_UNKNOWN = "not told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What one CRM's API calls come to."""

    budget: Budget
    forecast: Forecast
    level: Level


def calls_of(
    sides: Mapping[System, SideStatus], crm: CrmMap, *, now: datetime
) -> Mapping[System, Calls]:
    found = {}
    for system, side in sides.items():
        budget = budget_of(side, share=crm.sides[system].share, now=now)
        found[system] = Calls(
            budget=budget, forecast=forecast(side, budget, now=now), level=side.level
        )
    return found


def calls_table(calls: Mapping[System, Calls], now: datetime) -> Table:
    table = Table("API calls", "ours in 24 h", "our share", "all today", "forecast", "so", box=None)
    for system, found in calls.items():
        budget = found.budget
        table.add_row(
            system.label,
            f"{budget.spent:,}",
            _number(budget.share),
            f"{_number(budget.used)} of {_number(budget.allowed)}",
            _forecast_words(found.forecast, now),
            LEVEL_WORDS[found.level],
        )
    return table


def connector_lines(sides: Mapping[System, SideStatus], crm: CrmMap) -> Iterable[str]:
    """Fields left to the native connector, each with the line of the configuration to change."""
    moved = {name for side in sides.values() for name in side.connector or ()}
    return map(advice, quarrels(moved, crm))


def _number(number: int | None) -> str:
    return _UNKNOWN if number is None else f"{number:,}"


def _forecast_words(ahead: Forecast, now: datetime) -> str:
    end = f", share used up {distance(ahead.runs_out, now)}" if ahead.runs_out else ""
    return f"{ahead.a_day:,} a day{end}"
