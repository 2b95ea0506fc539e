"""Settle writes: what may still be written, and what a read-back proves.

Pure: `deliver` reads the targets, asks here, writes, reads again and asks here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from syncd.core.proof import is_past
from syncd.core.transitions import TICK, transition_id
from syncd.core.value_words import kept
from syncd.core.views import covers
from syncd.domain.action import FieldWrite, WriteRecord
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.copies import replace, swift
from syncd.domain.lead import Lead, Pending, Side
from syncd.domain.names import STAGE
from syncd.domain.record import Snapshot
from syncd.domain.stage import Actor, ActorKind, Evidence, Stage, Transition
from syncd.domain.values import Unreadable

SYNCD = Actor(kind=ActorKind.SYNCD, label="syncd")


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What of one action may be written now. `landed` fields show the value already,
    `overtaken` ones something the decision did not see; `dropped` ones are wanted no longer."""

    wanted: tuple[FieldWrite, ...]
    landed: tuple[FieldWrite, ...]
    overtaken: tuple[FieldWrite, ...]
    dropped: tuple[FieldWrite, ...]


def still_due(action: WriteRecord, lead: Lead, now_shown: Snapshot) -> Due:
    """Compare a write with what its target shows at this moment."""
    side = lead.sides.get(action.system)
    wanted, landed, overtaken, dropped = [], [], [], []
    for write in action.writes:
        pending = _in_flight(write, action, side)
        if pending is None:
            dropped.append(write)
        elif now_shown.values.get(write.field) == write.value:
            landed.append(write)
        elif write.guarded and not _is_known(write, pending, now_shown):
            overtaken.append(write)
        else:
            wanted.append(write)
    return Due(
        wanted=tuple(wanted),
        landed=tuple(landed),
        overtaken=tuple(overtaken),
        dropped=tuple(dropped),
    )


def _in_flight(write: FieldWrite, action: WriteRecord, side: Side | None) -> Pending | None:
    """A write counts while it is the one in flight for its field."""
    if side is None or side.gone or side.record_id != action.record_id:
        return None
    pending = side.pending.get(write.field)
    return pending if pending is not None and pending.key == action.key else None


def _is_known(write: FieldWrite, pending: Pending, now_shown: Snapshot) -> bool:
    """Once our write was there, even the value it replaced is somebody's edit."""
    if is_past(pending, write.field, now_shown):
        return False
    return covers(pending, write.field, now_shown.values.get(write.field))


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    lead: Lead
    transitions: tuple[Transition, ...]
    audit: tuple[AuditEntry, ...]


def settle(
    action: WriteRecord,
    lead: Lead,
    writes: tuple[FieldWrite, ...],
    *,
    shown: Snapshot,
    now: datetime,
    made: bool = True,
) -> Settlement:
    """The written fields become the baseline, stamped with the vendor's own time.

    What the record shows afterwards is not believed here: a difference is a new edit and
    comes back with the next poll. What somebody else had put there already (`made` is
    false) is neither our move nor overwritten by us.
    """
    side = lead.sides[action.system]
    untold = [w for w in writes if not _is_told(w, action, side)]
    stage = next((w for w in writes if w.field == STAGE), None)
    moved = _own_move(action, stage, shown, now) if stage and made else None
    side = _with_settled(side, writes, at=shown.modified_at)
    if stage:
        side = _past_last_move(side)
    return Settlement(
        lead=replace(lead, sides={**lead.sides, action.system: side}),
        transitions=(moved,) if moved else (),
        audit=_overwrites(action, untold, now) if made else (),
    )


def _with_settled(side: Side, writes: Iterable[FieldWrite], *, at: datetime) -> Side:
    """Fields only syncd writes have no baseline."""
    values, baseline = dict(side.seen.values), dict(side.baseline)
    settled_at, pending = dict(side.settled_at), dict(side.pending)
    for write in writes:
        values[write.field] = write.value
        settled_at[write.field] = at
        pending.pop(write.field, None)
        if write.guarded:
            baseline[write.field] = write.value
    return replace(
        side,
        seen=replace(side.seen, values=values),
        baseline=baseline,
        settled_at=settled_at,
        pending=pending,
    )


def send(
    action: WriteRecord,
    lead: Lead,
    writes: tuple[FieldWrite, ...],
    *,
    at: datetime,
    now: datetime,
) -> Settlement:
    """Written, says the vendor, as of `at`; still in flight until `proof` sees it. What was
    overwritten is told now: whoever proves the write does not know it any more."""
    side = lead.sides[action.system]
    sent = {w.field: replace(side.pending[w.field], written_at=at) for w in writes}
    side = replace(side, pending={**side.pending, **sent})
    return Settlement(
        lead=replace(lead, sides={**lead.sides, action.system: side}),
        transitions=(),
        audit=_overwrites(action, writes, now),
    )


