"""Judge where it cannot be told which variant of the standard holds.

What all variants that may hold agree on is certain; anything else is unknown.
"""

from collections.abc import Sequence
from dataclasses import replace

from syncd.core.rule_check import add_words
from syncd.core.value_words import listed
from syncd.domain.names import RuleId
from syncd.domain.standard import UNTOLD
from syncd.domain.verdict import VARIANT_RULE, Finding, Result, Score, Unknown, Verdict


def verdict_in_doubt(verdicts: Sequence[Verdict], why: str) -> Verdict:
    """One verdict made of those of every variant that may hold, in their order. Every finding
    of any of them is kept, and says of whom it is asked where not all ask it."""
    result = _agreed(verdicts)
    untold = () if result is Result.PASSES else (_untold(verdicts, why),)
    return replace(
        verdicts[0],
        result=result,
        findings=(*_findings(verdicts), *untold),
        met=tuple(dict.fromkeys(rule for x in verdicts for rule in x.met)),
        score=_score(verdicts),
        waived=result is Result.PASSES and any(x.waived for x in verdicts),
        variant=UNTOLD,
    )


def _agreed(verdicts: Sequence[Verdict]) -> Result:
    results = {x.result for x in verdicts}
    return results.pop() if len(results) == 1 else Result.UNKNOWN


def _findings(verdicts: Sequence[Verdict]) -> Sequence[Finding]:
    """Each rule once, in the words of the first variant that asks it."""
    asked: dict[RuleId, list[tuple[str, Finding]]] = {}
    for verdict in verdicts:
        for finding in verdict.findings:
            asked.setdefault(finding.rule, []).append((verdict.variant, finding))
    return [_of_whom(named, among=len(verdicts)) for named in asked.values()]


def _of_whom(named: Sequence[tuple[str, Finding]], *, among: int) -> Finding:
    _, finding = named[0]
    if len(named) == among:
        return finding
    return add_words(finding, f"asked of {listed((name for name, _ in named), 'and')}")


def _score(verdicts: Sequence[Verdict]) -> Score | None:
    """None where the variants score it differently."""
    score = verdicts[0].score
    return score if all(x.score == score for x in verdicts) else None


def _untold(verdicts: Sequence[Verdict], why: str) -> Finding:
    return Finding(
        rule=VARIANT_RULE,
        says=f"The lead is judged as {listed((x.variant for x in verdicts), 'or')}",
        fix="Once that can be read, it is judged as one of them.",
        outcome=Unknown(why=why),
    )
