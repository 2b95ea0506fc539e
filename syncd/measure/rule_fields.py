"""Which fields a rule, a score or a segment looks at, and a standard without some of its rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from syncd.core.condition_parts import fields_of
from syncd.domain.names import FieldName, RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    DecayingPoints,
    Gate,
    RulePoints,
    Scoring,
    SomeOf,
    Standard,
    Variant,
)
from syncd.domain.verdict import SCORE_RULE


def fields_by_rule(standard: Standard) -> Mapping[RuleId, frozenset[FieldName]]:
    """The score's rule looks at all that any segment's score looks at."""
    named = {name: frozenset(fields_of(rule.condition)) for name, rule in standard.rules.items()}
    scores = [x.scoring for x in standard.every_variant() if x.scoring]
    scored = (_scored_fields(points, named) for x in scores for points in x.points)
    return {**named, SCORE_RULE: frozenset().union(*scored)}


def _scored_fields(
    points: RulePoints | DecayingPoints, named: Mapping[RuleId, frozenset[FieldName]]
) -> frozenset[FieldName]:
    if isinstance(points, RulePoints):
        return named[points.rule]
    return frozenset({points.field})


def without(
    standard: Standard, stage: Stage, rules: Collection[RuleId], fields: Collection[FieldName]
) -> Standard:
    """The standard as if its gate for `stage` and its scores had never asked for these rules,
    and nothing faded by these fields. A score that is left without points is not asked for."""
    if not rules and not fields:
        return standard
    cut = _Cut(rules=frozenset(rules), fields=frozenset(fields), stage=stage)
    *segments, everybody = (cut.variant(x) for x in standard.every_variant())
    return replace(
        standard,
        gates=everybody.gates,
        scoring=everybody.scoring,
        variants=tuple(segments),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """What is to be taken out."""

    rules: frozenset[RuleId]
    fields: frozenset[FieldName]
    stage: Stage

    def variant(self, variant: Variant) -> Variant:
        scoring = self._scoring(variant.scoring) if variant.scoring else None
        gate = self._gate(variant.gates[self.stage], has_score=scoring is not None)
        return replace(variant, gates={**variant.gates, self.stage: gate}, scoring=scoring)

    def _gate(self, gate: Gate, *, has_score: bool) -> Gate:
        return replace(
            gate,
            all=tuple(x for x in gate.all if x not in self.rules),
            any=self._some(gate.any) if gate.any else None,
            score=gate.score if has_score else None,
        )

    def _some(self, some: SomeOf) -> SomeOf | None:
        of = tuple(x for x in some.of if x not in self.rules)
        return SomeOf(at_least=min(some.at_least, len(of)), of=of) if of else None

    def _scoring(self, scoring: Scoring) -> Scoring | None:
        points = tuple(x for x in scoring.points if not self._is_out(x))
        return replace(scoring, points=points) if points else None

    def _is_out(self, points: RulePoints | DecayingPoints) -> bool:
        if isinstance(points, RulePoints):
            return points.rule in self.rules
        return points.field in self.fields