def _is_told(write: FieldWrite, action: WriteRecord, side: Side) -> bool:
    """Whether `send` already told what this write replaced."""
    pending = side.pending.get(write.field)
    return pending is not None and pending.key == action.key and pending.written_at is not None


def _past_last_move(side: Side) -> Side:
    """The last move by others is over and done with. What they did between it and our own
    write was perhaps not read yet: history is asked from there on."""
    if side.last_move is None:
        return side
    return replace(side, last_move=None, stage_since=side.stage_since + TICK)


def _own_move(
    action: WriteRecord, write: FieldWrite, shown: Snapshot, now: datetime
) -> Transition | None:
    """syncd's own move, recorded once, with the move that caused it."""
    if write.seen == write.value:
        return None
    start = Stage(write.seen) if isinstance(write.seen, str) else Stage.NONE
    end = Stage(str(write.value))
    at = shown.modified_at
    return Transition(
        id=transition_id(action.system, action.record_id, at=at, move=(start, end)),
        lead_id=action.lead_id,
        system=action.system,
        record_id=action.record_id,
        from_stage=start,
        to_stage=end,
        at=at,
        seen_at=now,
        actor=SYNCD,
        evidence=Evidence.WRITTEN,
        cause=action.cause,
    )


def _overwrites(
    action: WriteRecord, writes: Iterable[FieldWrite], now: datetime
) -> tuple[AuditEntry, ...]:
    return tuple([_overwrite(action, write, now) for write in writes if write.guarded])


def in_doubt(
    action: WriteRecord, writes: Iterable[FieldWrite], *, shown: Snapshot | None, now: datetime
) -> tuple[AuditEntry, ...]:
    """What an attempt replaced whose answer was lost, told of fields that nobody will settle:
    another decision took them over, or the record is gone (`shown` is None). One that shows
    neither value was changed again after our write or instead of it."""
    told = []
    for write in writes:
        if not write.guarded or (shown and _is_unmoved(write, shown)):
            continue
        entry = _overwrite(action, write, now)
        is_sure = shown is not None and shown.values.get(write.field) == write.value
        doubt = {} if is_sure else {"landed": "perhaps"}
        told.append(replace(entry, facts={**entry.facts, **doubt}))
    return tuple(told)


def _is_unmoved(write: FieldWrite, shown: Snapshot) -> bool:
    """Whether the field shows what it did before the write, as far as it can be read."""
    value = shown.values.get(write.field)
    return value == write.seen or isinstance(value, Unreadable)


def _overwrite(action: WriteRecord, write: FieldWrite, now: datetime) -> AuditEntry:
    """With when, and by whom, both values were entered, as far as that is known."""
    facts = {
        "system": action.system,
        "record": action.record_id,
        "field": write.field,
        "rule": write.rule,
        "key": action.key,
    }
    personal = {"was": kept(write.seen), "is": kept(write.value)}
    for name, edit in (("was", write.was), ("came", write.came)):
        if edit is not None:
            facts[f"{name}_at"] = edit.at.isoformat()
            if edit.by:
                personal[f"{name}_by"] = edit.by
    return AuditEntry(
        at=now, kind=AuditKind.OVERWRITE, lead_id=action.lead_id, facts=facts, personal=personal
    )


def call_off(action: WriteRecord, lead: Lead, fields: tuple[FieldWrite, ...]) -> Lead:
    """These fields will not be written: nothing of them is in flight any more."""
    side = lead.sides.get(action.system)
    if side is None:
        return lead
    dropped = {w.field for w in fields}
    pending = {
        name: p for name, p in side.pending.items() if not (name in dropped and p.key == action.key)
    }
    return replace(lead, sides={**lead.sides, action.system: replace(side, pending=pending)})


def lose(action: WriteRecord, lead: Lead, *, now: datetime) -> Lead:
    """The record was not there when it was to be written. HubSpot's search never tells of
    archived contacts: this is how it shows. What was in flight is made good if it comes back."""
    side = lead.sides.get(action.system)
    if side is None or side.gone or side.record_id != action.record_id:
        return lead
    lost = replace(side, gone="deleted", gone_at=now)
    return replace(lead, sides={**lead.sides, action.system: lost})


def give_up(action: WriteRecord, lead: Lead, fields: tuple[FieldWrite, ...]) -> Lead:
    """The CRM will not take these fields, and a person was told. What it shows instead is a
    standing disagreement: no longer in flight, and not decided again until it changes."""
    side = lead.sides.get(action.system)
    if side is None:
        return lead
    names = {w.field for w in fields}
    ended = {n: p for n, p in side.pending.items() if n in names and p.key == action.key}
    stands = {
        name: seen
        for name, pending in ended.items()
        if not isinstance(seen := side.seen.values.get(name), Unreadable)
        and covers(pending, name, seen)
    }
    pending = {n: p for n, p in side.pending.items() if n not in ended}
    side = replace(side, pending=pending, baseline={**side.baseline, **stands})
    return replace(lead, sides={**lead.sides, action.system: side})
