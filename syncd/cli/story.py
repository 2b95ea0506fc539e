"""A lead's stored story as one list of lines, oldest first: words only, nothing decided."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from syncd.cli.entries import entry_words
from syncd.cli.local import Local
from syncd.core.alert_words import mover, stage_words
from syncd.core.lists import list_words
from syncd.core.value_words import field_words, listed
from syncd.domain.action import (
    Action,
    AddNote,
    CreateRecord,
    Enlist,
    SendAlert,
    UpdateAlert,
    WriteKind,
    WriteRecord,
)
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.names import FieldName, TransitionId
from syncd.domain.stage import Evidence, Stage, Transition
from syncd.domain.standard import EVERYBODY, UNTOLD
from syncd.domain.verdict import Finding, Result, Unmet, Verdict
from syncd.store_ports import Story

_TOLD_ELSEWHERE = frozenset({AuditKind.TRANSITION, AuditKind.VERDICT})
_RANKS = {
    AuditKind.FIRST_SIGHT: -2,
    AuditKind.LINKED: -1,
    AuditKind.GRACE: 2,
    AuditKind.OVERWRITE: 5,
}
_OF_RECORDS = frozenset(
    {
        AuditKind.FIRST_SIGHT,
        AuditKind.LINKED,
        AuditKind.UNLINKED,
        AuditKind.CARRIED_ON,
        AuditKind.CREATED,
        AuditKind.GONE,
    }
)
_OUTCOMES = {
    "pending": "waiting",
    "claimed": "under way",
    "sent": "to be seen there",
    "buried": "given up",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`details` stand below, one thing each. `rank` orders what happened in one second:
    what was seen, then judged, then decided, then done. `result` is of a verdict."""

    at: datetime
    rank: int
    says: str
    details: tuple[str, ...] = ()
    result: Result | None = None


def timeline(story: Story, local: Local, *, in_variants: bool) -> list[Line]:
    """Moves, verdicts, audit entries and effects, by time. Where the standard has variants, a
    verdict that holds for everybody else says so."""
    moves = {move.id: move for move in story.transitions}
    lines = [
        *(_move(t, moves) for t in story.transitions if t.evidence is not Evidence.WRITTEN),
        *_verdicts(story.verdicts, local, in_variants=in_variants),
        *_entries(story, local),
        *_effects(story),
    ]
    return sorted(lines, key=lambda line: (line.at.replace(microsecond=0), line.rank))


def _move(move: Transition, others: dict[TransitionId, Transition]) -> Line:
    cause = others.get(move.cause) if move.cause else None
    details = []
    if cause:
        details.append(
            f"because of the move to {stage_words(cause.to_stage)} in {cause.system.label}"
        )
    if move.evidence is Evidence.COALESCED:
        details.append("seen between two reads: steps in between may be hidden")
    steps = f"{stage_words(move.from_stage)} → {stage_words(move.to_stage)}"
    return Line(
        at=move.at,
        rank=1,
        says=f"{steps} in {move.system.label}, by {mover(move.actor)}",
        details=tuple(details),
    )


def _verdicts(verdicts: Iterable[Verdict], local: Local, *, in_variants: bool) -> Iterable[Line]:
    """What was found just the same the last time is not spelled out again."""
    last: dict[Stage, Verdict] = {}
    for verdict in verdicts:
        before = last.get(verdict.gate)
        last[verdict.gate] = verdict
        whose = _whose(verdict, in_variants=in_variants)
        if before and verdict.findings and before.findings == verdict.findings:
            again = f"✗ {', '.join(f.rule for f in verdict.findings)}"
            yield _verdict(
                verdict, whose, (f"{again}: just as at {local.words(before.judged_at)}",)
            )
        else:
            yield _verdict(verdict, whose, tuple(map(_finding, verdict.findings)))


