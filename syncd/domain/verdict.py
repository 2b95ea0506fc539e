"""What judging says: outcomes of rules, findings, verdicts, waivers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from syncd.domain.names import LeadId, RuleId, TransitionId
from syncd.domain.stage import Stage
from syncd.domain.standard import EVERYBODY, BandName


@dataclass(frozen=True, slots=True)
class Met:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """`seen` and `needed` are in words, ready to be shown."""

    seen: str
    needed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    why: str


Outcome = Met | Unmet | Unknown

SCORE_RULE = RuleId("score")
COOL_OFF_RULE = RuleId("cool-off")
MOST_CYCLES_RULE = RuleId("most-cycles")
REQUALIFY_RULE = RuleId("requalify")
VARIANT_RULE = RuleId("variant")
"""Ids of what every gate may also ask: the score band, for `mql` that a recycled lead has
cooled off, has not come round too often and did something since, and that it can be told which
variant of the standard holds. No rule may take these ids."""

COMEBACK_RULES = frozenset({COOL_OFF_RULE, MOST_CYCLES_RULE, REQUALIFY_RULE})
"""What the `mql` gate also asks of a lead that came round before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that is unmet or unknown, in the rep's words. `waived` findings do not count."""

    rule: RuleId
    says: str
    fix: str
    outcome: Unmet | Unknown
    waived: bool = False


class Result(StrEnum):
    PASSES = "passes"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`points` now, the band they fall in, and each part by its name."""

    points: Decimal
    band: BandName
    parts: tuple[tuple[str, Decimal], ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All that was found about one move at one gate. `met` names the rules that hold,
    `variant` whose gate it was (UNTOLD: more than one may hold)."""

    gate: Stage
    transition: TransitionId
    lead_id: LeadId
    result: Result
    findings: tuple[Finding, ...]
    met: tuple[RuleId, ...]
    score: Score | None
    standard: str
    judged_at: datetime
    waived: bool = False
    variant: str = EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A named person's exception for one lead, gate and funnel cycle."""

    id: str
    lead_id: LeadId
    gate: Stage
    rules: tuple[RuleId, ...]
    reason: str
    by: str
    cycle: int
    granted_at: datetime
    expires_at: datetime
