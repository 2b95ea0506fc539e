"""A score below the band a gate asks for, told as a finding: how far off, what would lift it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from syncd.core.score import name_of, reach
from syncd.core.value_words import listed, plain
from syncd.domain.names import RuleId
from syncd.domain.standard import BandName, Rule, RulePoints, Scoring
from syncd.domain.verdict import SCORE_RULE, Finding, Score, Unknown, Unmet

_MOST_IDEAS = 3


def score_finding(
    found: Score, wanted: BandName, scoring: Scoring, rules: Mapping[RuleId, Rule]
) -> Finding | None:
    """None when the band is reached, whatever the unknown parts are."""
    minimum = next(x.minimum for x in scoring.bands if x.name is wanted)
    least, most = reach(found, scoring)
    if least >= minimum:
        return None
    return Finding(
        rule=SCORE_RULE,
        says=f"The score is {wanted.value}",
        fix=_what_would_lift(found, scoring, rules),
        outcome=_below(found, minimum) if most < minimum else _open(found, minimum),
    )


def _below(found: Score, minimum: Decimal) -> Unmet:
    return Unmet(
        seen=f"{_points(found.points)} ({found.band.value})",
        needed=f"at least {_points(minimum)}",
    )


def _open(found: Score, minimum: Decimal) -> Unknown:
    untold = listed(found.unknown, "and")
    return Unknown(
        why=f"it scores {_points(found.points)} of {_points(minimum)} needed, "
        f"but {untold} cannot be told"
    )


def _what_would_lift(found: Score, scoring: Scoring, rules: Mapping[RuleId, Rule]) -> str:
    ideas = sorted(_missing(found, scoring, rules), key=lambda idea: -idea[1])[:_MOST_IDEAS]
    if not ideas:
        return "Nothing in the standard gives it more points."
    return f"What would lift it: {', '.join(f'{says} (+{_points(x)})' for says, x in ideas)}."


def _missing(
    found: Score, scoring: Scoring, rules: Mapping[RuleId, Rule]
) -> Iterator[tuple[str, Decimal]]:
    """Each part with points still to be had."""
    given = dict(found.parts)
    for part in scoring.points:
        name = name_of(part)
        left = part.points - given.get(name, Decimal(0))
        if left <= 0:
            continue
        yield (rules[part.rule].says if isinstance(part, RulePoints) else name), left


def _points(points: Decimal) -> str:
    return plain(points.quantize(Decimal("0.1")))
