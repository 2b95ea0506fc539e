"""One lead of an assessment, made of its records in both CRMs and their histories.

Reads nothing. Of a lead's values it keeps no more than the checks ask for.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from syncd.core.doctor.facts import Fact, Unseen
from syncd.core.promises import segment_for
from syncd.core.rejection import UNSAID
from syncd.core.rewind import rewound
from syncd.core.stages import spelled, stage_steps, stage_texts
from syncd.domain.copies import replace
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, STAGE, FieldName, System
from syncd.domain.policy import Policy
from syncd.domain.record import Directory
from syncd.domain.stage import SOMEBODY, Stage, StageStep
from syncd.domain.values import Seen as Value
from syncd.domain.values import Unreadable
from syncd.jobs.assess_moves import Lead, Seen
from syncd.measure.assess.leads import plain
from syncd.measure.assess.sight import LeadSight, SideSight

H = TypeVar("H", bound=Hashable)
_MOST_KNOWN = 50_000
_NOTHING: Mapping[System, tuple[Deal, ...]] = {}
"""One for all leads that have no deals."""


class _Once:
    """Equal values as one object, as long as they are not too many: most come again and again,
    and all leads are kept."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Hashable] = {}

    def __call__(self, value: H) -> H:
        if len(self._known) > _MOST_KNOWN:
            return value
        return cast(H, self._known.setdefault(value, value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """Draws leads. `tracked` are the properties whose history each CRM keeps, `reasons` the
    field in which it stands why a lead was turned down."""

    crm: CrmMap
    policy: Policy | None
    reasons: FieldName | None
    people: Mapping[System, Directory]
    tracked: Mapping[System, Fact[frozenset[str] | None]]
    now: datetime
    _once: _Once = field(default_factory=_Once)

    def of(self, lead: Lead, *, doubtful: bool) -> LeadSight:
        values = {x: _first_told(x, lead) for x in self.crm.fields}
        return LeadSight(
            name=" ".join(str(values[x]) for x in self.crm.name if values.get(x)),
            sides={system: self._side(seen) for system, seen in lead.items()},
            differing=self._once(frozenset(x for x in self.crm.fields if _differs(x, lead))),
            doubtful=doubtful,
            segment=self._segment(values),
            deals=_NOTHING,
        )

    def _segment(self, values: Mapping[FieldName, Value]) -> str:
        return segment_for(values, self.policy, now=self.now).name if self.policy else ""

    def _side(self, seen: Seen) -> SideSight:
        record, values = seen.record, seen.snapshot.values
        side, stage = self.crm.sides[record.system], values.get(STAGE)
        is_known = isinstance(stage, Stage)
        return SideSight(
            record=record.id,
            stage=stage if isinstance(stage, Stage) else None,
            spelled="" if is_known else spelled(stage_texts(record.properties, side.stages)),
            filled=self._once(frozenset(x for x in values if x != STAGE and _is_told(values[x]))),
            owner=self._once(_text(values.get(OWNER))),
            reason=self._once(self._reason(values)),
            steps=self._steps(seen),
            addressed=bool(seen.snapshot.emails),
            converted=record.kind == side.converted_kind,
        )

    def _reason(self, values: Mapping[FieldName, Value]) -> str | None:
        """Without the words that syncd puts before what a person said: alone they say nothing."""
        text = _text(values.get(self.reasons)) if self.reasons else None
        return (text or "").removeprefix(UNSAID).removeprefix(": ") or None

    def _steps(self, seen: Seen) -> tuple[StageStep, ...]:
        record = seen.record
        side, people = self.crm.sides[record.system], self.people[record.system]
        told = stage_steps(seen.changes, record.properties, side, people)
        return (
            *self._born(seen),
            *(replace(x, actor=self._once(x.actor)) for x in told),
        )

    def _born(self, seen: Seen) -> tuple[StageStep, ...]:
        """The stage it was made in, where every change since is told: Salesforce's history
        does not name it."""
        record, side = seen.record, self.crm.sides[seen.record.system]
        if record.kind != side.kind or not self._tells_all(record.system):
            return ()
        made = record.created_at
        then = rewound(seen.snapshot, record.properties, seen.changes, side.stages, to=made)
        stage = then.values.get(STAGE)
        if not isinstance(stage, Stage):
            return ()
        return (StageStep(at=made, stage=stage, actor=SOMEBODY),)

    def _tells_all(self, system: System) -> bool:
        """Whether every move since a record was made is told, but not the stage it was made in:
        HubSpot's history begins with that."""
        tracked = self.tracked[system]
        if isinstance(tracked, Unseen) or tracked is None:
            return False
        lines = self.crm.sides[system].stages
        moved = {p for x in lines if not x.read_only for p in x.values if "." not in p}
        return bool(moved) and moved <= tracked


def _first_told(name: FieldName, lead: Lead) -> Value:
    """The value of the first side that has one."""
    found = (x.snapshot.values.get(name) for x in lead.values())
    return next((x for x in found if _is_told(x)), None)


def _is_told(value: Value) -> bool:
    """Whether somebody said something: a box that is not ticked was perhaps never looked at."""
    return value is not None and value is not False and not isinstance(value, Unreadable)


def _differs(name: FieldName, lead: Lead) -> bool:
    """Only where both have a value: an empty one is another check's."""
    values = [x.snapshot.values.get(name) for x in lead.values()]
    told = {plain(x) for x in values if x is not None and not isinstance(x, Unreadable)}
    return len(told) > 1


def _text(value: Value) -> str | None:
    return None if value is None or isinstance(value, Unreadable) else str(value)
