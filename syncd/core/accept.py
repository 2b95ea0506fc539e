"""Accept what sides show as settled there, without deciding anything about it."""

from syncd.core.draft import Draft
from syncd.core.views import changed
from syncd.domain.copies import replace
from syncd.domain.lead import Side
from syncd.domain.names import FieldName, System
from syncd.domain.values import Unreadable


def accepted(draft: Draft, field: FieldName, *systems: System) -> Draft:
    """What these sides show is their baseline; a write in flight over it is called off."""
    for system in systems:
        draft = draft.with_side(accepted_at(draft.lead.sides[system], field))
    return draft


def accepted_at(side: Side, *fields: FieldName) -> Side:
    """The side, with what it shows of these fields as settled."""
    pending, baseline = dict(side.pending), dict(side.baseline)
    for field in fields:
        seen = side.seen.values.get(field)
        if field in pending and changed(side, field):
            del pending[field]
        if field not in pending and not isinstance(seen, Unreadable):
            baseline[field] = seen
    return replace(side, pending=pending, baseline=baseline)
