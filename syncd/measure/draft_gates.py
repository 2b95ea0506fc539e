"""Gates and points made of rules that hold up: fitted on the older leads, told of the newer.

A gate asks for what nearly every winner met; of what only some met, it asks for enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from syncd.domain.names import RuleId
from syncd.measure.draft_fit import p_of_more
from syncd.measure.draft_patterns import Part
from syncd.measure.ledger import SIGNIFICANT
from syncd.measure.rates import Contrast
from syncd.measure.shares import Rate

NEARLY_ALL = 0.9
"""A rule that more than one in ten winners failed is not asked of everybody."""
KEPT = 0.85
"""The share of past winners that a whole gate may not fall below, if it can be helped."""
POINTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class GateDraft:
    """`newer` compares leads that pass with those stopped, `kept` is the
    share of the newer winners that pass."""

    all: tuple[RuleId, ...]
    some: tuple[RuleId, ...] = ()
    at_least: int = 0
    newer: Contrast

    @property
    def kept(self) -> Rate:
        return Rate(self.newer.met.hits, self.newer.met.hits + self.newer.unmet.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDraft:
    """`bands` are the newer leads of nurture, warm and sales-ready."""

    points: Mapping[RuleId, int]
    warm: int
    ready: int
    bands: tuple[Rate, Rate, Rate]


def gate(places: Mapping[RuleId, int], older: Part, newer: Part) -> GateDraft | None:
    """`places` says where each rule stands in the parts. None where there are no rules."""
    if not places:
        return None
    needed = [x for x, at in places.items() if older.met_by_winners(at) >= NEARLY_ALL]
    some = [x for x in places if x not in needed]
    all_of, some_of = ([places[x] for x in rules] for rules in (needed, some))
    least = 0 if needed else 1
    enough = (k for k in range(len(some), least, -1) if _keeps(older, all_of, some_of, k))
    at_least = next(enough, min(least, len(some)))
    newer_leads = newer.passing(all_of, some_of, at_least)
    if at_least == len(some):  # enough of them is all of them
        return GateDraft(all=(*needed, *some), newer=newer_leads)
    some = some if at_least else []
    return GateDraft(all=tuple(needed), some=tuple(some), at_least=at_least, newer=newer_leads)


def _keeps(older: Part, needed: Sequence[int], some: Sequence[int], at_least: int) -> bool:
    found = older.passing(needed, some, at_least)
    return found.met.hits >= KEPT * (found.met.hits + found.unmet.hits)


def score(places: Mapping[RuleId, int], older: Part, newer: Part) -> ScoreDraft | None:
    """None where points would not help: bands must part the newer leads as they did the older."""
    if len(places) < 2:
        return None
    at = list(places.values())
    points = _points([_lift(older.contrast(x)) for x in at])
    scores = older.scores(points, at)
    ready = _best_cut(scores, scores >= 0, older)
    warm = _best_cut(scores, scores < ready, older)
    if not 0 < warm < ready:
        return None
    bands = _bands(newer.scores(points, at), newer, warm, ready)
    found = ScoreDraft(
        points=dict(zip(places, points, strict=True)), warm=warm, ready=ready, bands=bands
    )
    return found if _helps(found) else None


def _lift(contrast: Contrast) -> float:
    """Half a lead added to each cell, that it is finite where nobody won."""
    met, unmet = ((x.hits + 0.5) / (x.n + 1) for x in (contrast.met, contrast.unmet))
    return met / unmet


def _points(lifts: Sequence[float]) -> tuple[int, ...]:
    """By the logarithm of the lift, so that points add up as chances multiply."""
    weights = [max(log(x), 0.0) for x in lifts]
    total = sum(weights) or 1.0
    return tuple(max(1, round(POINTS * x / total)) for x in weights)


def _best_cut(scores: np.ndarray, among: np.ndarray, part: Part) -> int:
    """Of the leads `among`, the score at which the share of winners who have it is furthest from
    that of the rest; 0 where there is none."""
    cuts = [int(x) for x in np.unique(scores[among]) if x > 0]
    everyone = part.where(among)

    def gain(cut: int) -> float:
        above = part.where(among & (scores >= cut))
        rest = everyone.n - everyone.hits
        return above.hits / (everyone.hits or 1) - (above.n - above.hits) / (rest or 1)

    return max(cuts, key=lambda cut: (gain(cut), cut), default=0)


def _bands(scores: np.ndarray, part: Part, warm: int, ready: int) -> tuple[Rate, Rate, Rate]:
    return (
        part.where(scores < warm),
        part.where((scores >= warm) & (scores < ready)),
        part.where(scores >= ready),
    )


def _helps(found: ScoreDraft) -> bool:
    nurture, warm, ready = found.bands
    below = Rate(nurture.hits + warm.hits, nurture.n + warm.n)
    contrast = Contrast(ready, below)
    shares = [x.share for x in found.bands]
    if not contrast.is_enough or p_of_more(contrast) >= SIGNIFICANT:
        return False
    known = [x for x in shares if x is not None]
    return len(known) == len(shares) and known == sorted(known)
