"""The criterion ledger: does each rule tell winners from the rest? Rule by rule, with what is
too little to say anything, and what looks like a finding only because so many were tried."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from syncd.domain.names import FieldName, RuleId
from syncd.domain.standard import Standard
from syncd.domain.verdict import SCORE_RULE
from syncd.measure.judging import Columns
from syncd.measure.leakage import no_winners, only_winners
from syncd.measure.ledger_counts import LedgerCounts, RuleCount
from syncd.measure.rates import Contrast, corrected
from syncd.measure.rule_fields import fields_by_rule
from syncd.measure.shares import Rate

SIGNIFICANT = 0.05
"""Of the rules told to matter, one in twenty may be chance."""


class Says(StrEnum):
    """What the past says of a rule."""

    PREDICTS = "wins more often when met"
    MISLEADS = "wins less often when met"
    NOTHING = "no difference seen"
    TOO_FEW = "too few to say"
    REFUSED = "refused as evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule. `p` is corrected for the number of rules weighed; None where it was not.
    `stops` is whether a gate asks for it: else it only gives points."""

    rule: RuleId
    words: str
    says: Says
    why_refused: str = ""
    stops: bool = True
    count: RuleCount
    p: float | None = None
    overlap: tuple[RuleId, Rate] | None = None
    as_of_now: tuple[FieldName, ...] = ()
    forced: tuple[FieldName, ...] = ()

    @property
    def win_rates(self) -> Contrast:
        count = self.count
        return Contrast(Rate(count.met_won, count.met), Rate(count.unmet_won, count.unmet))

    @property
    def is_too_good(self) -> bool:
        """Whether winners meet it and hardly anybody else, or most others fail it and hardly any
        winner: as if it asked for something that is known only afterwards (a status, say)."""
        count = self.count
        won, rest = count.met_won + count.unmet_won, count.met + count.unmet
        rest -= won
        met, unmet = count.met - count.met_won, count.unmet - count.unmet_won
        return only_winners(Rate(count.met_won, won), Rate(met, rest)) or no_winners(
            Rate(unmet, rest), Rate(count.unmet_won, won)
        )

    @property
    def unmet(self) -> Rate:
        return Rate(self.count.unmet, self.count.leads)

    @property
    def unknown(self) -> Rate:
        return Rate(self.count.unknown, self.count.leads)

    @property
    def only_reason(self) -> Rate:
        """Of the leads stopped."""
        return Rate(self.count.alone, self.count.stopped)

    @property
    def overridden(self) -> Rate:
        """Of the leads unmet: let through by a person all the same."""
        return Rate(self.count.overridden, self.count.unmet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is known of the fields: whose values are those of today, which are only known after
    the outcome but were forced, and which rules were refused, and why."""

    as_of_now: Collection[FieldName]
    forced: Collection[FieldName]
    refused: Mapping[RuleId, str]


def ledger(
    standard: Standard, columns: Columns, counts: LedgerCounts, marks: Marks
) -> tuple[Line, ...]:
    """A line for each rule that the gate or its score looks at, the refused ones last."""
    fields = fields_by_rule(standard)
    asked = {x for segment in columns.segments for x in segment.asks}
    ps = _ps(counts)
    lines = [
        Line(
            rule=rule,
            words=_words(standard, rule),
            says=_verdict(counts.count(rule), ps.get(rule)),
            stops=rule in asked,
            count=counts.count(rule),
            p=ps.get(rule),
            overlap=_most_overlapping(counts, rule),
            as_of_now=tuple(sorted(fields[rule] & set(marks.as_of_now))),
            forced=tuple(sorted(fields[rule] & set(marks.forced))),
        )
        for rule in counts.rules
    ]
    refused = (_refused(standard, rule, why) for rule, why in marks.refused.items())
    return (*sorted(lines, key=_rank), *refused)


def _refused(standard: Standard, rule: RuleId, why: str) -> Line:
    words = _words(standard, rule)
    return Line(rule=rule, words=words, says=Says.REFUSED, why_refused=why, count=RuleCount())


def _ps(counts: LedgerCounts) -> Mapping[RuleId, float]:
    """Of the rules of which there is enough to say anything: only they are tried."""
    tried = {x: contrast for x in counts.rules if (contrast := _rates(counts.count(x))).is_enough}
    return dict(zip(tried, corrected([x.p for x in tried.values()]), strict=True))


def _rates(count: RuleCount) -> Contrast:
    return Contrast(Rate(count.met_won, count.met), Rate(count.unmet_won, count.unmet))


def _verdict(count: RuleCount, p: float | None) -> Says:
    if p is None:
        return Says.TOO_FEW
    if p >= SIGNIFICANT:
        return Says.NOTHING
    return Says.PREDICTS if (_rates(count).difference or 0) > 0 else Says.MISLEADS


def _most_overlapping(counts: LedgerCounts, rule: RuleId) -> tuple[RuleId, Rate] | None:
    shares = {x: rate for x, rate in counts.overlaps(rule).items() if rate.hits}
    if not shares:
        return None
    most = max(shares, key=lambda x: (shares[x].share or 0, x))
    return most, shares[most]


def _rank(line: Line) -> tuple[int, float, str]:
    order = (Says.PREDICTS, Says.MISLEADS, Says.NOTHING, Says.TOO_FEW)
    return order.index(line.says), -abs(line.win_rates.difference or 0), line.rule


def _words(standard: Standard, rule: RuleId) -> str:
    return "The score reaches its band" if rule == SCORE_RULE else standard.rules[rule].says
