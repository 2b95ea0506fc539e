"""The life of one field in both CRMs: what is stored of it, and what the CRMs themselves tell.

Words and keys only; `field_page` lays them out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncd.cli.field_next import what_next
from syncd.cli.local import Local
from syncd.cli.story import Line, field_entries, field_lines
from syncd.core.context import Context
from syncd.core.value_words import plain
from syncd.domain.decision import Plan
from syncd.domain.lead import Lead, Side
from syncd.domain.values import FieldSpec, Seen, Unreadable
from syncd.jobs.field_now import Change, FieldNow
from syncd.store_ports import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLife:
    """`plans` are those that hold something of the lead."""

    story: Story
    spec: FieldSpec
    now: FieldNow
    ctx: Context
    plans: Sequence[Plan]

    @property
    def lead(self) -> Lead:
        return self.now.lead

    def lines(self, local: Local) -> list[Line]:
        """By time: what each CRM's history tells, and what syncd saw and did."""
        told = (*map(_told, self.now.changes), *field_lines(self.story, self.spec.name, local))
        return sorted(told, key=lambda line: (line.at.replace(microsecond=0), line.rank))

    def next(self) -> str:
        return what_next(self.lead, self.spec, self.ctx, self.plans)

    def notes(self) -> Iterator[str]:
        """What could not be asked or is not kept, so that nobody takes this for the whole."""
        for system, why in self.now.unasked.items():
            yield f"{system.label} could not be asked ({why}): its part is as syncd last read it."
        for system in self.now.untold:
            yield f"{system.label} keeps no history of {self.spec.properties[system]}."


def life_json(life: FieldLife) -> Mapping[str, object]:
    """For programs: keys that stay."""
    return {
        "lead": life.lead.id,
        "field": life.spec.name,
        "sides": {s: _side_json(side, life) for s, side in life.lead.sides.items()},
        "dispute": life.lead.disputes.get(life.spec.name),
        "next": life.next(),
        "history": [_change_json(change) for change in life.now.changes],
        "audit": field_entries(life.story, life.spec.name),
        "notes": list(life.notes()),
    }


def _side_json(side: Side, life: FieldLife) -> Mapping[str, object]:
    name = life.spec.name
    pending = side.pending.get(name)
    return {
        "record": side.record_id,
        "property": life.spec.properties.get(side.system),
        "shows": _plain_json(side.seen.values.get(name)),
        "settled": side.baseline.get(name),
        "on_its_way": pending.writes if pending else None,
        "asked_now": side.system not in life.now.unasked,
    }


def _change_json(change: Change) -> Mapping[str, object]:
    return {
        "system": change.system,
        "at": change.at,
        "value": _plain_json(change.value),
        "by": change.by,
    }


def _plain_json(seen: Seen) -> object:
    return {"unreadable": seen.why} if isinstance(seen, Unreadable) else seen


def _told(change: Change) -> Line:
    value = f"? {change.value.why}" if isinstance(change.value, Unreadable) else plain(change.value)
    return Line(
        at=change.at,
        rank=0,
        says=f"{change.system.label}: {value}",
        details=(f"by {change.by}",) if change.by else (),
    )


def settled_words(side: Side, life: FieldLife) -> str:
    """The value last settled there, and one under way; none is while a person has to choose."""
    spec = life.spec
    if spec.name in life.lead.disputes:
        return "nothing: in conflict"
    settled = plain(side.baseline.get(spec.name))
    pending = side.pending.get(spec.name)
    return f"{settled}, and {plain(pending.writes)} on its way" if pending else settled
