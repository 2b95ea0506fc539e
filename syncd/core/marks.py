"""The syncd fields: what people see on the record itself."""

from collections.abc import Mapping, Sequence

from syncd.core.alert_words import finding_words, judged_words
from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.keys import content_key
from syncd.core.views import coming, living
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.mapping import Mark
from syncd.domain.names import TransitionId
from syncd.domain.policy import Mode
from syncd.domain.values import Unreadable, Value
from syncd.domain.verdict import Result, Verdict

_WORDS = {
    Result.PASSES: "meets the {gate} standard",
    Result.FAILS: "does not meet the {gate} standard",
    Result.UNKNOWN: "{gate} standard: cannot tell yet",
}


def mark_verdicts(
    draft: Draft, verdicts: Sequence[Verdict], cause: TransitionId, ctx: Context
) -> Draft:
    """Write the highest gate's verdict and findings where they are not shown already. What
    is only observed stays out of the CRMs."""
    verdicts = [v for v in verdicts if ctx.mode(v.gate) is not Mode.OBSERVE]
    if not verdicts:
        return draft
    verdict = verdicts[-1]
    findings = [f for v in verdicts for f in v.findings if not f.waived]
    values: dict[Mark, Value] = {
        Mark.VERDICT: _WORDS[verdict.result].format(gate=verdict.gate.upper())
        + judged_words(verdicts, ctx.standard),
        Mark.FINDINGS: "\n".join(finding_words(f) for f in findings) or None,
        Mark.STANDARD: verdict.standard,
    }
    return write_marks(draft, values, cause=cause, ctx=ctx)


def write_marks(
    draft: Draft, values: Mapping[Mark, Value], *, cause: TransitionId | None, ctx: Context
) -> Draft:
    """Put these marks on every side that has them, can be written and is to show something
    else once writes in flight have landed."""
    for side in living(draft.lead):
        writes = tuple(
            FieldWrite(field=name, seen=seen, value=value, rule="mark", guarded=False)
            for mark, value in values.items()
            if (name := ctx.crm.marks.get(mark)) in side.seen.values
            and name is not None
            and not isinstance(seen := side.seen.values[name], Unreadable)
            and coming(side, name) != value
        )
        if writes and not side.seen.locked:
            key = content_key(WriteKind.MARK, draft.lead, side.system, writes)
            draft = draft.writing(WriteKind.MARK, side.system, writes, key=key, cause=cause)
    return draft
