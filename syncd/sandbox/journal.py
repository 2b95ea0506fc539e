"""The sandbox's own record of everything that happened, in order and append-only.

The demo's oracle judges by it, and automations are woken from it. It says what
was done and by whom; it never says whether it should have been.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from syncd.sandbox.clock import WorldClock


class System(StrEnum):
    SALESFORCE = "salesforce"
    HUBSPOT = "hubspot"
    SLACK = "slack"


class ActorKind(StrEnum):
    PERSON = "person"
    API = "api"
    AUTOMATION = "automation"
    SYSTEM = "system"


# Pseudo-fields: what happened to a record as a whole.
CREATED = "+created"  # `after` holds the record's values
DELETED = "+deleted"  # `before` holds the record's values
UNDELETED = "+undeleted"
MERGED = "+merged"  # on the loser; `after` is the winner's id
ABSORBED = "+absorbed"  # on the winner; `after` is the loser's id
CONVERTED = "+converted"  # `after` holds the ids the lead became
ASSOCIATED = "+associated"  # `after` names the other record


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did it; `id` is the vendor's user, app or rule id."""

    kind: ActorKind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The record something happened to."""

    system: System
    object: str
    record_id: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Who did it and through what: "ui", "api", "convert", "merge", "rule" ..."""

    actor: Actor
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field of one record changed, or one thing happened to the record as a whole."""

    seq: int
    at: datetime
    system: System
    object: str
    record_id: str
    field: str
    before: Any
    after: Any
    actor: Actor
    via: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Listener = Callable[[Entry], None]


class Journal:
    """Entries numbered from 1 without a gap, stamped by the world's clock."""

    def __init__(self, clock: WorldClock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._listeners: list[Listener] = []

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def listen(self, listener: Listener) -> None:
        """Call `listener` with each entry from now on, in the middle of the change it records."""
        self._listeners.append(listener)

    def record(
        self, subject: Subject, field: str, *, before: Any, after: Any, origin: Origin
    ) -> Entry:
        entry = Entry(
            seq=len(self._entries) + 1,
            at=self._clock.now(),
            system=subject.system,
            object=subject.object,
            record_id=subject.record_id,
            field=field,
            before=before,
            after=after,
            actor=origin.actor,
            via=origin.via,
        )
        self._entries.append(entry)
        for listener in self._listeners:
            listener(entry)
        return entry

    def after(self, seq: int) -> list[Entry]:
        """Everything later than entry number `seq`."""
        return self._entries[seq:]

    def of(self, system: System, record_id: str, field: str | None = None) -> list[Entry]:
        """The story of one record, or of one of its fields."""
        return [
            entry
            for entry in self._entries
            if entry.record_id == record_id
            and entry.system is system
            and field in (None, entry.field)
        ]
