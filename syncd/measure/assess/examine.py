"""Ask every check, and sum up: a score for each group, and what to fix first. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syncd.measure.assess import (
    capture,
    capture_fields,
    definition,
    feedback,
    feedback_losses,
    handoff,
    handoff_owners,
    reporting,
    reporting_deals,
    sla,
    sla_promises,
    stage_design,
    stage_walks,
)
from syncd.measure.assess.finding import Answer, CannotSee, Check, Gap, Group, Sound
from syncd.measure.assess.sight import Sight

CHECKS: tuple[Check, ...] = (
    *definition.CHECKS,
    *stage_design.CHECKS,
    *stage_walks.CHECKS,
    *capture.CHECKS,
    *capture_fields.CHECKS,
    *handoff.CHECKS,
    *handoff_owners.CHECKS,
    *sla_promises.CHECKS,
    *sla.CHECKS,
    *feedback.CHECKS,
    *feedback_losses.CHECKS,
    *reporting.CHECKS,
    *reporting_deals.CHECKS,
)
SERIOUS = 0.25
"""From this share on a gap takes all points of its check, below it half of them."""
_FIRST = 3
_ORDER = {Gap: 0, Sound: 1, CannotSee: 2}


@dataclass(frozen=True, slots=True)
class Result:
    check: Check
    answer: Answer

    @property
    def lost(self) -> float:
        """Points of `weight` that the gap takes."""
        if not isinstance(self.answer, Gap):
            return 0.0
        return self.check.weight * (1.0 if self.answer.share >= SERIOUS else 0.5)


@dataclass(frozen=True, slots=True)
class Score:
    """`value` of 100, None where too little of it could be seen."""

    value: int | None
    sound: int
    gaps: int
    unseen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """`first` are the gaps to close first."""

    results: tuple[Result, ...]
    total: Score
    groups: Mapping[Group, Score]
    first: tuple[Result, ...]

    @property
    def gaps(self) -> tuple[Result, ...]:
        return tuple(x for x in self.results if isinstance(x.answer, Gap))

    def of(self, group: Group) -> tuple[Result, ...]:
        """Gaps first, and what cannot be seen last."""
        found = [x for x in self.results if x.check.group is group]
        return tuple(sorted(found, key=lambda x: _ORDER[type(x.answer)]))


def assess(sight: Sight) -> Assessment:
    results = tuple(Result(check, _answer(check, sight)) for check in CHECKS)
    return Assessment(
        results=results,
        total=scored(results),
        groups={x: scored([r for r in results if r.check.group is x]) for x in Group},
        first=most_urgent(results),
    )


def _answer(check: Check, sight: Sight) -> Answer:
    """What was refused is said, whatever the rest of it would tell."""
    for need in check.needs:
        why = [
            f"{s.label}: {x.refused[need]}" for s, x in sight.places.items() if need in x.refused
        ]
        if why:
            return CannotSee(f"{need} cannot be read ({'; '.join(why)})")
    return check.ask(sight)


def scored(results: Sequence[Result]) -> Score:
    """The weight kept of the weight seen; what cannot be seen counts for nothing, and where that
    is more than half of all, there is no score."""
    seen = [x for x in results if not isinstance(x.answer, CannotSee)]
    weight = sum(x.check.weight for x in seen)
    kept = weight - sum(x.lost for x in seen)
    gaps = sum(isinstance(x.answer, Gap) for x in seen)
    is_enough = weight and 2 * weight >= sum(x.check.weight for x in results)
    return Score(
        value=round(100 * kept / weight) if is_enough else None,
        sound=len(seen) - gaps,
        gaps=gaps,
        unseen=len(results) - len(seen),
    )


def most_urgent(results: Sequence[Result]) -> tuple[Result, ...]:
    """Those that take most points; of equal ones what costs more, then what surely touches the
    larger part."""
    gaps = [x for x in results if isinstance(x.answer, Gap)]
    return tuple(sorted(gaps, key=_urgency)[:_FIRST])


def _urgency(result: Result) -> tuple[float, float, float]:
    answer = result.answer
    assert isinstance(answer, Gap)
    cost = answer.cost.amount if answer.cost else 0.0
    reach = answer.rate.interval if answer.rate else None
    return -result.lost, -cost, -(reach.low if reach else 1.0)
