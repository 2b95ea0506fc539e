"""Brake a batch of decisions: what is far more than usual waits for a person.

Pure counting, per class of write; it never looks at why a decision was made. A move that is
stopped holds its lead, for all that follows from it waits, too. Of the other classes only the
writes wait: the lead is decided, handed over and watched as ever.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from syncd.core.value_words import field_words
from syncd.core.withhold import withhold
from syncd.domain.action import Action, CreateRecord, FieldWrite, WriteKind, WriteRecord
from syncd.domain.decision import Braked, Decision, Plan, PlanState
from syncd.domain.names import STAGE, LeadId
from syncd.domain.policy import Limit

Counted = WriteRecord | CreateRecord

HOLDS_LEAD = frozenset(
    (
        WriteKind.PROPAGATE,
        WriteKind.REVERT,
        WriteKind.RECYCLE,
        WriteKind.REAPPLY,
        WriteKind.REASSIGN,
    )
)
"""Classes that move a stage, or pass a lead on to somebody else: a lead stopped in
one of them is not decided until it may go."""

APPLIED = "applied"
"""The result of a part of an approved plan that went."""

_CLASSES = tuple(WriteKind)
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
    WriteKind.REASSIGN: "pass on",
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
    One class too many stops all decisions of the batch that contain it; while a plan of a
    class is open, more of it joins the plan. What a person approved passes while its
    digest is the same. Marks alone are never held.
    """
    approved = _approved(open_plans)
    asking = [(decision, _asked(decision, approved)) for decision in decisions]
    counts = Counter(kind for _, kinds in asking for kind in kinds)
    waiting = {plan.kind for plan in open_plans if plan.state is PlanState.OPEN}
    stopped = {
        kind
        for kind, count in counts.items()
        if kind in waiting or spent.get(kind, 0) + count > allowed(limits.get(kind), linked)
    }
    if not stopped:
        return Braked(go=tuple(decisions), held={}, applied=tuple(_applied(open_plans, decisions)))
    go: list[Decision] = []
    held: dict[WriteKind, list[Decision]] = {}
    withheld: dict[WriteKind, list[Decision]] = {}
    for decision, kinds in asking:
        reasons = [kind for kind in kinds if kind in stopped]
        move = next((kind for kind in reasons if kind in HOLDS_LEAD), None)
        if move is not None:
            held.setdefault(move, []).append(decision)
            continue
        for kind in reasons:
            withheld.setdefault(kind, []).append(decision)
        go.append(withhold(decision, [x for k in reasons for x in part_of(decision.actions, k)]))
    return Braked(
        go=tuple(go),
        held={kind: tuple(part) for kind, part in held.items()},
        withheld={kind: tuple(part) for kind, part in withheld.items()},
        applied=tuple(_applied(open_plans, go)),
    )


def allowed(limit: Limit | None, linked: int) -> int:
    """Leads per rolling hour; a class without a limit may do nothing."""
    return max(limit.records, int(limit.percent * linked / 100)) if limit else 0


def digest(actions: Iterable[Action]) -> str:
    """The same for the same writes, whenever and for whatever cause they were decided.

    Left out is what only syncd writes: its words tell the time of judging.
    """
    lines = sorted("\x1f".join(line) for x in _writes(actions) if (line := _line(x)))
    return hashlib.sha256("\x1e".join(lines).encode()).hexdigest()[:_DIGEST_CHARACTERS]


def part_of(actions: Iterable[Action], kind: WriteKind) -> tuple[Counted, ...]:
    """What a plan of this class holds of these actions, and approving it lets go."""
    whole = kind in HOLDS_LEAD
    return tuple(x for x in counted(actions) if whole or kind_of(x) is kind)


def counted(actions: Iterable[Action]) -> tuple[Counted, ...]:
    """What of these the brake counts: everything written but marks."""
    return tuple([x for x in _writes(actions) if kind_of(x) is not WriteKind.MARK])


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


def _approved(plans: Iterable[Plan]) -> frozenset[tuple[WriteKind, LeadId, str]]:
    return frozenset(
        (plan.kind, part.lead_id, part.digest)
        for plan in plans
        if plan.state is PlanState.APPROVED
        for part in plan.leads
    )


def _asked(
    decision: Decision, approved: frozenset[tuple[WriteKind, LeadId, str]]
) -> tuple[WriteKind, ...]:
    """The classes there must be room for: not what was approved as it is."""
    kinds = _kinds(decision)
    if not approved:
        return kinds
    free = {
        kind
        for kind in kinds
        if (kind, decision.lead.id, digest(part_of(decision.actions, kind))) in approved
    }
    return () if free & HOLDS_LEAD else tuple(kind for kind in kinds if kind not in free)


def _applied(plans: Iterable[Plan], go: Iterable[Decision]) -> Iterator[Plan]:
    """Of each approved plan the parts that go as they were approved."""
    by_lead = {decision.lead.id: decision.actions for decision in go}
    for plan in plans:
        if plan.state is not PlanState.APPROVED:
            continue
        parts = tuple(
            replace(part, result=APPLIED)
            for part in plan.leads
            if not part.result
            and part.digest == digest(part_of(by_lead.get(part.lead_id, ()), plan.kind))
        )
        if parts:
            yield replace(plan, leads=parts)


def _kinds(decision: Decision) -> tuple[WriteKind, ...]:
    """The classes the brake counts the decision in, in a fixed order."""
    found = {kind_of(x) for x in counted(decision.actions)}
    return tuple(found) if len(found) < 2 else tuple(k for k in _CLASSES if k in found)


def _writes(actions: Iterable[Action]) -> list[Counted]:
    return [x for x in actions if isinstance(x, Counted)]


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
