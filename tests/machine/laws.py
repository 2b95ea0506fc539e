"""Hold what the product has come to against the model. Each broken law is a sentence.

Here alone both are known: the model says what may be, the store says what the product knows
and tells of it.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from evidence import Evidence, place_of
from laws_agreement import sides_agree, stages_agree
from laws_facts import (
    nothing_blocked_is_reached,
    rounds_are_those_of_living_leads,
    rows_are_in_step,
)
from model import Overwrite, by_syncd
from model_map import BY_NAME, HS, KINDS, SF
from town import MINUTE, SIDES

from syncd.domain.action import CreateRecord
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.stage import ActorKind
from syncd.domain.stage import Evidence as Evidenced
from syncd.sandbox.journal import CREATED, DELETED, System
from syncd.store_ports import Story


def broken_laws(evidence: Evidence) -> list[str]:
    """Everything that is not as it must be."""
    laws = (
        _nothing_crashed,
        _all_is_at_rest,
        _links_are_right,
        sides_agree,
        stages_agree,
        _overwrites_are_told,
        _blanks_overwrite_nothing,
        _rules_choose_the_winner,
        _conflicts_are_real,
        _contests_are_real,
        _moves_are_real,
        _the_dead_are_known,
        _nothing_is_written_too_often,
        _nothing_dead_is_written_to,
        _nothing_moves_between_people,
        _nothing_is_made_twice,
        _each_record_is_new_once,
        _the_erased_have_left,
        _the_audit_holds,
        rows_are_in_step,
        rounds_are_those_of_living_leads,
        nothing_blocked_is_reached,
    )
    return [f"{_name(law)}: {words}" for law in laws for words in law(evidence)]


def _name(law: Callable[[Evidence], Iterator[str]]) -> str:
    return law.__name__.strip("_").replace("_", " ")


def _nothing_crashed(e: Evidence) -> Iterator[str]:
    yield from e.crashes
    for parked in e.town.store.living.parked():
        if "bug" in parked.why:
            yield f"{parked.record_id} is parked: {parked.why}"


def _all_is_at_rest(e: Evidence) -> Iterator[str]:
    status = e.town.store.living.status(e.town.world.now())
    open_effects = Counter({x: status.outbox.get(x, 0) for x in ("pending", "claimed")})
    open_effects["pending"] -= _waiting_for_a_person(e)
    for state, count in open_effects.items():
        if count:
            yield f"{count} effects are still {state}"
    for what, why in status.given_up:
        yield f"given up: {what}: {why}"
    for story in e.stories.values():
        for side in story.lead.sides.values():
            if side.pending and not side.gone:
                yield f"{side.record_id}: in flight for ever: {sorted(side.pending)}"


def _waiting_for_a_person(e: Evidence) -> int:
    """Records that are not made as long as one that is parked may be the lead's own."""
    parked = [x for x in e.town.store.living.parked() if not x.ignored]
    doubted = {lead_id for record in parked for lead_id in record.candidates}
    return sum(
        isinstance(action, CreateRecord) and state == "pending" and story.lead.id in doubted
        for story in e.stories.values()
        for action, state, *_ in story.outbox
    )


def _links_are_right(e: Evidence) -> Iterator[str]:
    """Linked records are one person's, and a person with one record on each side is linked."""
    linked: set[tuple[str, ...]] = set()
    for story in e.stories.values():
        places = [place_of(side) for side in story.lead.sides.values()]
        linked.add(tuple(sorted(record for _, record in places)))
        if len({e.chronicle.kin.of(place) for place in places}) > 1:
            yield f"{places} are linked, and are different people"
    for records in e.chronicle.kin.everybody():
        together = tuple(sorted(record for _, record in records))
        is_pair = len(records) == 2 and len(dict(records)) == 2
        lives = not any(e.town.dead(system, record) for system, record in records)
        if is_pair and lives and together not in linked and not e.is_forgotten(records[0]):
            yield f"{records} are one person, and are not linked"


def _overwrites_are_told(e: Evidence) -> Iterator[str]:
    told: Counter[tuple[str, ...]] = Counter()
    conflicts: set[tuple[str, str]] = set()
    for story in e.stories.values():
        for entry in story.audit:
            if entry.kind is AuditKind.OVERWRITE:
                told[_told(entry)] += 1
            elif entry.kind is AuditKind.CONFLICT:
                conflicts |= {(entry.facts["field"], value) for value in _values(entry).values()}
    for lost in e.chronicle.overwrites():
        if e.is_forgotten(lost.place):
            continue
        key = _lost(lost)
        if told[key] > 0:
            told[key] -= 1
        elif (lost.field, str(lost.was)) not in conflicts:
            yield f"{lost.field} = {lost.was!r} of {lost.place} became {lost.now!r}, untold"


def _told(entry: AuditEntry) -> tuple[str, ...]:
    was, now = entry.personal.get("was", ""), entry.personal.get("is", "")
    return entry.facts["record"], entry.facts["field"], was, now


def _lost(lost: Overwrite) -> tuple[str, ...]:
    return lost.place[1], lost.field, _text(lost.was), _text(lost.now)


def _text(fact: object) -> str:
    return "" if fact is None else str(fact)


def _blanks_overwrite_nothing(e: Evidence) -> Iterator[str]:
    chosen = {key for story in e.stories.values() for key in _chosen(story)}
    for lost in e.chronicle.needless_blanks():
        if (lost.place[1], lost.field) not in chosen:
            yield f"{lost.field} = {lost.was!r} of {lost.place} was emptied"


def _chosen(story: Story) -> Iterator[tuple[str, str]]:
    """Records and fields for which a person chose a value, which may be none."""
    for entry in story.audit:
        if entry.kind is AuditKind.RESOLVED and "take" in entry.facts:
            for side in story.lead.sides.values():
                yield side.record_id, entry.facts["field"]


