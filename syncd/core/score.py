"""Score a lead: points for rules that hold, and for behaviour that fades.

Pure; a score decides nothing by itself. Decay is computed at the instant of judging
and never stored.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import assert_never

from syncd.core.conditions import Values
from syncd.domain.names import RuleId
from syncd.domain.standard import Band, DecayingPoints, RulePoints, Scoring
from syncd.domain.values import Seen
from syncd.domain.verdict import Finding, Score, Unknown

_ZERO = Decimal(0)
_CENT = Decimal("0.01")
SOON = timedelta(days=1)
"""Instants up to a day ahead count as now: a day has no zone, and clocks differ."""


def score(
    values: Values, scoring: Scoring, found: Mapping[RuleId, Finding | None], now: datetime
) -> Score:
    """Points now. `found` holds every rule that scoring names: what it found, or None.

    Parts that cannot be told are listed as unknown and give no points.
    """
    parts: list[tuple[str, Decimal]] = []
    unknown: list[str] = []
    total = _ZERO
    for part in scoring.points:
        points = _points(part, values, found, now)
        if points is None:
            unknown.append(name_of(part))
        else:
            parts.append((name_of(part), points))
            total += points
    return Score(
        points=total,
        band=band_of(total, scoring).name,
        parts=tuple(parts),
        unknown=tuple(unknown),
    )


def name_of(part: RulePoints | DecayingPoints) -> str:
    return part.rule if isinstance(part, RulePoints) else part.name


def band_of(points: Decimal, scoring: Scoring) -> Band:
    """The highest band reached; whoever is below all of them is in the lowest."""
    reached = scoring.bands[0]
    for band in scoring.bands:
        if band.minimum <= points:
            reached = band
    return reached


def reach(found: Score, scoring: Scoring) -> tuple[Decimal, Decimal]:
    """The least and the most the score can be, whatever its unknown parts turn out to be."""
    open_points = [x.points for x in scoring.points if name_of(x) in found.unknown]
    least = found.points + sum((x for x in open_points if x < 0), _ZERO)
    return least, found.points + sum((x for x in open_points if x > 0), _ZERO)


def behaviour_since(
    values: Values, scoring: Scoring, since: datetime, now: datetime
) -> tuple[Decimal, Decimal]:
    """The points for behaviour later than this, as if it were now: the least and the most they
    can be, for an instant may not be readable."""
    least = most = _ZERO
    for part in scoring.points:
        if not isinstance(part, DecayingPoints):
            continue
        seen = values.get(part.field, _ABSENT)
        if isinstance(seen, date):
            counts = since < _instant(seen) <= now + SOON
            least, most = (x + counts * part.points for x in (least, most))
        elif seen is not None:
            least, most = least + min(part.points, _ZERO), most + max(part.points, _ZERO)
    return least, most


def latest_behaviour(values: Values, scoring: Scoring, now: datetime) -> tuple[str, date] | None:
    """What the lead did last that gives points, by its name, and when."""
    parts = (part for part in scoring.points if isinstance(part, DecayingPoints))
    seen = ((part.name, values.get(part.field)) for part in parts)
    done = [(name, at) for name, at in seen if isinstance(at, date) and _instant(at) <= now + SOON]
    return max(done, key=lambda x: _instant(x[1]), default=None)


def _points(
    part: RulePoints | DecayingPoints,
    values: Values,
    found: Mapping[RuleId, Finding | None],
    now: datetime,
) -> Decimal | None:
    match part:
        case RulePoints(rule=rule, points=points):
            finding = found[rule]
            if finding is None:
                return points
            return None if isinstance(finding.outcome, Unknown) else _ZERO
        case DecayingPoints():
            return _decayed(part, values.get(part.field, _ABSENT), now)
        case _:
            assert_never(part)


_ABSENT = object()


def _decayed(part: DecayingPoints, seen: Seen | object, now: datetime) -> Decimal | None:
    """Half the points for every half-life passed; None when the instant cannot be told."""
    if seen is None:
        return _ZERO
    if not isinstance(seen, date):
        return None
    age = now - _instant(seen)
    if age < -SOON:  # behaviour in the future has not happened
        return _ZERO
    return faded(part, age)


def faded(part: DecayingPoints, age: timedelta) -> Decimal:
    """The points left at this age; all of them as long as it is not past."""
    fading = 0.5 ** (max(age, timedelta()) / part.half_life)
    return (part.points * Decimal(fading)).quantize(_CENT)


def _instant(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time(), UTC)
