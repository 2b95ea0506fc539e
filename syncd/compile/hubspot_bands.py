"""The score's bands as active lists of HubSpot: who is in which, where filters can tell exactly."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from syncd.compile.formula import NotNative
from syncd.compile.hubspot_filters import (
    ALWAYS,
    MOST_BRANCHES,
    NEVER,
    Branches,
    Listed,
    both,
    branch_of,
    either,
    listed,
)
from syncd.compile.salesforce import stamp_of
from syncd.domain.mapping import CrmMap
from syncd.domain.standard import BandName, DecayingPoints, Scoring, Standard, Variant

_CONTACT = "0-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class BandList:
    """One active list, as `POST /crm/v3/lists` takes it."""

    band: BandName
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class BandHeld:
    band: BandName
    why: str


def band_lists(standard: Standard, crm: CrmMap) -> tuple[BandList | BandHeld, ...]:
    """One for each band there is in any variant."""
    variants = standard.every_variant()
    names = [b.name for x in variants if x.scoring for b in x.scoring.bands]
    return tuple(_band(name, standard, crm) for name in dict.fromkeys(names))


def _band(name: BandName, standard: Standard, crm: CrmMap) -> BandList | BandHeld:
    try:
        branches = either(*_by_variant(name, standard, crm))
    except NotNative as reason:
        return BandHeld(band=name, why=str(reason))
    if not branches:
        return BandHeld(band=name, why="no lead can be in it")
    if len(branches) > MOST_BRANCHES:
        return BandHeld(band=name, why=f"it takes {len(branches)} rows of filters")
    stamp = stamp_of(standard)
    request = {
        "name": f"syncd: {name} (standard {stamp.version}, {stamp.digest})",
        "objectTypeId": _CONTACT,
        "processingType": "DYNAMIC",
        "filterBranch": branch_of(branches),
    }
    return BandList(band=name, request=request)


def _by_variant(name: BandName, standard: Standard, crm: CrmMap) -> Iterator[Branches]:
    *variants, everybody = standard.every_variant()
    earlier: list[Branches] = []
    for variant in (*variants, everybody):
        own = listed(variant.applies, crm) if variant is not everybody else None
        applies = own.holds if own else ALWAYS
        if variant.scoring:
            yield both(*earlier, applies, _in_band(name, variant, standard, crm))
        if own:
            earlier.append(own.fails)


def _in_band(name: BandName, variant: Variant, standard: Standard, crm: CrmMap) -> Branches:
    scoring = variant.scoring
    assert scoring is not None  # asked only of those that have one
    bounds = _bounds(name, scoring)
    return NEVER if bounds is None else _rows(_points(scoring, standard, crm), bounds, Decimal(0))


_Bounds = tuple[Decimal | None, Decimal | None]
"""From this on, and below that; None where there is no such end."""
_Part = tuple[Decimal, Listed]


def _bounds(name: BandName, scoring: Scoring) -> _Bounds | None:
    """The lowest band takes whoever is below it as well."""
    names = [x.name for x in scoring.bands]
    if name not in names:
        return None
    at = names.index(name)
    above = scoring.bands[at + 1].minimum if at + 1 < len(names) else None
    return (scoring.bands[at].minimum if at else None), above


def _points(scoring: Scoring, standard: Standard, crm: CrmMap) -> Sequence[_Part]:
    parts = []
    for part in scoring.points:
        if isinstance(part, DecayingPoints):
            raise NotNative(f"points for {part.name} fade from hour to hour, and a list cannot")
        try:
            told = listed(standard.rules[part.rule].condition, crm)
        except NotNative as reason:
            raise NotNative(f"the points for {part.rule} are not known: {reason}") from None
        parts.append((part.points, told))
    return sorted(parts, key=lambda part: -abs(part[0]))


def _rows(parts: Sequence[_Part], bounds: _Bounds, total: Decimal) -> Branches:
    """Rule by rule, the weightiest first, until the rest no longer matters."""
    least = total + sum((x for x, _ in parts if x < 0), Decimal(0))
    most = total + sum((x for x, _ in parts if x > 0), Decimal(0))
    low, high = bounds
    if (low is not None and most < low) or (high is not None and least >= high):
        return NEVER
    if (low is None or least >= low) and (high is None or most < high):
        return ALWAYS
    (points, told), *rest = parts
    return either(
        both(told.holds, _rows(rest, bounds, total + points)),
        both(told.fails, _rows(rest, bounds, total)),
    )
