"""A record as it stood at an instant before it was read, as far as its stage goes.

What its history tells of the time since is then news to whoever reads it next. Decides
nothing, and changes nothing where there is no history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from syncd.core.stages import read_stage
from syncd.core.transitions import TICK
from syncd.domain.names import STAGE
from syncd.domain.record import PropertyChange, Snapshot
from syncd.domain.stage import StageLine
from syncd.domain.values import Unreadable


def rewound(
    snapshot: Snapshot,
    properties: Mapping[str, object],
    changes: Sequence[PropertyChange],
    lines: Sequence[StageLine],
    *,
    to: datetime,
) -> Snapshot:
    """The snapshot as of `to`, when a stage property changed at or after it; else as it is.

    `properties` are those it was made of; `changes`, oldest first, are the history of the
    properties that tell the stage, all of it or from `to` on.
    """
    if not any(change.at >= to for change in changes):
        return snapshot
    stage = read_stage({**properties, **_values_at(to, changes)}, lines)
    if isinstance(stage, Unreadable):
        return snapshot
    return replace(snapshot, modified_at=to - TICK, values={**snapshot.values, STAGE: stage})


def _values_at(instant: datetime, changes: Iterable[PropertyChange]) -> dict[str, str]:
    """Empty before the first change there is, unless that one says what it replaced."""
    values: dict[str, str] = {}
    for change in changes:
        if change.at < instant:
            values[change.name] = change.value
        else:
            values.setdefault(change.name, change.before or "")
    return values
