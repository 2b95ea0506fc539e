"""When a field got the value it shows, and by whom, as the vendors' own histories tell it.

Pure. `contested` says which fields are worth asking about, `edits_of` reads the answer; the
asking is done by `jobs/contested.py`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from syncd.core.spelling import read_value
from syncd.core.views import changed, suspects
from syncd.domain.copies import replace
from syncd.domain.lead import Lead, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import SYSTEMS, FieldName, System
from syncd.domain.record import Directory, Edit, PropertyChange, Snapshot
from syncd.domain.values import Direction, FieldSpec, Seen, Unreadable


def shared_fields(crm: CrmMap) -> Iterator[FieldSpec]:
    """The fields both CRMs have, but for those only syncd writes."""
    return (spec for spec in crm.fields.values() if is_shared(spec, crm))


def is_shared(spec: FieldSpec, crm: CrmMap) -> bool:
    return len(spec.properties) == len(SYSTEMS) and spec.name not in crm.marks.values()


def has_changed(lead: Lead, system: System, field: FieldName) -> bool:
    """Whether somebody else changed the field on this side. It also counts as changed while
    its change is in flight to the other side and a person edits there at the same time:
    then both changed."""
    moved = [s for s in SYSTEMS if changed(lead.sides[s], field)]
    return is_moved(lead, system, field, moved)


def is_moved(lead: Lead, system: System, field: FieldName, moved: Collection[System]) -> bool:
    """As `has_changed`, for whoever knows on which sides it `changed`."""
    if system in moved:
        return True
    side, flight = lead.sides[system], lead.sides[system.other].pending.get(field)
    sent = flight is not None and flight.writes == side.seen.values.get(field)
    return sent and system.other in moved


def contested(
    lead: Lead, shown: Mapping[System, Snapshot], crm: CrmMap
) -> tuple[tuple[FieldSpec, ...], Lead]:
    """Fields that both sides changed, differently, and open disputes that changed again; with
    the lead as it is now shown. Nearly always none: then it costs a few comparisons."""
    if not lead.disputes and any(_is_quiet(lead, s) for s in lead.sides if s not in shown):
        return (), lead
    looked = {s: _values(lead.sides.get(s), shown.get(s)) for s in SYSTEMS}
    one, two = looked[System.SALESFORCE], looked[System.HUBSPOT]
    differ = [x for x in shared_fields(crm) if _differ(x, one, two)] if one and two else []
    if not differ:
        return (), lead
    lead = replace(lead, sides={s: _looked_at(lead.sides[s], shown.get(s)) for s in SYSTEMS})
    return tuple(x for x in differ if _is_contested(lead, x)), lead


def _is_quiet(lead: Lead, system: System) -> bool:
    """Whether nobody changed anything on a side that is not shown now, nor is a change of its
    on its way to the other one."""
    side, other = lead.sides[system], lead.sides.get(system.other)
    if other is not None and other.pending:
        return False
    return not any(changed(side, name) for name in suspects(side))


def _values(side: Side | None, snapshot: Snapshot | None) -> Mapping[FieldName, Seen]:
    """What is shown; nothing where the lead has no known record, for first sight is no edit."""
    if side is None or side.gone:
        return {}
    return _looked_at(side, snapshot).seen.values if snapshot else side.seen.values


def _looked_at(side: Side, snapshot: Snapshot | None) -> Side:
    if snapshot is None or snapshot.modified_at < side.seen.modified_at:
        return side
    return replace(side, seen=snapshot)


def _differ(spec: FieldSpec, one: Mapping[FieldName, Seen], two: Mapping[FieldName, Seen]) -> bool:
    if spec.direction is Direction.NONE:
        return False
    seen, other = one.get(spec.name), two.get(spec.name)
    return seen != other and not isinstance(seen, Unreadable) and not isinstance(other, Unreadable)


def _is_contested(lead: Lead, spec: FieldSpec) -> bool:
    news = [has_changed(lead, system, spec.name) for system in SYSTEMS]
    return any(news) if spec.name in lead.disputes else all(news)


def edits_of(
    changes: Sequence[PropertyChange],
    side: Side,
    specs: Collection[FieldSpec],
    crm: CrmMap,
    directory: Directory,
) -> dict[FieldName, Edit]:
    """When and by whom each of these fields got the value the side shows. A field whose
    history ends with another value (read too late, or kept without values) is left out."""
    found: dict[FieldName, Edit] = {}
    for spec in specs:
        path = crm.sides[side.system].path_of(spec, side.seen.kind)
        last = _last_change([x for x in changes if x.name == path])
        seen = side.seen.values.get(spec.name)
        for change in last:
            if read_value(change.value, spec, side.system, directory) == seen:
                found[spec.name] = Edit(at=change.at, by=_who(change, directory))
    return found


def _last_change(changes: Sequence[PropertyChange]) -> list[PropertyChange]:
    """A look-up leaves two entries of one instant: its name and its id."""
    newest = max((x.at for x in changes), default=None)
    return [x for x in changes if x.at == newest]


def _who(change: PropertyChange, directory: Directory) -> str:
    person = directory.by_user_id.get(change.actor_id)
    return person.name if person else change.label or change.actor_id
