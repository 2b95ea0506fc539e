"""Audit entries of handoffs, rounds and waivers in words, for `syncd explain`. Wording only."""

from collections.abc import Callable, Mapping
from datetime import datetime

from syncd.cli.local import Local
from syncd.core.alert_words import stage_words
from syncd.core.handoff_words import PROMISED
from syncd.core.value_words import field_words, listed
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.ending import Road
from syncd.domain.handoff import ClockName, HandoffState, Proof
from syncd.domain.names import FieldName
from syncd.domain.stage import Stage

Told = tuple[str, tuple[str, ...]]
"""What happened, and what stands below it."""

ERASED = "(erased)"

_WHERE = {
    "slack": "in Slack",
    "command": "on the command line",
    "dashboard": "on the dashboard",
}
_SAID = {
    Proof.SLACK: "said in Slack",
    Proof.COMMAND: "said on the command line",
    Proof.DASHBOARD: "said on the dashboard",
}


def handoff(entry: AuditEntry, local: Local) -> Told:
    facts = entry.facts
    if "due" in facts:  # written by a version that knew one deadline
        due, ends = (_when(facts[name], local) for name in ("due", "expires"))
        return f"Offered to sales: to be accepted by {due}", (f"otherwise recycled at {ends}",)
    if "segment" in facts:
        return f"Offered to sales, as “{facts['segment']}”", _deadlines(entry, local)
    if "step" in facts:
        return _stepped(entry, local)
    if "because" in facts:
        return f"Handoff {facts['state']}{_by(entry)}", (facts["because"], *_proof(entry))
    if facts["state"] == HandoffState.ACCEPTED:
        return f"Accepted{_by(entry)}", _proof(entry)
    passed_on = facts.get("proof") == Proof.CLOCK
    says = "Passed on by syncd to the next owner" if passed_on else "It has another owner"
    if facts["state"] == HandoffState.OPENED:
        says = "Nobody has it any more"
    return says, _deadlines(entry, local)


def _stepped(entry: AuditEntry, local: Local) -> Told:
    if entry.facts["step"] == "breached":
        return _breached(entry, local)
    says = {
        "snoozed": f"Snoozed{_by(entry)}",
        "replanned": "Deadlines counted again: the calendar, days off or the promise changed",
    }
    return says[entry.facts["step"]], (*_proof(entry), *_deadlines(entry, local))


def _breached(entry: AuditEntry, local: Local) -> Told:
    promised = PROMISED[ClockName(entry.facts["clock"])]
    says = {"answered": "it came", "over": "it had not come when the handoff was over"}
    ends = {fact: entry.facts.get(fact, "") for fact in says}
    details = tuple(f"{says[fact]} {_when(at, local)}" for fact, at in ends.items() if at)
    return f"Breach: {promised} was due by {_when(entry.facts['was_due'], local)}", details


def _deadlines(entry: AuditEntry, local: Local) -> tuple[str, ...]:
    return tuple(
        f"{PROMISED[name]} by {_when(entry.facts[f'{name}_by'], local)}"
        for name in ClockName
        if f"{name}_by" in entry.facts
    )


def _by(entry: AuditEntry) -> str:
    return f" by {entry.personal['by']}" if "by" in entry.personal else ""


def _proof(entry: AuditEntry) -> tuple[str, ...]:
    proof = entry.facts.get("proof", "")
    return (_SAID[Proof(proof)],) if proof in set(_SAID) else ()


def recycled(entry: AuditEntry) -> Told:
    """Entries of before there were several roads tell none: they were all recycled."""
    cycle, road = entry.facts["cycle"], entry.facts.get("road", Road.NURTURE)
    late = entry.facts.get("late") == "true"
    details = ("later than promised: it could not be judged in time",) if late else ()
    goes_to = _stage(entry.facts.get("stage", ""))
    match Road(road):
        case Road.NURTURE:
            return f"Recycled: round {cycle} is over", details
        case Road.RETIRED:
            return f"Retired to {goes_to}: round {cycle} was the last", details
        case Road.OUT:
            return f"Out, at {goes_to}: round {cycle} is over", details


def rejected(entry: AuditEntry) -> Told:
    facts = entry.facts
    says = f"{_who(entry)} rejected it {_WHERE[facts['via']]}: {facts['reason']}"
    missing = [field_words(FieldName(name)) for name in facts["missing"].split()]
    details = (
        f"missing at handoff: {listed(missing, 'and')}" if missing else "",
        f"until {facts['until']}" if facts["until"] else "",
        f"objection: {entry.personal['objection']}" if "objection" in entry.personal else "",
        f"note: {entry.personal['note']}" if "note" in entry.personal else "",
    )
    return says, tuple(line for line in details if line)


def not_done(entry: AuditEntry) -> Told:
    facts = entry.facts
    return f"Not done: {facts['what']}, asked by {_who(entry)}", (facts["why"],)


def waived(entry: AuditEntry, local: Local) -> Told:
    reason = (f"reason: {entry.personal.get('reason', ERASED)}",)
    asked = (f"asked for by {entry.personal['asked_by']}",) if "asked_by" in entry.personal else ()
    return f"{_who(entry)} waived {_rules(entry, local)}", (*reason, *asked)


def waiver_asked(entry: AuditEntry, local: Local) -> Told:
    reason = f"reason: {entry.personal.get('reason', ERASED)}"
    return f"{_who(entry)} asked to waive {_rules(entry, local)}", (reason,)


def waiver_refused(entry: AuditEntry, local: Local) -> Told:
    asked = (f"asked for by {entry.personal['asked_by']}",) if "asked_by" in entry.personal else ()
    return f"{_who(entry)} refused to waive {_rules(entry, local)}", asked


def _rules(entry: AuditEntry, local: Local) -> str:
    facts = entry.facts
    until = _when(facts["expires"], local)
    gate = _stage(facts["gate"])
    return f"{facts['rules'].replace(' ', ', ')} at the {gate} gate until {until}"


def _who(entry: AuditEntry) -> str:
    return entry.personal.get("by", ERASED)


def _when(text: str, local: Local) -> str:
    return local.words(datetime.fromisoformat(text))


def _stage(text: str) -> str:
    return stage_words(Stage(text)) if text in set(Stage) else text or "none"


TIMELESS: Mapping[AuditKind, Callable[[AuditEntry], Told]] = {
    AuditKind.RECYCLED: recycled,
    AuditKind.REJECTED: rejected,
    AuditKind.NOT_DONE: not_done,
}
TIMED: Mapping[AuditKind, Callable[[AuditEntry, Local], Told]] = {
    AuditKind.HANDOFF: handoff,
    AuditKind.WAIVED: waived,
    AuditKind.WAIVER_ASKED: waiver_asked,
    AuditKind.WAIVER_REFUSED: waiver_refused,
}
