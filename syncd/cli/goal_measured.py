"""The rates that `syncd goal` walks back through, from the same tables as every report.

Imports tables: only from inside a command's function.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from syncd.cli.measured import facts_of, scope_of
from syncd.cli.options import source_of
from syncd.errors import SyncdError
from syncd.measure.catalogue import MEASURES
from syncd.measure.goal import SOLD, Step, measured_pace, measured_steps
from syncd.measure.period import latest_months
from syncd.measure.scope import Scope

_MONTHS = 12
_FUNNEL, _ARRIVALS = "lead-funnel", "arrivals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """`steps` from the sale (`sold`) back; `pace` is how many of each come a month now, by
    their names; `says` tells where the rates are from."""

    steps: tuple[Step, ...]
    sold: str
    pace: Mapping[str, float]
    says: str


def measured(config_dir: Path, period: str | None) -> Rates:
    """On the new leads of the period (None: of the last twelve whole months). SyncdError where
    a rate cannot be told: none is ever made up."""
    settings, now = source_of(config_dir).load(), datetime.now(UTC)
    named = period or last_year(now, settings.policy.calendar.time_zone)
    scope, facts = scope_of(settings, named, (), now=now), facts_of(settings)
    funnel = MEASURES[_FUNNEL].table(facts, scope)
    try:
        steps = measured_steps(funnel)
    except ValueError as error:
        raise SyncdError(
            f"{scope.label}: {error}; name a --period that had more leads, or give --rates"
        ) from None
    arrivals = MEASURES[_ARRIVALS].table(facts, scope)
    return Rates(
        steps=steps,
        sold=SOLD,
        pace=measured_pace(arrivals, months_of(scope)),
        says=f"The rates are of the leads that first came in {scope.label}, as the report counts "
        "them, each with its 95 % interval; the pace is of what reached each stage in that time. "
        + " ".join(funnel.notes),
    )


def last_year(now: datetime, zone: str) -> str:
    """The last twelve whole months there."""
    last, *_, first = latest_months(now, zone, _MONTHS + 1)[1:]
    return f"{first}..{last}"


def months_of(scope: Scope) -> int:
    zone = ZoneInfo(scope.time_zone)
    start, end = (x.astimezone(zone) for x in (scope.start, scope.end))
    return (end.year - start.year) * 12 + end.month - start.month
