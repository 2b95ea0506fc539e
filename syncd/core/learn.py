"""Fields of a known record that are seen for the first time: added to the map, or shown at last.

Like the record's own first sight that is no edit. What is shown becomes the baseline, a
disagreement is told and left alone. Nothing travels because of it.
"""

from collections.abc import Mapping

from syncd.core.draft import Draft
from syncd.core.views import living
from syncd.domain.audit import AuditKind
from syncd.domain.copies import replace
from syncd.domain.lead import Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import STAGE, FieldName
from syncd.domain.record import Snapshot
from syncd.domain.values import Unreadable, Value


def first_seen(side: Side, shown: Snapshot) -> Mapping[FieldName, Value]:
    """Fields never settled here, or not looked at last time: one that left the map and came
    back is as good as new. One that was hidden for a while keeps what was settled before."""
    if shown.deleted or shown.merged_into:
        return {}
    names, seen, settled = shown.values.keys(), side.seen.values.keys(), side.baseline.keys()
    if names <= seen and names <= settled:  # nearly always
        return {}
    return {
        name: value
        for name in names - (seen & settled)
        if name != STAGE and name not in side.pending
        if not isinstance(value := shown.values[name], Unreadable)
    }


def learn(draft: Draft, side: Side, shown: Snapshot, crm: CrmMap) -> Draft:
    """With what the record shows of such fields as seen and settled."""
    if shown.modified_at < side.seen.modified_at:
        return draft  # read from somewhere that lags behind
    new = first_seen(side, shown)
    if not new:
        return draft
    seen = replace(side.seen, values={**side.seen.values, **new})
    draft = draft.with_side(replace(side, seen=seen, baseline={**side.baseline, **new}))
    for name in sorted(_differ(draft, side, new) - set(crm.marks.values())):
        why = f"seen for the first time, and {side.system.other.label} shows another value"
        draft = draft.noted(AuditKind.DISAGREEMENT, field=name, system=side.system, why=why)
    return draft


def _differ(draft: Draft, side: Side, new: Mapping[FieldName, Value]) -> set[FieldName]:
    """Those of which the lead's other record is known to show something else."""
    other = draft.lead.sides.get(side.system.other)
    if other is None or other not in living(draft.lead):
        return set()
    shown = other.seen.values
    return {
        name
        for name, value in new.items()
        if name in shown and shown[name] != value and not isinstance(shown[name], Unreadable)
    }
