"""The checksum of a preview: proof that somebody looked before a gate blocked for the first time.

It names the gate, what the gate asked when it was looked at, and what was shown. Its last part
is made of the others, so that one that syncd never printed is told offline. It protects against
haste, not against malice.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256

from syncd.core.standard_digest import digest_of
from syncd.domain.names import RuleId
from syncd.domain.previewed import Previewed
from syncd.domain.stage import Stage
from syncd.domain.standard import DecayingPoints, Gate, RulePoints, Scoring, Standard, Variant

_PART = 10
_PROOF = 6
_DIGITS = "([0-9a-f]{%d})"
_WRITTEN = re.compile(f"([a-z]+)-{_DIGITS % _PART}-{_DIGITS % _PART}-{_DIGITS % _PROOF}")


def checksum(standard: Standard, gate: Stage, shown: str) -> str:
    """`shown` stands for what somebody was shown of this gate's work."""
    said = f"{gate}-{meaning_of(standard, gate)}-{_short(shown)}"
    return f"{said}-{_proof(said)}"


def read_previewed(text: str) -> Previewed | None:
    """None when syncd never printed it."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or found[1] not in set(Stage):
        return None
    if found[4] != _proof(f"{found[1]}-{found[2]}-{found[3]}"):
        return None
    return Previewed(gate=Stage(found[1]), meaning=found[2], shown=found[3])


def meaning_of(standard: Standard, gate: Stage) -> str:
    """What the gate asks, of every variant. Other gates, versions, dates and signatures do not
    count."""
    variants = tuple(_narrowed(x, gate) for x in standard.variants)
    everybodys = standard.gates[gate]
    scoring = standard.scoring if everybodys.score else None
    asked = _rules_of(everybodys, scoring).union(
        *(_rules_of(x.gates[gate], x.scoring) for x in variants)
    )
    alone = replace(
        standard,
        version="",
        review_by=date.min,
        signatures=(),
        rules={name: rule for name, rule in standard.rules.items() if name in asked},
        gates={gate: everybodys},
        scoring=scoring,
        variants=variants,
        rejections={},
    )
    return _short(digest_of(alone))


def outdated(standard: Standard, kept: Mapping[Stage, Previewed]) -> Iterable[Stage]:
    """The gates that ask something else by now than when they were looked at."""
    return (
        gate
        for gate, x in kept.items()
        if gate in standard.gates and x.meaning != meaning_of(standard, gate)
    )


def _narrowed(variant: Variant, gate: Stage) -> Variant:
    scoring = variant.scoring if variant.gates[gate].score else None
    return replace(variant, gates={gate: variant.gates[gate]}, scoring=scoring)


def _rules_of(gate: Gate, scoring: Scoring | None) -> frozenset[RuleId]:
    own = (*gate.all, *(gate.any.of if gate.any else ()))
    return frozenset(own).union(x.rule for x in _points(scoring) if isinstance(x, RulePoints))


def _points(scoring: Scoring | None) -> tuple[RulePoints | DecayingPoints, ...]:
    return scoring.points if scoring else ()


def _proof(said: str) -> str:
    return sha256(f"syncd preview {said}".encode()).hexdigest()[:_PROOF]


def _short(digest: str) -> str:
    return sha256(digest.encode()).hexdigest()[:_PART]
