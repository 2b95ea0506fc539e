"""Judge one stage transition against the gate it enters.

Pure: values, standard, waivers and time all arrive as arguments. A verdict changes
nothing by itself; `decide` turns verdicts into actions.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from syncd.core.condition_groups import Truth, all_true, truth_of
from syncd.core.conditions import Values
from syncd.core.rule_check import add_words, compile_rule
from syncd.core.score import score
from syncd.core.score_finding import score_finding
from syncd.core.variant_doubt import verdict_in_doubt
from syncd.core.variants import Variants, why_untold
from syncd.domain.names import LeadId, RuleId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.standard import (
    EVERYBODY,
    Gate,
    RulePoints,
    Scoring,
    SomeOf,
    Standard,
    Variant,
)
from syncd.domain.verdict import Finding, Result, Score, Unknown, Verdict, Waiver

_RESULTS: Mapping[Truth, Result] = {True: Result.PASSES, False: Result.FAILS, None: Result.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One lead before one gate. `extra` are findings the standard knows nothing of: that a
    recycled lead has not cooled off, or came round too often."""

    transition: TransitionId
    lead_id: LeadId
    cycle: int
    values: Values
    now: datetime
    waivers: Collection[Waiver] = ()
    extra: Sequence[Finding] = ()


_Found = Mapping[RuleId, Finding | None]
"""What each rule looked at found; None where it holds."""
_Part = tuple[Sequence[Finding], Truth]
"""What a part of a gate found, and whether it holds with its waivers."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A variant, and the rules to look at for each of its gates."""

    variant: Variant
    looked_at: Mapping[Stage, tuple[RuleId, ...]]


class Judge:
    """A standard compiled once, so that judging a lead costs microseconds."""

    def __init__(self, standard: Standard) -> None:
        self.variants = Variants(standard)
        self._standard = standard
        self._checks = {x.id: compile_rule(x) for x in standard.rules.values()}
        self._asked = {x.name: _asked(x) for x in standard.every_variant()}
        self._only = None if standard.variants else self._asked[EVERYBODY]

    def judge(self, stage: Stage, case: Case) -> Verdict:
        """Hold the lead against every rule of the stage's gate, in the variant that holds.

        All findings are kept: a rep who fixes one gap only to be shown the next stops
        trusting the standard. KeyError when the standard has no gate for the stage.
        """
        if self._only is not None:
            return self._judged(stage, case, self._only)
        held = self.variants.may_hold(case.values, case.now)
        verdicts = [self._judged(stage, case, self._asked[x.name]) for x in held]
        if len(verdicts) == 1:
            return verdicts[0]
        reasons = dict.fromkeys(why_untold(x, case.values, case.now) for x in held)
        return verdict_in_doubt(verdicts, "; ".join(filter(None, reasons)))

    def _judged(self, stage: Stage, case: Case, asked: _Asked) -> Verdict:
        variant, checks, values, now = asked.variant, self._checks, case.values, case.now
        gate, scoring, waived = variant.gates[stage], variant.scoring, _waived_rules(stage, case)
        found = {rule: checks[rule](values, now) for rule in asked.looked_at[stage]}
        points = None if scoring is None else score(values, scoring, found, now)
        parts = (
            _all(gate.all, found, waived),
            _any(gate.any, found, waived),
            self._score(gate, points, scoring, waived),
            _needing_all(case.extra, waived),
        )
        findings = tuple(finding for part, _ in parts for finding in part)
        result = _RESULTS[all_true([truth for _, truth in parts])]
        return Verdict(
            gate=stage,
            transition=case.transition,
            lead_id=case.lead_id,
            result=result,
            findings=findings,
            met=tuple([rule for rule, finding in found.items() if finding is None]),
            score=points,
            standard=self._standard.version,
            judged_at=now,
            waived=result is Result.PASSES and bool(findings),
            variant=variant.name,
        )

    def _score(
        self, gate: Gate, points: Score | None, scoring: Scoring | None, waived: frozenset[RuleId]
    ) -> _Part:
        if gate.score is None or points is None or scoring is None:
            return (), True
        finding = score_finding(points, gate.score, scoring, self._standard.rules)
        return _needing_all([] if finding is None else [finding], waived)


def _all(rules: tuple[RuleId, ...], found: _Found, waived: frozenset[RuleId]) -> _Part:
    return _needing_all([x for rule in rules if (x := found[rule]) is not None], waived)


def _any(group: SomeOf | None, found: _Found, waived: frozenset[RuleId]) -> _Part:
    """Where enough of them hold, nothing is found; where only waivers make it enough, those."""
    if group is None:
        return (), True
    short = [x for rule in group.of if (x := found[rule]) is not None]
    met = len(group.of) - len(short)
    if met >= group.at_least:
        return (), True
    words = f"{group.at_least} of these {len(group.of)} are needed, {met} so far"
    findings = _marked([add_words(x, words) for x in short], waived)
    let_by = [x for x in findings if x.waived]
    if met + len(let_by) >= group.at_least:
        return let_by, True
    unknown = sum(isinstance(x.outcome, Unknown) and not x.waived for x in findings)
    is_open = met + len(let_by) + unknown >= group.at_least
    return findings, None if is_open else False


def _needing_all(findings: Sequence[Finding], waived: frozenset[RuleId]) -> _Part:
    """A part of which every finding counts."""
    findings = _marked(findings, waived)
    if not findings:
        return findings, True
    return findings, all_true([x.waived or truth_of(x.outcome) for x in findings])


def _marked(findings: Sequence[Finding], waived: frozenset[RuleId]) -> Sequence[Finding]:
    if not waived:
        return findings
    return [replace(x, waived=True) if x.rule in waived else x for x in findings]


def _waived_rules(stage: Stage, case: Case) -> frozenset[RuleId]:
    """A waiver holds for its lead, its gate and its round, until it expires."""
    if not case.waivers:
        return frozenset()
    return frozenset(
        rule
        for waiver in case.waivers
        if waiver.gate is stage
        and waiver.lead_id == case.lead_id
        and waiver.cycle == case.cycle
        and case.now < waiver.expires_at
        for rule in waiver.rules
    )


def _asked(variant: Variant) -> _Asked:
    gates = variant.gates.values()
    return _Asked(variant, {x.stage: _rules_for(x, variant.scoring) for x in gates})


def _rules_for(gate: Gate, scoring: Scoring | None) -> tuple[RuleId, ...]:
    """The gate's own rules first, then those that only give points."""
    own = gate.all + (gate.any.of if gate.any else ())
    points = scoring.points if scoring else ()
    return tuple(dict.fromkeys(own + tuple(x.rule for x in points if isinstance(x, RulePoints))))
