"""What a gate asks, one demand at a time: a rule, enough of several rules, a score.

A demand carries which variants of the standard ask for it, and tells when it certainly fails.
Nothing here knows names, messages or lengths.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never

from syncd.compile.formula import NotNative, all_of, counted, negated, number
from syncd.compile.formula_fields import Told
from syncd.compile.formula_head import waived
from syncd.compile.formula_rules import condition_told, conjuncts
from syncd.core.value_words import listed
from syncd.domain.mapping import CrmMap
from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    BandName,
    DecayingPoints,
    Gate,
    Rule,
    RulePoints,
    Scoring,
    SomeOf,
    Standard,
)
from syncd.domain.verdict import SCORE_RULE

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreOf:
    """A score in this band or above it."""

    band: BandName
    scoring: Scoring


What = RuleId | SomeOf | ScoreOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """`variants` are the numbers of the variants that ask this; the one after the last of them
    stands for everybody's gates."""

    gate: Stage
    what: What
    variants: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """A rule among several that formulas cannot judge: they take it to be unknown."""

    rule: RuleId
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """When a demand certainly fails: any of `parts` is enough."""

    parts: tuple[str, ...]
    unseen: tuple[Unseen, ...] = ()


def demands_of(standard: Standard, stage: Stage) -> tuple[Demand, ...]:
    """Everything asked of anybody at this gate, each once, in the order of the files."""
    asked: list[tuple[What, list[int]]] = []
    alike = [(x.gates[stage], x.scoring) for x in standard.variants]
    for variant, (gate, scoring) in enumerate((*alike, (standard.gates[stage], standard.scoring))):
        for what in _asked_by(gate, scoring):
            askers = next((askers for known, askers in asked if known == what), None)
            if askers is None:
                asked.append((what, askers := []))
            askers.append(variant)
    return tuple(Demand(gate=stage, what=what, variants=tuple(x)) for what, x in asked)


def rules_of(what: What) -> tuple[RuleId, ...]:
    """The ids that a waiver names."""
    match what:
        case str():
            return (what,)
        case SomeOf(of=rules):
            return rules
        case ScoreOf():
            return (SCORE_RULE,)
        case _:
            assert_never(what)


def failing(demand: Demand, standard: Standard, crm: CrmMap) -> Failing:
    """NotNative when no formula can tell."""
    match demand.what:
        case str():
            return _rule_failing(demand.gate, standard.rules[demand.what], crm)
        case SomeOf():
            return _some_failing(demand.gate, demand.what, standard, crm)
        case ScoreOf():
            let_by = waived(demand.gate, SCORE_RULE, crm)
            below = _score_below(demand.what, standard, crm)
            return Failing(parts=(all_of(negated(let_by), below),))
        case _:
            assert_never(demand.what)


def _asked_by(gate: Gate, scoring: Scoring | None) -> Iterator[What]:
    yield from gate.all
    if gate.any:
        yield gate.any
    if gate.score and scoring:
        yield ScoreOf(band=gate.score, scoring=scoring)


def _rule_failing(gate: Stage, rule: Rule, crm: CrmMap) -> Failing:
    let_by = negated(waived(gate, rule.id, crm))
    fails = [condition_told(x, crm).fails for x in conjuncts(rule.condition)]
    return Failing(parts=tuple(all_of(let_by, x) for x in fails))


def _some_failing(gate: Stage, some: SomeOf, standard: Standard, crm: CrmMap) -> Failing:
    seen, unseen = [], []
    for rule in some.of:
        let_by = negated(waived(gate, rule, crm))
        try:
            told = condition_told(standard.rules[rule].condition, crm)
        except NotNative as reason:
            unseen.append(Unseen(rule=rule, why=str(reason)))
        else:
            seen.append(all_of(let_by, told.fails))
    spare = len(some.of) - some.at_least
    if len(seen) <= spare:
        why = listed([f"{x.rule} ({x.why})" for x in unseen], "and")
        raise NotNative(f"too few of its rules can be judged by a formula: not {why}")
    most = counted([(x, "1", "0") for x in seen])
    return Failing(parts=(f"{most} > {spare}",), unseen=tuple(unseen))


def _score_below(what: ScoreOf, standard: Standard, crm: CrmMap) -> str:
    """The most it can be, whatever its unknown parts turn out to be, is too little."""
    minimum = next(x.minimum for x in what.scoring.bands if x.name is what.band)
    parts = []
    for part in what.scoring.points:
        if isinstance(part, DecayingPoints):
            raise NotNative(f"points for {part.name} fade from hour to hour, and a formula cannot")
        parts.append(_most(part, _told(part.rule, standard, crm)))
    if not parts:
        raise NotNative("the score has no points")
    return f"{counted(parts)} < {number(minimum)}"


def _told(rule: RuleId, standard: Standard, crm: CrmMap) -> Told:
    try:
        return condition_told(standard.rules[rule].condition, crm)
    except NotNative as reason:
        raise NotNative(f"the points for {rule} are not known to a formula: {reason}") from None


def _most(part: RulePoints, told: Told) -> tuple[str, str, str]:
    if part.points > _ZERO:
        return told.fails, "0", number(part.points)
    return told.holds, number(part.points), "0"
