"""Accept what sides show as settled there, without deciding anything about it."""

from syncd.core.draft import Draft
from syncd.core.views import changed
from syncd.domain.copies import replace
from syncd.domain.names import FieldName, System
from syncd.domain.values import Unreadable


def accepted(draft: Draft, field: FieldName, *systems: System) -> Draft:
    """What these sides show is their baseline; a write in flight over it is called off."""
    for system in systems:
        side = draft.lead.sides[system]
        seen, pending, baseline = side.seen.values.get(field), side.pending, side.baseline
        if field in pending and changed(side, field):
            pending = {name: p for name, p in pending.items() if name != field}
        if field not in pending and not isinstance(seen, Unreadable):
            baseline = {**baseline, field: seen}
        draft = draft.with_side(replace(side, pending=pending, baseline=baseline))
    return draft
