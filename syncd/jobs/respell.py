"""Follow a field map that changed between two cycles: before anything is read or written.

A field that is spelled otherwise now is forgotten of every lead. Then, as for a field that is
new, a round of reconciliation begins, so that what records show of it is learnt soon.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import structlog

from syncd.commit import Commit
from syncd.core.respell import forget, respelled, spellings
from syncd.domain.names import FieldName, LeadId, System
from syncd.jobs.pair import Pair
from syncd.jobs.sweep import FROM_THE_FIRST

log = structlog.get_logger()

_PART = 2_000


def follow_map(pair: Pair, *, now: datetime, stopping: Callable[[], bool] = lambda: False) -> bool:
    """False when stopped on the way: then nothing may be decided, and the next call begins anew.
    In a map that did not change it costs one look into the store."""
    before, current = pair.store.spellings(), spellings(pair.rules.crm)
    if all(current[s].items() <= before.get(s, {}).items() for s in current):
        return True
    changed = respelled(before, current)
    if changed:
        log.info("fields_respelled", **{s.value: sorted(names) for s, names in changed.items()})
        if not _forget(pair, changed, now=now, stopping=stopping):
            return False
    kept = {s: {**before.get(s, {}), **fields} for s, fields in current.items()}
    sweep = FROM_THE_FIRST if before else None  # a new store has nothing to learn again
    pair.store.commit(Commit(now=now, spellings=kept, sweep=sweep))
    return True


def _forget(
    pair: Pair,
    fields: Mapping[System, Collection[FieldName]],
    *,
    now: datetime,
    stopping: Callable[[], bool],
) -> bool:
    last: LeadId | None = None
    while leads := pair.store.after(last, _PART):
        if stopping():
            return False
        blank = tuple(new for lead in leads if (new := forget(lead, fields)) is not lead)
        pair.store.commit(Commit(now=now, leads=blank))
        last = leads[-1].id
    return True
