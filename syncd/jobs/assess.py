"""Look at two CRMs for `measure.assess` to judge: setup, every lead, histories, deals, activities.

Reads in bulk and in batches, and writes nothing anywhere. What the credentials may not see
becomes a fact by itself, and the rest is looked at all the same. Not part of the daemon.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar, cast

from syncd.core.context import Context
from syncd.core.doctor.facts import Fact, Unseen
from syncd.core.judge import Judge
from syncd.core.normalise import normaliser
from syncd.core.replay import Fate
from syncd.core.rewind import rewound
from syncd.core.stages import spelled, stage_steps, stage_texts
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, STAGE, FieldName, RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Activity, PropertyChange, Record, Snapshot
from syncd.domain.stage import SOMEBODY, Stage, StageStep
from syncd.domain.standard import Standard
from syncd.domain.values import Unreadable
from syncd.errors import AuthError, PermanentError
from syncd.jobs.outcome_people import People, Person
from syncd.jobs.outcomes import OutcomeCrm, portions
from syncd.jobs.replay import replay_since
from syncd.measure.assess.leads import was
from syncd.measure.assess.sight import Judged, LeadSight, Place, SideSight, Sight, Touch
from syncd.office_ports import CrmInspector
from syncd.store_ports import LeadStore

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)
LOOK_BACK = timedelta(days=90)
"""Over which moves are judged by the standard."""
_NO_FORMULAS = " "
"""No rule's name begins with a space."""
_MOST_KNOWN = 50_000
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_ORDER = (System.HUBSPOT, System.SALESFORCE)
_FAILS = frozenset({Fate.OBSERVED, Fate.FLAGGED, Fate.BLOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What there is to look at, and what to hold it against; None where there is none.
    `links` are syncd's own, where there is a store."""

    crms: Mapping[System, OutcomeCrm]
    inspectors: Mapping[System, CrmInspector]
    crm: CrmMap
    guessed: bool
    reasons: FieldName | None
    standard: Standard | None = None
    policy: Policy | None = None
    lacking: str = ""
    links: LeadStore | None = None


Told = Callable[[System, int], None]
"""Hears how many records of a CRM were read."""


def look(visit: Visit, told: Told, *, now: datetime) -> Sight:
    """TransientError, AuthError when a CRM cannot be read at all."""
    reading = _Reading(visit)
    leads = tuple(reading.leads(told))
    return Sight(
        now=now,
        crm=visit.crm,
        guessed=visit.guessed,
        places={system: reading.place(system) for system in System},
        leads=leads,
        standard=visit.standard,
        policy=visit.policy,
        lacking=visit.lacking,
        reasons=visit.reasons,
        judged=_judged(visit, now),
    )


@dataclass(slots=True)
class _Blind:
    """Why something could not be read, by CRM, once it was refused."""

    why: dict[System, str] = field(default_factory=dict)

    def ask(self, system: System, question: Callable[[], T], otherwise: T) -> T:
        if system in self.why:
            return otherwise
        try:
            return question()
        except (AuthError, PermanentError) as error:
            self.why[system] = str(error)
            return otherwise


class _Once:
    """Equal values as one object, as long as they are not too many: most names, owners and
    countries come again and again, and all leads are kept."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Hashable] = {}

    def __call__(self, value: H) -> H:
        if len(self._known) > _MOST_KNOWN:
            return value
        # by type, too: 1, 1.0 and True are equal
        return cast(H, self._known.setdefault((type(value), value), value))


class _Reading:
    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._known = {system: crm.directory() for system, crm in visit.crms.items()}
        self._normal = {x: normaliser(visit.crm, x, self._known[x]) for x in System}
        self._people = People(crms=visit.crms, links=visit.links, first=_ORDER[0])
        self._tracked = {x: _tracked(visit, x) for x in System}
        self._addresses: dict[System, Counter[str]] = {x: Counter() for x in System}
        self._records = Counter[System]()
        self._deals, self._touches = _Blind(), _Blind()
        self._once = _Once()

    def leads(self, told: Told) -> Iterator[LeadSight]:
        for system in _ORDER:
            for records, _ in portions(self._visit.crms[system]):
                living = [(r, self._normal[system](r)) for r in records if not r.deleted]
                self._records[system] += len(living)
                self._addresses[system].update(e for _, s in living for e in set(s.emails))
                if living:
                    yield from self._seen(self._people.of(living))
                told(system, self._records[system])

    def place(self, system: System) -> Place:
        visit = self._visit
        crm, inspector = visit.crms[system], visit.inspectors[system]
        return Place(
            login=_fact(inspector.login),
            schema=crm.schema(),
            directory=self._known[system],
            tracked=self._tracked[system],
            rules=_fact(lambda: inspector.rules(_NO_FORMULAS)),
            records=self._records[system],
            shared=sum(n for n in self._addresses[system].values() if n > 1),
            deals=self._deals.why.get(system, ""),
            touches=self._touches.why.get(system, ""),
        )

    def _seen(self, persons: Sequence[Person]) -> Iterator[LeadSight]:
        changes = {x: self._history(x, persons) for x in System}
        leads = [self._lead(person, changes) for person in persons]
        sold = [p for p, lead in zip(persons, leads, strict=True) if was(lead, Stage.MQL)]
        deals = {x: self._deals_of(x, sold) for x in System}
        touches = {x: self._touches_of(x, sold) for x in System}
        for person, lead in zip(persons, leads, strict=True):
            ids = {system: record.id for system, record in person.records.items()}
            yield replace(
                lead,
                deals={s: deals[s][i] for s, i in ids.items() if i in deals[s]},
                touches=tuple(t for s, i in ids.items() for t in touches[s].get(i, ())),
            )

    def _history(
        self, system: System, persons: Sequence[Person]
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        ids = _ids(system, persons)
        return self._visit.crms[system].history(ids, _EVER) if ids else {}

    def _lead(
        self,
        person: Person,
        changes: Mapping[System, Mapping[RecordId, tuple[PropertyChange, ...]]],
    ) -> LeadSight:
        return LeadSight(
            sides={
                system: self._side(record, changes[system].get(record.id, ()))
                for system, record in person.records.items()
            },
            doubtful=person.doubtful,
        )

    def _side(self, record: Record, changes: Sequence[PropertyChange]) -> SideSight:
        system, side = record.system, self._visit.crm.sides[record.system]
        snapshot = self._normal[system](record)
        seen = snapshot.values.get(STAGE)
        return SideSight(
            record=record.id,
            stage=seen if isinstance(seen, Stage) else None,
            spelled="" if isinstance(seen, Stage) else _spelled(record, self._visit.crm),
            created_at=record.created_at,
            values={
                name: self._once(value)
                for name, value in snapshot.values.items()
                if name != STAGE and value is not None and not isinstance(value, Unreadable)
            },
            steps=(
                *self._born(record, snapshot, changes),
                *(
                    replace(x, actor=self._once(x.actor))
                    for x in stage_steps(changes, record.properties, side, self._known[system])
                ),
            ),
            addressed=bool(snapshot.emails),
            converted=record.kind == side.converted_kind,
        )

    def _born(
        self, record: Record, snapshot: Snapshot, changes: Sequence[PropertyChange]
    ) -> tuple[StageStep, ...]:
        """The stage it was made in, where every change since is told: Salesforce's history
        does not name it."""
        side = self._visit.crm.sides[record.system]
        if record.kind != side.kind or not self._tells_all(record.system):
            return ()
        then = rewound(snapshot, record.properties, changes, side.stages, to=record.created_at)
        stage = then.values.get(STAGE)
        if not isinstance(stage, Stage):
            return ()
        return (StageStep(at=record.created_at, stage=stage, actor=SOMEBODY),)

    def _tells_all(self, system: System) -> bool:
        """Whether every move since a record was made is told, but not the stage it was made in:
        HubSpot's history begins with that."""
        tracked = self._tracked[system]
        if isinstance(tracked, Unseen) or tracked is None:
            return False
        lines = self._visit.crm.sides[system].stages
        moved = {p for x in lines if not x.read_only for p in x.values if "." not in p}
        return bool(moved) and moved <= tracked

    def _deals_of(
        self, system: System, persons: Sequence[Person]
    ) -> Mapping[RecordId, tuple[Deal, ...]]:
        ids, crm = _ids(system, persons), self._visit.crms[system]
        return self._deals.ask(system, lambda: crm.deals(ids), {}) if ids else {}

    def _touches_of(
        self, system: System, persons: Sequence[Person]
    ) -> Mapping[RecordId, list[Touch]]:
        ids, crm = _ids(system, persons), self._visit.crms[system]
        nothing: Sequence[Activity] = ()
        done = self._touches.ask(system, lambda: crm.done_with(ids, _EVER), nothing) if ids else ()
        found: dict[RecordId, list[Touch]] = {}
        for x in done:
            if not x.by_syncd:
                touch = Touch(at=x.at, reached=x.reached, by_hand=not x.automated)
                found.setdefault(x.record_id, []).append(touch)
        return found


def _ids(system: System, persons: Sequence[Person]) -> list[RecordId]:
    return [x.records[system].id for x in persons if system in x.records]


def _spelled(record: Record, crm: CrmMap) -> str:
    return spelled(stage_texts(record.properties, crm.sides[record.system].stages))


def _tracked(visit: Visit, system: System) -> Fact[frozenset[str] | None]:
    """Of what tells the stage, and of the owner."""
    inspector = visit.inspectors[system]
    paths = {p for p in visit.crm.stage_properties(system) if "." not in p}
    owner = visit.crm.fields.get(OWNER)
    own = {owner.properties[system]} if owner and system in owner.properties else set()
    return _fact(lambda: inspector.tracked(paths | own))


def _fact(ask: Callable[[], T]) -> Fact[T]:
    try:
        return ask()
    except (AuthError, PermanentError) as error:
        return Unseen(str(error))


def _judged(visit: Visit, now: datetime) -> Mapping[Stage, Judged]:
    """Each gate's moves, judged with the values of that time."""
    if visit.standard is None or visit.policy is None:
        return {}
    ctx = Context(
        standard=visit.standard,
        judge=Judge(visit.standard),
        policy=visit.policy,
        crm=visit.crm,
        enforce_from=now - LOOK_BACK,
        now=now,
        fresh=None,
    )
    moves, failed = Counter[Stage](), Counter[Stage]()
    for one in replay_since(visit.crms, ctx, told=lambda *_: None):
        for gate, fate in one.by_gate.items():
            moves[gate] += fate is not Fate.UNKNOWN
            failed[gate] += fate in _FAILS
    return {gate: Judged(n, failed[gate]) for gate, n in moves.items()}
