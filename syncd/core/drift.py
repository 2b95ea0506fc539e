"""Compare a record with what was last seen of it: what differs, and why polling did not tell.

Pure. Whether a difference is put right, counted or told is decided elsewhere.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.core.views import covers
from syncd.domain.lead import Side
from syncd.domain.names import FieldName
from syncd.domain.record import Snapshot


class Drift(StrEnum):
    """Missed: polling should have shown it, so a promise broke. Silent: the vendor moved no
    stamp (a formula, a lookup, a field of another record). Fresh: the next poll shows it."""

    MISSED = "missed"
    SILENT = "silent"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`fields` differ; none where the record itself does (gone, back, carried on)."""

    drift: Drift
    fields: tuple[FieldName, ...] = ()


def difference(side: Side, shown: Snapshot, *, read_through: datetime) -> Difference | None:
    """None when the record is as it was last seen, or as our writes in flight make it."""
    if shown.modified_at < side.seen.modified_at:
        return None  # read from somewhere that lags behind
    fields = differing(side, shown)
    if not fields and not _is_another(side, shown):
        return None
    return Difference(drift=_drift(side, shown, read_through), fields=fields)


def differing(side: Side, shown: Snapshot) -> tuple[FieldName, ...]:
    """A field that was not looked at before, or no longer is, tells nothing."""
    if shown.deleted or shown.merged_into:
        return ()
    return tuple(
        sorted(
            name
            for name, seen in side.seen.values.items()
            if name in shown.values
            and shown.values[name] != seen
            and not _is_ours(side, name, shown)
        )
    )


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
