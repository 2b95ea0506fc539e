"""What the past proposes to change in the standard: rules that a gate asks for though they do not
tell winners from the rest, and what the gate would have done without them.

It proposes; people decide. Only taking a rule out of a gate is proposed here: what nobody asked
for yet is in no verdict, and `standard draft` looks for it in the CRMs; nor is by how much a lead
missed a limit, so that another limit is tried by `backtest --crm` on a changed standard.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import Gate, Standard
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.column_groups import all_of, enough_of
from syncd.measure.column_names import RESULT, rule_column
from syncd.measure.ledger import Line, Says
from syncd.measure.outcomes import SEGMENT
from syncd.measure.own_ledger import GateLedger
from syncd.measure.tally import Sides, Tallies, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Take `rule` out of the gate. `now` and `then` are the same leads, as the gate stops and
    lets them through with the rule and without it."""

    stage: Stage
    rule: RuleId
    words: str
    why: str
    now: Sides
    then: Sides


def proposals(
    standard: Standard, found: GateLedger, stopped: Sequence[RuleId]
) -> tuple[Proposal, ...]:
    """`stopped` are rules of this gate that stopped winners."""
    return tuple(_proposed(standard, found, stopped))


def _proposed(
    standard: Standard, found: GateLedger, stopped: Sequence[RuleId]
) -> Iterator[Proposal]:
    faded = {x.rule for x in found.faded}
    asked = {x for one in standard.every_variant() for x in one.gates[found.stage].all}
    for line in found.lines:
        why = _why(line, is_faded=line.rule in faded, has_stopped=line.rule in stopped)
        if why and line.rule in asked:
            yield Proposal(
                stage=found.stage,
                rule=line.rule,
                words=line.words,
                why=why,
                now=_sides(found.counted, standard, found.stage),
                then=_sides(
                    found.counted, without_rule(standard, found.stage, line.rule), found.stage
                ),
            )


def _why(line: Line, *, is_faded: bool, has_stopped: bool) -> str:
    """Empty where there is no reason: a rule is not given up for want of evidence alone."""
    if line.says is Says.MISLEADS:
        return "leads that meet it win less often than those that do not"
    if is_faded:
        return "it told winners from the rest among the older half of the leads, and no longer does"
    if line.says is Says.NOTHING and has_stopped:
        return "no difference is seen between leads that meet it and others, and it stopped winners"
    return ""


def without_rule(standard: Standard, stage: Stage, rule: RuleId) -> Standard:
    """The standard whose gate does not ask for this rule by itself; nothing else is changed,
    nor what it gives in points."""

    def cut(gate: Gate) -> Gate:
        return replace(gate, all=tuple(x for x in gate.all if x != rule))

    return replace(
        standard,
        gates={**standard.gates, stage: cut(standard.gates[stage])},
        variants=tuple(
            replace(x, gates={**x.gates, stage: cut(x.gates[stage])}) for x in standard.variants
        ),
    )


def _sides(counted: pl.DataFrame, standard: Standard, stage: Stage) -> Sides:
    tallies = Tallies(SEGMENT)
    result = pl.coalesce(
        pl.when(pl.col(SEGMENT) == x.name).then(_passes(x.gates[stage], counted))
        for x in standard.every_variant()
    )
    tallies.add(counted.with_columns(result.alias(RESULT)))
    return total(tallies.by_size().values())


def _passes(gate: Gate, counted: pl.DataFrame) -> pl.Expr:
    parts = [pl.col(rule_column(x)) for x in gate.all]
    if gate.any:
        parts.append(enough_of(gate.any))
    score = rule_column(SCORE_RULE)
    if gate.score and score in counted.columns:
        parts.append(pl.col(score))
    return all_of(parts)
