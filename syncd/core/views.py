"""Ways of looking at a lead: the value a field has, on one side and over both."""

from collections.abc import Iterable, Mapping

from syncd.domain.lead import Lead, Pending, Side
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, STAGE, SYSTEMS, FieldName, System
from syncd.domain.stage import Stage
from syncd.domain.values import FieldSpec, Seen, Unreadable, Value

_NOT_THERE = Unreadable("the record does not have it")


def coming(side: Side, field: FieldName) -> Seen:
    """What the field will show once writes in flight have landed."""
    pending = side.pending.get(field)
    return pending.writes if pending else side.seen.values.get(field)


def changed(side: Side, field: FieldName) -> bool:
    """Whether somebody else changed the field since it was last settled there. While a
    write is in flight only that write says what is no news, not the baseline before it.
    A field the record does not have (a converted one) has not been emptied, and one that
    was never settled there has not been edited."""
    seen = side.seen.values.get(field, _NOT_THERE)
    if isinstance(seen, Unreadable):
        return False
    if pending := side.pending.get(field):
        return not covers(pending, field, seen)
    return side.baseline.get(field, seen) != seen


def suspects(side: Side) -> set[FieldName]:
    """The only fields `changed` can be true of: a quick look that spares most of the slow ones."""
    values, baseline = side.seen.values, side.baseline
    if values is baseline or values == baseline:
        return set(side.pending)
    unlike = {name for name, seen in values.items() if baseline.get(name, seen) != seen}
    return unlike | side.pending.keys() if side.pending else unlike


def covers(pending: Pending, field: FieldName, seen: Seen) -> bool:
    """Whether a write in flight explains what is seen. A stage on its way back is cleared
    first, so that a stage write may be seen half-way, as no stage at all."""
    return pending.covers(seen) or (field == STAGE and seen == Stage.NONE)


def living(lead: Lead) -> tuple[Side, ...]:
    """The sides that still have a record, in a fixed order."""
    sides = lead.sides
    return tuple([sides[s] for s in SYSTEMS if s in sides and not sides[s].gone])


def stage_seen(side: Side) -> Stage | None:
    """The stage the side shows; None while no line tells it."""
    return _stage(side.seen.values.get(STAGE))


def known_stage(side: Side) -> Stage:
    """The stage at the last known step on this side."""
    return side.last_move.to_stage if side.last_move else baseline_stage(side)


def baseline_stage(side: Side) -> Stage:
    return _stage(side.baseline.get(STAGE)) or Stage.NONE


def _stage(value: Seen) -> Stage | None:
    if isinstance(value, Stage):
        return value
    return Stage(value) if isinstance(value, str) else None


def cannot_be_moved_back(lead: Lead) -> str | None:
    """Why the stage of this lead is never fought (converted, an open deal), or None."""
    reasons = (side.seen.fixed or side.seen.locked for side in living(lead))
    return next((reason for reason in reasons if reason), None)


def lead_values(lead: Lead, crm: CrmMap, *, first: System) -> Mapping[FieldName, Seen]:
    """Every mapped field as the standard sees it.

    Where the sides differ, the record in front of the mover (`first`) counts; an empty
    or unreadable value there is filled from the other side.
    """
    sides = sorted(living(lead), key=lambda side: side.system is not first)
    return {name: _first_readable(_shown(sides, spec)) for name, spec in crm.fields.items()}


def _shown(sides: Iterable[Side], spec: FieldSpec) -> list[Seen]:
    """What each side will show. A field the record no longer has is not known to be empty."""
    return [
        coming(side, spec.name)
        if spec.name in side.seen.values or side.system not in spec.properties
        else _NOT_THERE
        for side in sides
    ]


def _first_readable(values: list[Seen]) -> Seen:
    for value in values:
        if value is not None and not isinstance(value, Unreadable):
            return value
    if None in values:
        return None
    return next(iter(values), None)


def known_value(lead: Lead, field: FieldName | None) -> Value:
    """A field for showing to people: Salesforce first, None when nobody has it."""
    if field is None:
        return None
    value = _first_readable([coming(side, field) for side in living(lead)])
    return None if isinstance(value, Unreadable) else value


def person_of(lead: Lead) -> str | None:
    """Who works the lead; a queue counts as nobody."""
    return as_person(known_value(lead, OWNER))


def as_person(owner: Seen) -> str | None:
    """A person as owner; a queue counts as nobody."""
    return owner if isinstance(owner, str) and not owner.startswith("queue:") else None
