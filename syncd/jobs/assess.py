"""Look at two CRMs for `measure.assess` to judge: setup, every lead, histories, deals, activities.

Reads in bulk and in batches, and writes nothing anywhere. What the credentials may not see
becomes a fact by itself, and the rest is looked at all the same. Not part of the daemon.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from syncd.core.context import Context
from syncd.core.doctor.facts import Fact, Unseen
from syncd.core.judge import Judge
from syncd.core.normalise import normaliser
from syncd.domain.copies import replace
from syncd.domain.deal import Deal
from syncd.domain.mapping import CrmMap
from syncd.domain.names import OWNER, FieldName, RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Activity, Directory, PropertyChange
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.errors import AuthError, PermanentError
from syncd.jobs.assess_leads import Sketch
from syncd.jobs.assess_moves import Changes, Judging, Lead, Seen
from syncd.jobs.outcome_people import People, Person
from syncd.jobs.outcomes import OutcomeCrm, portions
from syncd.measure.assess.leads import was
from syncd.measure.assess.sight import (
    LOOK_BACK,
    Judged,
    LeadSight,
    Place,
    Reading,
    Sight,
    Touch,
)
from syncd.office_ports import CrmInspector
from syncd.store_ports import LeadStore

T = TypeVar("T")
_NO_FORMULAS = " "
"""No rule's name begins with a space."""
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_ORDER = (System.HUBSPOT, System.SALESFORCE)
_NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})


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
        judged=looking.judged,
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


class _Looking:
    def __init__(self, visit: Visit, now: datetime) -> None:
        self._visit, self._refused = visit, _Refusals()
        self._schemas = {x: visit.crms[x].schema() for x in System}  # what can end it, first
        self._known = {x: self._directory(x) for x in System}
        self._normal = {x: normaliser(visit.crm, x, self._known[x]) for x in System}
        self._people = People(crms=visit.crms, links=visit.links, first=_ORDER[0])
        self._tracked = {x: _tracked(visit, x) for x in System}
        self._sketch = Sketch(
            crm=visit.crm,
            policy=visit.policy,
            reasons=visit.reasons,
            people=self._known,
            tracked=self._tracked,
            now=now,
        )
        ctx = _context(visit, now)
        self._judging = Judging(ctx, self._known, self._history) if ctx else None
        self._addresses: dict[System, Counter[str]] = {x: Counter() for x in System}
        self._records = Counter[System]()

    @property
    def ambiguous(self) -> int:
        return self._people.ambiguous

    @property
    def judged(self) -> Mapping[Stage, Judged]:
        return self._judging.judged() if self._judging else {}

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
        inspector = visit.inspectors[system]
        return Place(
            login=_fact(inspector.login),
            schema=self._schemas[system],
            directory=self._known[system],
            tracked=self._tracked[system],
            rules=_fact(lambda: inspector.rules(_NO_FORMULAS)),
            records=self._records[system],
            shared=sum(n for n in self._addresses[system].values() if n > 1),
            refused=self._refused.of(system),
        )

    def _seen(self, persons: Sequence[Person]) -> Iterator[LeadSight]:
        changes = {x: self._history(x, _ids(x, persons)) for x in System}
        found = [self._records_of(person, changes) for person in persons]
        if self._judging:
            self._judging.judge(found)
        leads = [
            self._sketch.of(lead, doubtful=person.doubtful)
            for person, lead in zip(persons, found, strict=True)
        ]
        yield from self._followed(leads)

    def _records_of(self, person: Person, changes: Mapping[System, Changes]) -> Lead:
        return {
            system: Seen(
                record=record,
                snapshot=self._normal[system](record),
                changes=changes[system].get(record.id, ()),
            )
            for system, record in person.records.items()
        }

    def _followed(self, leads: Sequence[LeadSight]) -> Iterator[LeadSight]:
        """With the deals and the activities of those that were ever an MQL."""
        sold = [x for x in leads if was(x, Stage.MQL)]
        ids = {s: [x.sides[s].record for x in sold if s in x.sides] for s in System}
        deals = {s: self._deals(s, ids[s]) for s in System}
        touches = {s: self._touches(s, ids[s]) for s in System}
        for lead in leads:
            here = {s: x.record for s, x in lead.sides.items()}
            found = {s: deals[s][i] for s, i in here.items() if i in deals[s]}
            done = tuple(t for s, i in here.items() for t in touches[s].get(i, ()))
            yield replace(lead, deals=found, touches=done) if found or done else lead

    def _directory(self, system: System) -> Directory:
        crm = self._visit.crms[system]
        return self._refused.ask(system, Reading.PEOPLE, crm.directory, _NOBODY)

    def _history(
        self, system: System, ids: Sequence[RecordId], properties: Collection[str] | None = None
    ) -> Changes:
        """Of what tells the stage, where no properties are named."""
        crm, nothing = self._visit.crms[system], dict[RecordId, tuple[PropertyChange, ...]]()
        return self._refused.ask(
            system,
            Reading.HISTORIES,
            lambda: crm.history(ids, _EVER, properties) if ids else nothing,
            nothing,
        )

    def _deals(
        self, system: System, ids: Sequence[RecordId]
    ) -> Mapping[RecordId, tuple[Deal, ...]]:
        crm = self._visit.crms[system]
        return self._refused.ask(system, Reading.DEALS, lambda: crm.deals(ids) if ids else {}, {})

    def _touches(self, system: System, ids: Sequence[RecordId]) -> Mapping[RecordId, list[Touch]]:
        crm, found = self._visit.crms[system], dict[RecordId, list[Touch]]()
        nothing: list[Activity] = []
        done = self._refused.ask(
            system,
            Reading.TOUCHES,
            lambda: [*crm.done_with(ids, _EVER)] if ids else nothing,
            nothing,
        )
        for x in done:
            if not x.by_syncd:
                touch = Touch(at=x.at, reached=x.reached, by_hand=not x.automated)
                found.setdefault(x.record_id, []).append(touch)
        return found


def _ids(system: System, persons: Sequence[Person]) -> list[RecordId]:
    return [x.records[system].id for x in persons if system in x.records]


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


def _context(visit: Visit, now: datetime) -> Context | None:
    """What moves are judged by; None where there is nothing to judge them by."""
    if visit.standard is None or visit.policy is None:
        return None
    return Context(
        standard=visit.standard,
        judge=Judge(visit.standard),
        policy=visit.policy,
        crm=visit.crm,
        enforce_from=now - LOOK_BACK,
        now=now,
        fresh=None,
    )
