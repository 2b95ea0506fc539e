"""Brake a batch of decisions: what is far more than usual waits for a person.

Pure counting, per class of write; it never looks at why a decision was made.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from syncd.core.value_words import field_words
from syncd.domain.action import Action, CreateRecord, FieldWrite, WriteKind, WriteRecord
from syncd.domain.decision import Braked, Decision, Plan, PlanState
from syncd.domain.names import STAGE, LeadId
from syncd.domain.policy import Limit

Counted = WriteRecord | CreateRecord

_DIGEST_CHARACTERS = 32
_VERBS = {
    WriteKind.PROPAGATE: "carry over",
    WriteKind.REVERT: "move back",
    WriteKind.RECYCLE: "recycle",
    WriteKind.SYNC: "carry over",
    WriteKind.CREATE: "create",
    WriteKind.REPAIR: "repair",
    WriteKind.MARK: "mark",
    WriteKind.REAPPLY: "make the move again",
}


def brake(
    decisions: Sequence[Decision],
    *,
    spent: Mapping[WriteKind, int],
    open_plans: Sequence[Plan],
    limits: Mapping[WriteKind, Limit],
    linked: int,
) -> Braked:
    """Let the batch go, or hold what exceeds a class's limit.

    `spent` counts leads written in the last hour, `linked` the leads known on both sides.
    One class too many holds all decisions of the batch that contain it; while a plan of a
    class is open, more of it joins the plan. What a person approved passes while its
    digest is the same. Marks alone are never held.
    """
    approved = _approved(open_plans)
    asked = decisions if approved else ()
    free = {d.lead.id for d in asked if (d.lead.id, digest(d.actions)) in approved}
    asking = [d for d in decisions if d.lead.id not in free]
    counts = Counter(kind for d in asking for kind in _kinds(d))
    waiting = {plan.kind for plan in open_plans if plan.state is PlanState.OPEN}
    stopped = {
        kind
        for kind, count in counts.items()
        if kind in waiting or spent.get(kind, 0) + count > allowed(limits.get(kind), linked)
    }
    go: list[Decision] = []
    held: dict[WriteKind, list[Decision]] = {}
    for decision in decisions:
        reasons = () if decision.lead.id in free else _kinds(decision)
        reason = next((kind for kind in reasons if kind in stopped), None)
        (go if reason is None else held.setdefault(reason, [])).append(decision)
    return Braked(go=tuple(go), held={kind: tuple(part) for kind, part in held.items()})


def allowed(limit: Limit | None, linked: int) -> int:
    """Leads per rolling hour; a class without a limit may do nothing."""
    return max(limit.records, int(limit.percent * linked / 100)) if limit else 0


def digest(actions: Iterable[Action]) -> str:
    """The same for the same writes, whenever and for whatever cause they were decided.

    Left out is what only syncd writes: its words tell the time of judging.
    """
    lines = sorted("\x1f".join(line) for x in _writes(actions) if (line := _line(x)))
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()[:_DIGEST_CHARACTERS]


def counted(actions: Iterable[Action]) -> tuple[Counted, ...]:
    """What of these the brake counts: everything written but marks."""
    return tuple(x for x in _writes(actions) if kind_of(x) is not WriteKind.MARK)


def kind_of(action: Counted) -> WriteKind:
    return WriteKind.CREATE if isinstance(action, CreateRecord) else action.kind


def says(action: Counted) -> str:
    """One write in words: stages by name, of other fields the name alone."""
    if isinstance(action, CreateRecord):
        fields = ", ".join(field_words(x) for x in sorted(action.values))
        new = f"{action.system.label} {action.record_kind} for lead {action.lead_id}"
        return f"{new}: {_VERBS[WriteKind.CREATE]} (stage {action.stage}, email, {fields})"
    fields = ", ".join(_field_says(x) for x in action.writes)
    record = f"{action.system.label} {action.record_kind} {action.record_id}"
    return f"{record}: {_VERBS[action.kind]} ({fields})"


def _approved(plans: Iterable[Plan]) -> frozenset[tuple[LeadId, str]]:
    return frozenset(
        (part.lead_id, part.digest)
        for plan in plans
        if plan.state is PlanState.APPROVED
        for part in plan.leads
    )


def _kinds(decision: Decision) -> tuple[WriteKind, ...]:
    """The classes the brake counts the decision in, in a fixed order."""
    found = {kind_of(x) for x in counted(decision.actions)}
    return tuple(kind for kind in WriteKind if kind in found)


def _writes(actions: Iterable[Action]) -> Iterator[Counted]:
    return (x for x in actions if isinstance(x, Counted))


def _line(action: Counted) -> tuple[str, ...]:
    """What a write comes to, as text; empty when nothing of it counts."""
    if isinstance(action, CreateRecord):
        content = (("stage", action.stage), ("email", action.email), *action.values.items())
        parts = sorted(content, key=lambda x: x[0])
        return (action.system, action.record_kind, WriteKind.CREATE, *map(repr, parts))
    writes = [(x.field, x.seen, x.value) for x in action.writes if x.guarded]
    if not writes:
        return ()
    lines = map(repr, sorted(writes, key=lambda x: x[0]))
    return (action.system, action.record_kind, action.record_id, action.kind, *lines)


def _field_says(write: FieldWrite) -> str:
    if write.field == STAGE:
        return f"stage from {write.seen or 'none'} to {write.value or 'none'}"
    return field_words(write.field)
