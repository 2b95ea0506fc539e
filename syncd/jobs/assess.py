"""Look at two CRMs for `measure.assess` to judge: setup, every lead, histories, deals, activities.

Reads in bulk and in batches, and writes nothing anywhere. What the credentials may not see
becomes a fact by itself, and the rest is looked at all the same. Not part of the daemon.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar, cast

from syncd.core.context import Context
from syncd.core.doctor.facts import Fact, Unseen
from syncd.core.judge import Judge
from syncd.core.normalise import normaliser
from syncd.core.promises import segment_for
from syncd.core.rejection import UNSAID
from syncd.core.replay import Fate
from syncd.core.rewind import rewound
from syncd.core.stages import spelled, stage_steps, stage_texts
from syncd.domain.copies import replace
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, STAGE, FieldName, RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Activity, Directory, PropertyChange, Record, Snapshot
from syncd.domain.stage import SOMEBODY, Stage, StageStep
from syncd.domain.standard import Standard
from syncd.domain.values import Seen, Unreadable
from syncd.errors import AuthError, PermanentError
from syncd.jobs.outcome_people import People, Person
from syncd.jobs.outcomes import OutcomeCrm, portions
from syncd.jobs.replay import replay_since
from syncd.measure.assess.leads import plain, was
from syncd.measure.assess.sight import (
    LOOK_BACK,
    Judged,
    LeadSight,
    Place,
    Reading,
    SideSight,
    Sight,
    Touch,
)
from syncd.ports import CrmInspector
from syncd.store_ports import LeadStore

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)
_NO_FORMULAS = " "
"""No rule's name begins with a space."""
_MOST_KNOWN = 50_000
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_ORDER = (System.HUBSPOT, System.SALESFORCE)
_NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})
_NOTHING: Mapping[System, tuple[Deal, ...]] = {}
"""One for all leads that have no deals."""
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
    looking = _Looking(visit, now)
    leads = tuple(looking.leads(told))
    return Sight(
        now=now,
        crm=visit.crm,
        guessed=visit.guessed,
        places={system: looking.place(system) for system in System},
        leads=leads,
        standard=visit.standard,
        policy=visit.policy,
        lacking=visit.lacking,
        reasons=visit.reasons,
        judged=looking.judged(),
        ambiguous=looking.ambiguous,
    )


class _Refusals:
    """Why something could not be read, by CRM: once it was refused, it is not asked again."""

    def __init__(self) -> None:
        self._why: dict[System, dict[Reading, str]] = {x: {} for x in System}

    def ask(self, system: System, reading: Reading, question: Callable[[], T], otherwise: T) -> T:
        if reading in self._why[system]:
            return otherwise
        try:
            return question()
        except (AuthError, PermanentError) as error:
            self._why[system][reading] = str(error)
            return otherwise

    def of(self, system: System) -> Mapping[Reading, str]:
        return self._why[system]


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


