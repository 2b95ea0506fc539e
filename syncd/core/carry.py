"""Carry a side on under the id its record has after a conversion or a merge.

All that is known of the side stays. Writes still in flight were for the record it was, and
are never made any more: what they wanted is written to the record it is now, unless it got
there by itself. Only a move on its way to a record that was gone is out of date: `travel`
brings that one up to the lead. Nothing is decided anew here.
"""

from collections import defaultdict
from collections.abc import Mapping

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.proof import is_past
from syncd.core.value_words import kept
from syncd.core.views import covers, living
from syncd.domain.action import FieldWrite, WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.lead import Pending, Side
from syncd.domain.names import STAGE, ActionKey, FieldName, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.domain.values import Unreadable, Value

_ORPHAN = "orphan:"
"""Begins the key of a write in flight whose record is no more: no outbox row has that key."""


def is_of(snapshot: Snapshot, side: Side) -> bool:
    """Whether the snapshot is of the side's record, as it is, was or has become: they share an
    id, of old or now."""
    if snapshot.record_id == side.record_id:
        return True
    ids = {side.record_id, *side.former}
    return not ids.isdisjoint((snapshot.record_id, *snapshot.former))


def carry_on(draft: Draft, side: Side, snapshot: Snapshot, *, why: str, ctx: Context) -> Draft:
    """The side as that of the record it is now; `seen` is still what was seen last."""
    draft = draft.with_side(_carried(side, snapshot)).noted(
        AuditKind.CARRIED_ON,
        system=side.system,
        record=snapshot.record_id,
        was=_before(side, snapshot),
        why=why,
    )
    for name, pending in _landed(side, snapshot).items():
        if name not in ctx.crm.marks.values():
            draft = _told(draft, name, pending, side, snapshot)
    return draft


def _before(side: Side, snapshot: Snapshot) -> str:
    """The id the record had, or what had become of it."""
    return side.gone if side.gone and side.record_id == snapshot.record_id else side.record_id


def _told(draft: Draft, name: FieldName, pending: Pending, side: Side, snapshot: Snapshot) -> Draft:
    """Nobody else tells what a write replaced whose answer was lost."""
    return draft.noted(
        AuditKind.OVERWRITE,
        personal={"was": kept(pending.replaces[0]), "is": kept(pending.writes)},
        system=side.system,
        record=snapshot.record_id,
        field=name,
        rule="carried on",
        key=pending.key,
    )


def _carried(side: Side, snapshot: Snapshot) -> Side:
    landed = _landed(side, snapshot)
    former = dict.fromkeys((*side.former, side.record_id))
    former.pop(snapshot.record_id, None)
    return replace(
        side,
        record_id=snapshot.record_id,
        former=tuple(former),
        gone=None,
        gone_at=None,
        baseline={**side.baseline, **{name: p.writes for name, p in landed.items()}},
        pending={
            name: pending if is_past(pending, name, snapshot) else orphan(pending)
            for name, pending in side.pending.items()
            if name not in landed and not (side.gone and name == STAGE)
        },
    )


def _landed(side: Side, snapshot: Snapshot) -> Mapping[FieldName, Pending]:
    """Writes in flight that the record shows. Those the vendor took before (`is_past`) are
    for `proof` to settle."""
    return {
        name: pending
        for name, pending in side.pending.items()
        if name in snapshot.values
        and snapshot.values[name] == pending.writes
        and not is_past(pending, name, snapshot)
    }


def orphan(pending: Pending) -> Pending:
    """In flight to a record there is no more, until it is sent again."""
    return replace(pending, key=ActionKey(f"{_ORPHAN}{pending.key}"), written_at=None)


def send_again(draft: Draft, ctx: Context) -> Draft:
    """Write what orphaned writes wanted to the record there is now. A value edited meanwhile
    is left to whoever decides about that edit."""
    for side in living(draft.lead):
        orphans = _orphans(side) if side.pending else {}
        for key, fields in orphans.items():
            draft = _without_lost(draft, side.system, fields, ctx)
            draft = _send(draft, side.system, key, fields, ctx)
    return draft


def _orphans(side: Side) -> Mapping[ActionKey, Mapping[FieldName, Pending]]:
    """Writes in flight whose record is no more, those of one action together."""
    found: dict[ActionKey, dict[FieldName, Pending]] = defaultdict(dict)
    for name, pending in side.pending.items():
        if pending.key.startswith(_ORPHAN):
            found[pending.key][name] = pending
    return found


def _without_lost(
    draft: Draft, system: System, fields: Mapping[FieldName, Pending], ctx: Context
) -> Draft:
    """What the record cannot take is in flight no longer."""
    side = draft.lead.sides[system]
    lost = {name for name, pending in fields.items() if not _takes(side, name, pending, ctx)}
    draft = draft.with_side(
        replace(side, pending={name: p for name, p in side.pending.items() if name not in lost})
    )
    for name in sorted(lost):
        why = f"a {side.seen.kind} does not take it"
        draft = draft.noted(AuditKind.DISAGREEMENT, field=name, system=system, why=why)
    return draft


def _takes(side: Side, name: FieldName, pending: Pending, ctx: Context) -> bool:
    if side.seen.locked or name not in side.seen.values:
        return False
    if name != STAGE:
        return not isinstance(side.seen.values[name], Unreadable)
    side_map = ctx.crm.sides[side.system]
    return side_map.line_for(Stage(str(pending.writes)), side.seen.kind) is not None


def _send(
    draft: Draft,
    system: System,
    key: ActionKey,
    fields: Mapping[FieldName, Pending],
    ctx: Context,
) -> Draft:
    side, marks = draft.lead.sides[system], ctx.crm.marks.values()
    writes = tuple(
        FieldWrite(
            field=name,
            seen=seen,
            value=_value(name, pending),
            rule="carried on",
            guarded=name not in marks,
        )
        for name, pending in fields.items()
        if name in side.pending
        and (covers(pending, name, seen := side.seen.values[name]) or name in marks)
    )
    again = ActionKey(f"again:{side.record_id}:{key.removeprefix(_ORPHAN)}")
    return draft.writing(_kind(writes), system, writes, key=again, cause=None)


def _value(name: FieldName, pending: Pending) -> Value:
    return Stage(str(pending.writes)) if name == STAGE else pending.writes


def _kind(writes: tuple[FieldWrite, ...]) -> WriteKind:
    if any(write.field == STAGE for write in writes):
        return WriteKind.PROPAGATE
    return WriteKind.SYNC if any(write.guarded for write in writes) else WriteKind.MARK
