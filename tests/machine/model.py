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

from model_map import BY_NAME, FIELDS, HS, KINDS, SF, Fact, Flow, Mapped, fact_of, field_of, fits

from syncd.sandbox.journal import (
    CONVERTED,
    CREATED,
    MERGED,
    ActorKind,
    Entry,
    System,
)

Place = tuple[System, str]
"""A record: its CRM and its id."""
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


class Kin:
    """Which records are one person: a new one is whoever has its address in the other CRM;
    merging and converting make one of two."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._parent: dict[Place, Place] = {}
        self._merges: dict[Place, int] = {}
        self.came_from: dict[str, dict[str, datetime]] = defaultdict(dict)
        self._emails: dict[Place, str] = {}
        for entry in entries:
            if entry.object not in KINDS.get(entry.system, ()):
                continue
            place = (entry.system, entry.record_id)
            self._parent.setdefault(place, place)
            if entry.field == CREATED and entry.via != "merge":
                self._meet(place, str(entry.after.get("Email") or entry.after.get("email") or ""))
            elif entry.field in ("Email", "email"):
                self._emails[place] = str(entry.after)
            elif entry.field == MERGED:
                self._merge(place, (entry.system, str(entry.after)), entry.seq)
            elif entry.field == CONVERTED:
                contact = str(entry.after["ConvertedContactId"])
                self.came_from[contact][entry.record_id] = entry.at
                self._join(place, (SF, contact))

    def _meet(self, place: Place, email: str) -> None:
        """A new record is the person who has its address in the other CRM at the time."""
        for other, theirs in reversed(self._emails.items()):
            if theirs == email and other[0] is not place[0]:
                self._join(place, other)
                break
        self._emails[place] = email

    def of(self, place: Place) -> Place:
        """The same for all records of a person."""
        found = self._parent.setdefault(place, place)
        while found != self._parent[found]:
            found = self._parent[found]
        return found

    def last_merge(self, place: Place) -> int:
        """The journal's number of the last merge of two records of this person; 0 for none."""
        own = self.of(place)
        return max((seq for one, seq in self._merges.items() if self.of(one) == own), default=0)

    def everybody(self) -> Iterator[list[Place]]:
        groups: dict[Place, list[Place]] = defaultdict(list)
        for place in self._parent:
            groups[self.of(place)].append(place)
        yield from groups.values()

    def _merge(self, loser: Place, winner: Place, seq: int) -> None:
        self._join(loser, winner)
        self._merges[loser] = seq

    def _join(self, one: Place, other: Place) -> None:
        self._parent[self.of(one)] = self.of(other)


class Chronicle:
    """Every mapped value every record ever had."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.kin = Kin(entries)
        self._values: dict[tuple[Place, str], list[Change]] = defaultdict(list)
        self._touched: dict[Place, list[datetime]] = defaultdict(list)
        self._moves: Counter[Place] = Counter()
        for entry in entries:
            if entry.object in KINDS.get(entry.system, ()):
                self._read(entry)

    def _read(self, entry: Entry) -> None:
        place = (entry.system, entry.record_id)
        if not by_syncd(entry):
            self._touched[place].append(entry.at)
            self._moves[place] += entry.field in STAGE_PROPERTIES
        if entry.field == CREATED:
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
                for other in self.records_of(place)
                if other[0] is place[0]
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
        nobody ticked is not a value."""
        shown: dict[tuple[Place, str], list[tuple[int, Fact]]] = defaultdict(list)
        for (place, field), changes in self._values.items():
            for change in changes:
                shown[(self.kin.of(place), field)].append((change.seq, change.fact))
        for (place, field), changes in self._values.items():
            for change in changes:
                known = shown[(self.kin.of(place), field)]
                is_default = change.born and change.fact is False
                if (
                    change.by_syncd
                    and not is_default
                    and not any(seq < change.seq and fact == change.fact for seq, fact in known)
                ):
                    yield f"{place} got {field} = {change.fact!r}, which is nobody's of theirs"

    def needless_blanks(self) -> Iterator[str]:
        """Values that syncd emptied, of fields that a blank does not overwrite."""
        clearing = {field.name for field in FIELDS if field.clears}
        for lost in self.overwrites():
            if lost.now is None and lost.field not in clearing:
                yield f"{lost.field} = {lost.was!r} of {lost.place} was emptied"

    def unruly_winners(self, rules: Mapping[str, str]) -> Iterator[str]:
        """Edits that lost although the field's rule names their side, or although every edit
        of the side that won was older. `rules` are those in force all the time."""
        for lost in self.overwrites():
            rule = rules.get(lost.field)
            if rule is None or self._was_sent(lost):
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
        line = self.line(place, field)
        several = sum(change.born for change in line) > 1
        return [c.fact for c in line if not c.by_syncd and (several or not c.born)]

    def moves(self, places: Iterable[Place]) -> int:
        """How often others moved the stage of these records."""
        return sum(self._moves[place] for place in places)

    # -- laws about agreement

    def why_apart(
        self, field: Mapped, pair: "Pair", looks: Sequence[int], flows: frozenset[Flow]
    ) -> str | None:
        """What excuses two records that tell a field differently; None when nothing does."""
        if UNREADABLE in pair.facts:
            return "unreadable"
        changes = {
            side: self.by_others(place, field.name, after=pair.since)
            for side, place in pair.places.items()
        }
        if not any(changes.values()):
            return "first sight"
        if pair.read_only and changes[HS]:
            return "read only"
        if any(
            not fits(field, fact, other) for fact, other in zip(pair.facts, (HS, SF), strict=True)
        ):
            return "misfit"
        latest = max((c for found in changes.values() for c in found), key=lambda c: c.seq)
        if latest.fact is None and not field.clears:
            return "blank"
        if flows != {Flow.BOTH} and _flowed_nowhere(changes, flows):
            return "direction"
        if all(changes.values()):
            return self._stood(field, pair, looks, latest) or "asked"
        return self._stood(field, pair, looks, latest)

    def _stood(
        self, field: Mapped, pair: "Pair", looks: Sequence[int], latest: Change
    ) -> str | None:
        """The same two values stood at an earlier look: changed and changed back is no news."""
        for look in looks:
            if look >= latest.seq:
                break
            if look > pair.since and pair.facts == tuple(
                self.fact_at(pair.places[side], field.name, look) for side in (SF, HS)
            ):
                return "stood before"
        return None


UNREADABLE = "(unreadable)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two records said to be one person's, and what they tell of one field now: Salesforce
    first, where it may be `read_only`. Changes after the point `since` of the journal count."""

    places: Mapping[System, Place]
    facts: tuple[Fact, Fact]
    since: int
    read_only: bool = False


def _flowed_nowhere(changes: Mapping[System, Sequence[Change]], flows: frozenset[Flow]) -> bool:
    """Whether something was changed on a side whose values did not always reach the other."""
    return any(
        found and not all(flow.reaches(HS if side is SF else SF) for flow in flows)
        for side, found in changes.items()
    )


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
