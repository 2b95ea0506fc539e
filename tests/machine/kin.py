"""Who is who: which records are one person, told from the journal alone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from model_map import KINDS, SF

from syncd.sandbox.journal import (
    CONVERTED,
    CREATED,
    MERGED,
    Entry,
    System,
)

Place = tuple[System, str]
"""A record: its CRM and its id."""


class Kin:
    """Which records are one person: a new one is whoever has its address in the other CRM;
    merging and converting make one of two."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._parent: dict[Place, Place] = {}
        self._became: dict[Place, Place] = {}
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
                self._follow(place, (SF, contact))

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

    def heir(self, place: Place) -> Place:
        """The record this one is by now: converted and merged, perhaps again and again."""
        while place in self._became:
            place = self._became[place]
        return place

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
        self._follow(loser, winner)
        self._merges[loser] = seq

    def _follow(self, old: Place, new: Place) -> None:
        self._became[old] = new
        self._join(old, new)

    def _join(self, one: Place, other: Place) -> None:
        self._parent[self.of(one)] = self.of(other)
