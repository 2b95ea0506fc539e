"""Ask both CRMs what they show of one field of one lead now, and how it came about.

Only looks. A CRM that cannot be asked says why; the other one is asked all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from syncd.core.edits import edits_of
from syncd.core.normalise import normalise
from syncd.core.spelling import read_value
from syncd.core.views import living
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import System
from syncd.domain.record import Directory, PropertyChange
from syncd.domain.values import FieldSpec, Seen, Unreadable
from syncd.errors import SyncdError
from syncd.ports import Crm

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any history either vendor keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of a CRM's own history of the field, in canonical form."""

    system: System
    at: datetime
    value: Seen
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNow:
    """`lead` is as both CRMs show it now, as far as they could be asked; `unasked` says of a
    CRM why it could not be; `untold` are those that keep no history of the field."""

    lead: Lead
    changes: tuple[Change, ...]
    unasked: Mapping[System, str]
    untold: tuple[System, ...]


def field_now(crms: Mapping[System, Crm], lead: Lead, spec: FieldSpec, crm: CrmMap) -> FieldNow:
    found = FieldNow(lead=lead, changes=(), unasked={}, untold=())
    for side in living(lead):
        if side.system not in spec.properties:
            continue
        try:
            found = _with_side(found, crms[side.system], side, spec, crm)
        except SyncdError as error:
            found = replace(found, unasked={**found.unasked, side.system: str(error)})
    return found


def _with_side(found: FieldNow, asked: Crm, side: Side, spec: FieldSpec, crm: CrmMap) -> FieldNow:
    directory = asked.directory()
    record = asked.read([side.record_id]).get(side.record_id)
    if record is None or record.deleted:
        return replace(found, unasked={**found.unasked, side.system: "the record is gone"})
    side = replace(side, seen=normalise(record, crm, directory))
    path = crm.sides[side.system].path_of(spec, side.seen.kind)
    history = asked.history([side.record_id], _EVER, [path]) if path else {}
    entries = [x for x in history.get(side.record_id, ()) if x.name == path]
    side = replace(side, edits=edits_of(entries, side, [spec], crm, directory))
    changes = _readable([_change(side.system, x, spec, directory) for x in entries])
    return replace(
        found,
        lead=replace(found.lead, sides={**found.lead.sides, side.system: side}),
        changes=(*found.changes, *changes),
        untold=found.untold if changes else (*found.untold, side.system),
    )


def _readable(changes: Sequence[Change]) -> tuple[Change, ...]:
    """A look-up has two entries of one instant: the name that goes with the id says nothing."""
    told = {x.at for x in changes if not isinstance(x.value, Unreadable)}
    return tuple(x for x in changes if x.at not in told or not isinstance(x.value, Unreadable))


def _change(
    system: System, change: PropertyChange, spec: FieldSpec, directory: Directory
) -> Change:
    person = directory.by_user_id.get(change.actor_id)
    name = person.name if person else change.label or change.actor_id
    return Change(
        system=system,
        at=change.at,
        value=read_value(change.value, spec, system, directory),
        by="syncd" if change.by_syncd else name,
    )