class _Looking:
    def __init__(self, visit: Visit, now: datetime) -> None:
        self._visit, self._now = visit, now
        self._refused = _Refusals()
        self._known = {x: self._directory(x) for x in System}
        self._normal = {x: normaliser(visit.crm, x, self._known[x]) for x in System}
        self._people = People(crms=visit.crms, links=visit.links, first=_ORDER[0])
        self._tracked = {x: _tracked(visit, x) for x in System}
        self._addresses: dict[System, Counter[str]] = {x: Counter() for x in System}
        self._records = Counter[System]()
        self._once = _Once()

    @property
    def ambiguous(self) -> int:
        return self._people.ambiguous

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
            refused=self._refused.of(system),
        )

    def judged(self) -> Mapping[Stage, Judged]:
        """Where histories are refused, nobody can tell what moved."""
        if any(Reading.HISTORIES in self._refused.of(x) for x in System):
            return {}
        return _judged(self._visit, self._now)

    def _directory(self, system: System) -> Directory:
        crm = self._visit.crms[system]
        return self._refused.ask(system, Reading.PEOPLE, crm.directory, _NOBODY)

    def _seen(self, persons: Sequence[Person]) -> Iterator[LeadSight]:
        changes = {x: self._history(x, persons) for x in System}
        leads = [self._lead(person, changes) for person in persons]
        sold = [p for p, lead in zip(persons, leads, strict=True) if was(lead, Stage.MQL)]
        deals = {x: self._deals_of(x, sold) for x in System}
        touches = {x: self._touches_of(x, sold) for x in System}
        for person, lead in zip(persons, leads, strict=True):
            ids = {system: record.id for system, record in person.records.items()}
            found = {s: deals[s][i] for s, i in ids.items() if i in deals[s]}
            done = tuple(t for s, i in ids.items() for t in touches[s].get(i, ()))
            yield replace(lead, deals=found, touches=done) if found or done else lead

    def _history(
        self, system: System, persons: Sequence[Person]
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        ids, crm = _ids(system, persons), self._visit.crms[system]
        if not ids:
            return {}
        return self._refused.ask(system, Reading.HISTORIES, lambda: crm.history(ids, _EVER), {})

    def _lead(
        self,
        person: Person,
        changes: Mapping[System, Mapping[RecordId, tuple[PropertyChange, ...]]],
    ) -> LeadSight:
        crm, policy = self._visit.crm, self._visit.policy
        seen = {system: self._normal[system](record) for system, record in person.records.items()}
        values = {name: _first(name, seen) for name in crm.fields}
        segment = segment_for(values, policy, now=self._now).name if policy else ""
        return LeadSight(
            name=self._once(" ".join(str(values[x]) for x in crm.name if values.get(x))),
            sides={
                system: self._side(record, seen[system], changes[system].get(record.id, ()))
                for system, record in person.records.items()
            },
            differing=self._once(frozenset(x for x in crm.fields if _differs(x, seen))),
            doubtful=person.doubtful,
            segment=segment,
            deals=_NOTHING,
        )

    def _side(
        self, record: Record, snapshot: Snapshot, changes: Sequence[PropertyChange]
    ) -> SideSight:
        system, side = record.system, self._visit.crm.sides[record.system]
        values, stage = snapshot.values, snapshot.values.get(STAGE)
        steps = stage_steps(changes, record.properties, side, self._known[system])
        return SideSight(
            record=record.id,
            stage=stage if isinstance(stage, Stage) else None,
            spelled="" if isinstance(stage, Stage) else _spelled(record, self._visit.crm),
            filled=self._once(frozenset(x for x in values if x != STAGE and _is_told(values[x]))),
            owner=self._once(_text(values.get(OWNER))),
            reason=self._once(self._reason(values)),
            steps=(
                *self._born(record, snapshot, changes),
                *(replace(x, actor=self._once(x.actor)) for x in steps),
            ),
            addressed=bool(snapshot.emails),
            converted=record.kind == side.converted_kind,
        )

    def _reason(self, values: Mapping[FieldName, Seen]) -> str | None:
        """Without the words that syncd puts before what a person said: alone they say nothing."""
        reasons = self._visit.reasons
        text = _text(values.get(reasons)) if reasons else None
        return (text or "").removeprefix(UNSAID).removeprefix(": ") or None

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
        if not ids:
            return {}
        return self._refused.ask(system, Reading.DEALS, lambda: crm.deals(ids), {})

    def _touches_of(
        self, system: System, persons: Sequence[Person]
    ) -> Mapping[RecordId, list[Touch]]:
        ids, crm = _ids(system, persons), self._visit.crms[system]
        nothing: Sequence[Activity] = ()
        done = (
            self._refused.ask(
                system, Reading.TOUCHES, lambda: [*crm.done_with(ids, _EVER)], nothing
            )
            if ids
            else ()
        )
        found: dict[RecordId, list[Touch]] = {}
        for x in done:
            if not x.by_syncd:
                touch = Touch(at=x.at, reached=x.reached, by_hand=not x.automated)
                found.setdefault(x.record_id, []).append(touch)
        return found


def _first(name: FieldName, seen: Mapping[System, Snapshot]) -> Seen:
    """The value of the first side that has one."""
    return next((v for x in seen.values() if _is_told(v := x.values.get(name))), None)


def _is_told(value: Seen) -> bool:
    """Whether somebody said something: a box that is not ticked was perhaps never looked at."""
    return value is not None and value is not False and not isinstance(value, Unreadable)


def _differs(name: FieldName, seen: Mapping[System, Snapshot]) -> bool:
    """Only where both have a value: an empty one is another check's."""
    values = [x.values.get(name) for x in seen.values()]
    told = {plain(x) for x in values if x is not None and not isinstance(x, Unreadable)}
    return len(told) > 1


def _text(value: Seen) -> str | None:
    return None if value is None or isinstance(value, Unreadable) else str(value)


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
    moves, failed, untold = Counter[Stage](), Counter[Stage](), Counter[Stage]()
    for one in replay_since(visit.crms, ctx, told=lambda *_: None):
        for gate, fate in one.by_gate.items():
            moves[gate] += 1
            failed[gate] += fate in _FAILS
            untold[gate] += fate is Fate.UNKNOWN
    return {gate: Judged(n, failed[gate], untold[gate]) for gate, n in moves.items()}
