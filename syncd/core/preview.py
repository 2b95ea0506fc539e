"""Say of decisions what they would do and why, in a form that two runs can be compared by.

Left out of the comparison is what differs from run to run for the same effect: keys, the order
of things, and the words syncd writes about itself, which tell the time of judging. It decides
nothing.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from syncd.core.brake import kind_of, says
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
from syncd.domain.decision import Decision
from syncd.domain.preview import PlannedAction, PlannedLead
from syncd.domain.verdict import Result, Verdict

_DIGITS = 20
_CHECKSUM = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")
_OF_A_VERDICT = frozenset((WriteKind.REVERT, WriteKind.MARK))
_DEADLINES = frozenset((WriteKind.RECYCLE, WriteKind.REASSIGN))


def is_checksum(text: str) -> bool:
    """Whether this may name a preview: held plans are called otherwise."""
    return _CHECKSUM.fullmatch(text) is not None


def checksum_of(leads: Iterable[PlannedLead], config: str) -> str:
    """The same for the same effects under the same configuration."""
    lines = sorted(
        f"{lead.lead_id} {' '.join(sorted(x.digest for x in lead.actions))}" for lead in leads
    )
    return _digest("\n".join((config, *lines)))


def planned(decision: Decision) -> tuple[PlannedAction, ...]:
    """Every effect of the decision. The same effect for another reason is another one."""
    return tuple(_planned(action, _reason(action, decision)) for action in decision.actions)


def _planned(action: Action, reason: str) -> PlannedAction:
    return PlannedAction(
        digest=_digest("\x1f".join((*_line(action), reason))),
        what=class_of(action),
        reason=reason,
        says=words_of(action),
    )


def class_of(action: Action) -> str:
    match action:
        case WriteRecord() | CreateRecord():
            return kind_of(action).value
        case AddNote():
            return "note"
        case SendAlert() | UpdateAlert():
            return "message"
        case Enlist():
            return "list"


def words_of(action: Action) -> str:
    """One effect in words, without any value of a lead."""
    match action:
        case WriteRecord() | CreateRecord():
            return says(action)
        case AddNote(system=system, record_kind=kind, record_id=record_id):
            return f"{system.label} {kind} {record_id}: a note"
        case SendAlert(alert=alert):
            return f"Slack: {alert.kind}"
        case Enlist(system=system, record_kind=kind, record_id=record_id):
            return f"{system.label} {kind} {record_id}: {list_words(action)}"
        case UpdateAlert():
            return "Slack: a message sent before says what became of it"


def _line(action: Action) -> tuple[str, ...]:
    match action:
        case WriteRecord(system=system, record_id=record_id, kind=kind, writes=writes):
            fields = sorted(
                f"{x.field}={x.seen!r}>{x.value!r}" if x.guarded else x.field for x in writes
            )
            return (kind, system, action.record_kind, record_id, *fields)
        case CreateRecord(system=system, record_kind=kind, email=email, stage=stage):
            values = sorted(f"{name}={value!r}" for name, value in action.values.items())
            return (WriteKind.CREATE, system, kind, email, stage, *values)
        case AddNote(system=system, record_id=record_id, cause=cause):
            return ("note", system, record_id, cause or "")
        case SendAlert(alert=alert):
            return ("alert", alert.kind)
        case Enlist(system=system, record_id=record_id, list_id=list_id, leave=leave):
            return ("list", system, record_id, list_id, str(leave))
        case UpdateAlert():
            return ("update",)


def _reason(action: Action, decision: Decision) -> str:
    """The gate, the deadline or the field behind it."""
    match action:
        case WriteRecord(kind=kind) if kind in _OF_A_VERDICT:
            return _gates(decision) or "the words about it changed"
        case WriteRecord(kind=kind) if kind in _DEADLINES:
            return _deadline(decision)
        case WriteRecord(kind=WriteKind.SYNC, writes=writes):
            rules = listed(dict.fromkeys(x.rule for x in writes), "and")
            return f"field {', '.join(sorted(field_words(x.field) for x in writes))}: {rules}"
        case WriteRecord(writes=writes):
            return listed(dict.fromkeys(x.rule for x in writes), "and")
        case CreateRecord(system=system):
            return f"no record in {system.label}"
        case AddNote():
            return _gates(decision) or _deadline(decision)
        case SendAlert(alert=alert):
            return _gates(decision) or f"alert {alert.kind}"
        case Enlist():
            return "nurture list"
        case UpdateAlert():
            return "an alert is over"


def _gates(decision: Decision) -> str:
    """What each gate that judged it said; failing ones with their rules."""
    failing = [x for x in decision.verdicts if x.result is Result.FAILS]
    judged = failing or decision.verdicts
    return "; ".join(dict.fromkeys(_gate(x) for x in judged))


def _gate(verdict: Verdict) -> str:
    rules = ", ".join(dict.fromkeys(x.rule for x in verdict.findings if not x.waived))
    said = f"gate {verdict.gate} {verdict.result}"
    return f"{said}: {rules}" if rules else said


def _deadline(decision: Decision) -> str:
    running = decision.lead.handoff
    handoff = decision.closed[-1] if decision.closed else running
    return f"deadline of the promise {handoff.segment if handoff else 'to sales'}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:_DIGITS]
