"""The reference model: what really happened, told from the sandbox's journal alone.

It knows who wrote which value when, which records are one person, and what the machine's
field map makes of that. It says what may be and what may not, never how the product gets
there, and imports nothing of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from kin import Kin, Place
from model_map import BY_NAME, FIELDS, HS, KINDS, SF, Fact, Mapped, fact_of, field_of, fits

from syncd.sandbox.journal import (
    ABSORBED,
    CONVERTED,
    CREATED,
    MERGED,
    ActorKind,
    Entry,
    System,
)

STAGE_PROPERTIES = frozenset({"Status", "lifecyclestage", "hs_lead_status"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value of one field of one record, and who put it there."""

    seq: int
    at: datetime
    fact: Fact
    by_syncd: bool
    born: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Overwrite:
    """A value somebody else had entered, replaced by syncd."""

    place: Place
    field: str
    was: Fact
    now: Fact
    at: datetime
    seq: int


class Chronicle:
    """Every mapped value every record ever had."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.kin = Kin(entries)
        self._values: dict[tuple[Place, str], list[Change]] = defaultdict(list)
        self._touched: dict[Place, list[datetime]] = defaultdict(list)
        self._moves: Counter[Place] = Counter()
        self._steps: dict[Place, set[datetime]] = defaultdict(set)
        self._births: dict[Place, set[datetime]] = defaultdict(set)
        for entry in entries:
            if entry.object in KINDS.get(entry.system, ()):
                self._read(entry)

    def _read(self, entry: Entry) -> None:
        place = (entry.system, entry.record_id)
        if not by_syncd(entry):
            self._touched[place].append(entry.at)
            self._moves[place] += entry.field in STAGE_PROPERTIES
        if entry.field in STAGE_PROPERTIES or entry.field in (CONVERTED, MERGED, ABSORBED):
            self._steps[place].add(entry.at.replace(microsecond=0))
        if entry.field == CREATED:
            self._births[place].add(entry.at.replace(microsecond=0))
            for field in FIELDS:
                raw = entry.after.get(field.property_on(entry.system, entry.object) or "")
                self._add(entry, place, field, raw, born=True)
        elif known := field_of(entry.object, entry.field):
            self._add(entry, place, known, entry.after, born=False)

    def _add(self, entry: Entry, place: Place, field: Mapped, raw: Any, *, born: bool) -> None:
        change = Change(
            seq=entry.seq,
            at=entry.at,
            fact=_fact(field, entry.system, raw),
            by_syncd=by_syncd(entry),
            born=born,
        )
        self._values[(place, field.name)].append(change)

    def changes(self, place: Place, field: str) -> Sequence[Change]:
        return self._values.get((place, field), ())

    def line(self, place: Place, field: str) -> list[Change]:
        """The changes of all records this one carries on for, its own among them."""
        return sorted(
            (
                change
                for other in self._touched
                if self.kin.heir(other) == self.kin.heir(place)
                for change in self.changes(other, field)
            ),
            key=lambda change: change.seq,
        )

    def records_of(self, place: Place) -> list[Place]:
        """Every record of this person, in both CRMs."""
        return [other for other in self._touched if self.kin.of(other) == self.kin.of(place)]

    def by_others(self, place: Place, field: str, *, after: int) -> list[Change]:
        """What others changed after a point of the journal; what was there at birth is none."""
        return [
            change
            for change in self.line(place, field)
            if not (change.by_syncd or change.born) and change.seq > after
        ]

    def fact_at(self, place: Place, field: str, seq: int) -> Fact:
        """What the record, or the one it carries on for, held at a point of the journal."""
        held = [change.fact for change in self.line(place, field) if change.seq <= seq]
        return held[-1] if held else None

    # -- laws about writes

    def overwrites(self) -> Iterator[Overwrite]:
        """Every value of others that syncd replaced."""
        for (place, field), changes in self._values.items():
            for before, change in pairwise(changes):
                if change.by_syncd and not before.by_syncd and before.fact is not None:
                    yield Overwrite(
                        place=place,
                        field=field,
                        was=before.fact,
                        now=change.fact,
                        at=change.at,
                        seq=change.seq,
                    )

    def too_many_writes(self) -> Iterator[str]:
        """Fields syncd wrote more often than others had changed them for this person, and once
        more for the record as it began."""
        for records in self.kin.everybody():
            for field in FIELDS:
                changes = [c for r in records for c in self.changes(r, field.name)]
                ours = sum(c.by_syncd and not c.born for c in changes)
                theirs = sum(not (c.by_syncd or c.born) for c in changes)
                if ours > theirs + 1:
                    yield f"{field.name} of {records} was changed {theirs} times, written {ours}"

    def foreign_values(self) -> Iterator[str]:
        """Values syncd wrote that no record of the same person had ever shown before. A box that
        nobody ticked is not a value, nor is a field left empty in a record that syncd made."""
        shown: dict[tuple[Place, str], list[tuple[int, Fact]]] = defaultdict(list)
        for (place, field), changes in self._values.items():
            for change in changes:
                shown[(self.kin.of(place), field)].append((change.seq, change.fact))
        for (place, field), changes in self._values.items():
            for change in changes:
                known = shown[(self.kin.of(place), field)]
                is_default = change.born and change.fact in (False, None)
                if (
                    change.by_syncd
                    and not is_default
                    and not any(seq < change.seq and fact == change.fact for seq, fact in known)
                ):
                    yield f"{place} got {field} = {change.fact!r}, which is nobody's of theirs"

    def needless_blanks(self) -> Iterator[Overwrite]:
        """Values that syncd emptied, of fields that a blank does not overwrite."""
        clearing = {field.name for field in FIELDS if field.clears}
        for lost in self.overwrites():
            if lost.now is None and lost.field not in clearing:
                yield lost

    def unruly_winners(self, rules: Mapping[str, str], looks: Sequence[int]) -> Iterator[str]:
        """Edits that lost although the field's rule names their side, or although every edit
        of the side that won was older. `rules` are those in force all the time. Where records
        were merged, an edit may have been under way to one that is no more."""
        for lost in self.overwrites():
            rule = rules.get(lost.field)
            if rule is None or self.kin.last_merge(lost.place) or self._was_sent(lost):
                continue
            if self._was_taken_back(lost, looks):
                continue
            if rule == lost.place[0].value:
                yield f"{lost.field} = {lost.was!r} of {lost.place} lost, and {rule} wins"
            elif rule == "latest" and (older := self._older(lost)):
                yield f"{lost.field} = {lost.was!r} of {lost.place} lost to an edit of {older}"

    def _was_sent(self, lost: Overwrite) -> bool:
        """Whether the other side had the value before it was overwritten, or could not take
        it: then what overwrote it came later."""
        field = BY_NAME[lost.field]
        if lost.was == UNREADABLE or not fits(field, lost.was, _other(lost.place[0])):
            return True
        entered = self._entered(lost)
        if entered.born:
            return True
        for place in self._partners(lost.place):
            if self.fact_at(place, lost.field, entered.seq) == lost.was or any(
                change.fact == lost.was and entered.seq <= change.seq <= lost.seq
                for change in self.changes(place, lost.field)
            ):
                return True
        return False

    def _was_taken_back(self, lost: Overwrite, looks: Sequence[int]) -> bool:
        """Whether the value had stood there at the look before it was entered: changed and
        changed back between two looks is no news, and no edit that could win."""
        entered = self._entered(lost).seq
        last = max((look for look in looks if look < entered), default=None)
        return last is not None and self.fact_at(lost.place, lost.field, last) == lost.was

    def _older(self, lost: Overwrite) -> datetime | None:
        """When the winner's record last changed, if that is older than the edit that lost."""
        entered = self._entered(lost).at
        touched = [
            at
            for place in self._partners(lost.place)
            for at in self._touched[place]
            if at <= lost.at
        ]
        last = max(touched, default=None)
        return last if last and last + timedelta(seconds=1) < entered else None

    def _entered(self, lost: Overwrite) -> Change:
        """The change that had put the overwritten value there."""
        changes = self.changes(lost.place, lost.field)
        return [c for c in changes if c.seq < lost.seq][-1]

    def _partners(self, place: Place) -> list[Place]:
        """The records of the same person in the other CRM."""
        return [other for other in self.records_of(place) if other[0] is not place[0]]

    def entered(self, place: Place, field: str) -> list[Fact]:
        """What others ever changed this to for this person in one CRM. Where records were
        merged or converted, what they were made with counts as well."""
        records = [other for other in self.records_of(place) if other[0] is place[0]]
        changes = [change for record in records for change in self.changes(record, field)]
        several = len(records) > 1
        return [c.fact for c in changes if not c.by_syncd and (several or not c.born)]

    def moved(self, place: Place, at: datetime, *, up: bool) -> bool:
        """Whether this person's stage was moved at an instant; making a record moves it `up`."""
        instant = at.replace(microsecond=0)
        records = self.records_of(place)
        born = up and any(instant in self._births[record] for record in records)
        return born or any(instant in self._steps[record] for record in records)

    def moves(self, places: Iterable[Place]) -> int:
        """How often others moved the stage of these records."""
        return sum(self._moves[place] for place in places)


UNREADABLE = "(unreadable)"


def _other(system: System) -> System:
    return HS if system is SF else SF


def by_syncd(entry: Entry) -> bool:
    """Only syncd comes through an API in the machine's world."""
    return entry.actor.kind is ActorKind.API


def readable(field: Mapped, system: System, raw: Any) -> Fact:
    return _fact(field, system, raw)


def _fact(field: Mapped, system: System, raw: Any) -> Fact:
    try:
        return fact_of(field, system, raw)
    except ValueError:
        return UNREADABLE