def _rules_choose_the_winner(e: Evidence) -> Iterator[str]:
    yield from e.chronicle.unruly_winners(e.rules, [look.seq for look in e.town.looks])


def _conflicts_are_real(e: Evidence) -> Iterator[str]:
    """Both values of a conflict were entered by somebody else, each on its side."""
    for story in e.stories.values():
        places = {p[0]: p for p in map(place_of, story.lead.sides.values())}
        for entry in story.audit:
            field = BY_NAME.get(entry.facts.get("field", ""))
            if entry.kind is not AuditKind.CONFLICT or field is None or len(places) < 2:
                continue
            for system, text in _values(entry).items():
                entered = e.chronicle.entered(places[system], field.name)
                if text not in map(_text, entered):
                    yield f"{field.name} = {text!r} of {places.get(system)} clashed, and is our own"


def _values(entry: AuditEntry) -> Mapping[System, str]:
    """What a conflict says each side showed."""
    return {side: entry.personal[side.value] for side in KINDS if side.value in entry.personal}


def _contests_are_real(e: Evidence) -> Iterator[str]:
    """Somebody is named as fighting us only after having moved the stage so often."""
    for story in e.stories.values():
        contest = story.lead.contest
        if contest and e.chronicle.moves(map(place_of, story.lead.sides.values())) < contest.times:
            yield f"{story.lead.id} is contested by {contest.actor.label} who did not move it"


def _moves_are_real(e: Evidence) -> Iterator[str]:
    """What history is said to tell of others did happen, then and there."""
    for story in e.stories.values():
        for t in story.transitions:
            place = System(t.system.value), str(t.record_id)
            ours = t.actor.kind is ActorKind.SYNCD or t.evidence is not Evidenced.HISTORY
            up = t.to_stage.rank > t.from_stage.rank
            if not (ours or e.is_forgotten(place) or e.chronicle.moved(place, t.at, up=up)):
                yield f"{t.record_id} {t.from_stage} -> {t.to_stage} at {t.at}: nobody did that"


def _the_dead_are_known(e: Evidence) -> Iterator[str]:
    """Salesforce tells of what was deleted; a merge may wait for a person, parked."""
    parked = {parked.record_id for parked in e.town.store.living.parked()}
    for story in e.stories.values():
        for side in story.lead.sides.values():
            dead = e.town.dead(System(side.system.value), side.record_id)
            known = side.gone or side.record_id in parked
            if side.system is SIDES[SF] and dead in ("deleted", "merged") and not known:
                yield f"{side.record_id} was {dead}, and counts as alive"


def _nothing_is_written_too_often(e: Evidence) -> Iterator[str]:
    yield from e.chronicle.too_many_writes()


def _nothing_dead_is_written_to(e: Evidence) -> Iterator[str]:
    for attempt in e.town.attempts:
        if attempt.dead:
            yield f"{attempt.record_id} was {attempt.dead} when {attempt.properties} was written"


def _nothing_moves_between_people(e: Evidence) -> Iterator[str]:
    yield from e.chronicle.foreign_values()


def _nothing_is_made_twice(e: Evidence) -> Iterator[str]:
    for records in e.chronicle.kin.everybody():
        for system in KINDS:
            made = [
                entry.record_id
                for entry in e.town.world.journal
                if entry.field == CREATED
                and by_syncd(entry)
                and (entry.system, entry.record_id) in records
                and entry.system is system
            ]
            if len(made) > 1:
                yield f"{made} were all made for one person"


def _each_record_is_new_once(e: Evidence) -> Iterator[str]:
    """What a lead was converted to, or a contact merged into, is no news either."""
    for story in e.stories.values():
        if any(e.is_forgotten(place_of(side)) for side in story.lead.sides.values()):
            continue
        sights = [x for x in story.audit if x.kind is AuditKind.FIRST_SIGHT]
        for record, times in Counter(x.facts["record"] for x in sights).items():
            if times > 1:
                yield f"{record} was seen for the first time {times} times"
        known = {x.facts["record"]: x.at for x in sights}
        for record, at in known.items():
            for lead, converted in e.chronicle.kin.came_from.get(record, {}).items():
                if lead in known and known[lead] < at and converted <= at:
                    yield f"{record} carries on for {lead}, and was taken for somebody new"


def _the_erased_have_left(e: Evidence) -> Iterator[str]:
    """Nothing that tells who they were is left in any of the store's files: nor of others whose
    contact was merged into theirs. People who were merged with others in Salesforce, or whose
    address went to others, cannot be told from those."""
    if not e.town.erased:
        return
    raw = b"".join(path.read_bytes() for path in e.town.home.glob("syncd.db*"))
    for person in e.town.people:
        mixed = any(x.mixed for x in e.town.people if x.contact == person.contact)
        if str(person.contact) not in e.town.erased or mixed:
            continue
        if _was_looked_at(e, str(person.contact)):
            for text in (person.email, f"{person.name} title", f"Surname{person.name}"):
                if text.encode() in raw:
                    yield f"{text!r} of {person.contact}, erased, is still in the store"


def _was_looked_at(e: Evidence, contact: str) -> bool:
    """Whether the product had every chance to know this contact before it was erased."""
    life = [x for x in e.town.world.journal.of(HS, contact) if x.field in (CREATED, DELETED)]
    if not life:
        return False
    born, died = life[0], life[-1]
    looks = [x for x in e.town.looks if born.at + MINUTE <= x.at and x.seq < died.seq]
    return len(looks) >= 3


def _the_audit_holds(e: Evidence) -> Iterator[str]:
    broken = e.town.store.living.verify().broken_at
    if broken is not None:
        yield f"the chain is broken at {broken}"