def _verdict(verdict: Verdict, whose: str, found: tuple[str, ...]) -> Line:
    score = verdict.score
    met = [f"met: {', '.join(verdict.met)}"] if verdict.met else []
    points = [f"score {score.points.quantize(1):f}, {score.band}"] if score else []
    return Line(
        at=verdict.judged_at,
        rank=3,
        says=(
            f"Judged at the {stage_words(verdict.gate)} gate of standard {verdict.standard}"
            f"{whose}: {verdict.result}{' with a waiver' if verdict.waived else ''}"
        ),
        details=(*found, *points, *met),
        result=verdict.result,
    )


def _whose(verdict: Verdict, *, in_variants: bool) -> str:
    if verdict.variant == UNTOLD:
        return ", of which variant cannot be told"
    is_worth_saying = in_variants or verdict.variant != EVERYBODY
    return f" as {verdict.variant}" if is_worth_saying else ""


def _finding(finding: Finding) -> str:
    outcome = finding.outcome
    waived = " (waived)" if finding.waived else ""
    if isinstance(outcome, Unmet):
        told = f"seen {outcome.seen}, needed {outcome.needed}"
        return f"✗ {finding.rule}{waived}: {finding.says}: {told}. {finding.fix}"
    return f"? {finding.rule}{waived}: {finding.says}: cannot tell, because {outcome.why}"


def field_lines(story: Story, field: FieldName, local: Local) -> Iterable[Line]:
    """The audit's part in the life of one field."""
    return _entries(replace(story, audit=field_entries(story, field)), local)


def field_entries(story: Story, field: FieldName) -> tuple[AuditEntry, ...]:
    """What was noted of the field, of writes to it, and of the records it stands on."""
    writes = {
        action.key
        for action, *_ in story.outbox
        if isinstance(action, WriteRecord) and field in {w.field for w in action.writes}
    }
    return tuple(
        entry
        for entry in story.audit
        if entry.facts.get("field") == field
        or ("field" not in entry.facts and entry.facts.get("key") in writes)
        or entry.kind in _OF_RECORDS
    )


def _entries(story: Story, local: Local) -> Iterable[Line]:
    effects = {action.key: effect_words(action) for action, *_ in story.outbox}
    for entry in story.audit:
        if entry.kind not in _TOLD_ELSEWHERE:
            says, details = entry_words(entry, effects, local)
            yield Line(at=entry.at, rank=_RANKS.get(entry.kind, 4), says=says, details=details)


def _effects(story: Story) -> Iterable[Line]:
    """A write that settled is told by what it replaced, one that ended otherwise by the audit."""
    ended = {e.facts["key"] for e in story.audit if "key" in e.facts}
    for action, state, reason, at in story.outbox:
        if action.key in ended or state == "cancelled":
            continue
        is_done = state == "settled"
        if is_done and isinstance(action, WriteRecord) and action.kind is not WriteKind.MARK:
            continue
        outcome = "" if is_done else f" ({_OUTCOMES.get(state, state)})"
        details = (reason,) if reason else ()
        yield Line(at=at, rank=6, says=effect_words(action) + outcome, details=details)


def effect_words(action: Action) -> str:
    match action:
        case WriteRecord(kind=WriteKind.MARK, system=system, writes=writes):
            names = listed((field_words(w.field) for w in writes), "and")
            return f"syncd explained itself in {system.label}: {names}"
        case WriteRecord(kind=kind, system=system, writes=writes):
            names = listed((field_words(w.field) for w in writes), "and")
            return f"Write ({kind}) to {system.label}: {names}"
        case CreateRecord(system=system, record_kind=kind):
            return f"Create the missing {system.label} {kind}"
        case AddNote(system=system, title=title):
            return f"Note in {system.label}: {title}"
        case SendAlert(alert=alert):
            return f"Slack message: {alert.title}"
        case Enlist(system=system):
            return f"{system.label}: {list_words(action)}"
        case UpdateAlert(status=status):
            return f"Slack message changed: {status}"
