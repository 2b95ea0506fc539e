"""Compare a record with what was last seen of it: what differs, and why polling did not tell.

Pure. Whether a difference is put right, counted or told is decided elsewhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.core.learn import first_seen
from syncd.core.views import covers
from syncd.domain.lead import Side
from syncd.domain.names import FieldName
from syncd.domain.record import Snapshot


class Drift(StrEnum):
    """Missed: polling should have shown it, so a promise broke. Silent: the vendor moved no
    stamp (a formula, a lookup, a field of another record). Fresh: the next poll shows it. New:
    nothing changed, but for fields that are seen for the first time."""

    MISSED = "missed"
    SILENT = "silent"
    FRESH = "fresh"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`fields` differ; none where the record itself does (gone, back, carried on)."""

    drift: Drift
    fields: tuple[FieldName, ...] = ()


def difference(side: Side, shown: Snapshot, *, read_through: datetime) -> Difference | None:
    """None when the record is as it was last seen, or as our writes in flight make it."""
    if shown.modified_at < side.seen.modified_at:
        return None  # read from somewhere that lags behind
    new = first_seen(side, shown)
    fields = tuple(sorted(_differing(side, shown, new)))
    if fields or _is_another(side, shown):
        return Difference(drift=_drift(side, shown, read_through), fields=fields)
    return Difference(drift=Drift.NEW, fields=tuple(sorted(new))) if new else None


def _differing(side: Side, shown: Snapshot, new: Collection[FieldName]) -> Iterator[FieldName]:
    """A field that was never settled, or is looked at no longer, tells nothing."""
    if shown.deleted or shown.merged_into:
        return
    for name, seen in side.seen.values.items():
        if name in new or name not in shown.values or shown.values[name] == seen:
            continue
        if not _is_ours(side, name, shown):
            yield name


def _is_ours(side: Side, name: FieldName, shown: Snapshot) -> bool:
    """Our own write: still in flight, or landed after what an index shows."""
    if (settled := side.settled_at.get(name)) and shown.modified_at < settled:
        return True
    pending = side.pending.get(name)
    return pending is not None and covers(pending, name, shown.values[name])


def _is_another(side: Side, shown: Snapshot) -> bool:
    is_gone = shown.deleted or shown.merged_into is not None
    if is_gone or side.gone:
        return is_gone != (side.gone is not None)
    return _identity(shown) != _identity(side.seen)


def _identity(snapshot: Snapshot) -> tuple[object, ...]:
    return (
        snapshot.record_id,
        snapshot.kind,
        snapshot.emails,
        snapshot.fixed,
        snapshot.locked,
    )


def _drift(side: Side, shown: Snapshot, read_through: datetime) -> Drift:
    if shown.modified_at >= read_through:
        return Drift.FRESH
    return Drift.SILENT if shown.modified_at == side.seen.modified_at else Drift.MISSED
