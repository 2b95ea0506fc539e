"""The story of each record, rebuilt from the sandbox's journal: every save, whoever made it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from syncd.cli.demo.oracle.fields import FIELDS, HUBSPOT, SALESFORCE, stage_of, value_of
from syncd.sandbox.journal import (
    ASSOCIATED,
    CREATED,
    DELETED,
    MERGED,
    ActorKind,
    Entry,
    Journal,
    System,
)

_OBJECTS = {(SALESFORCE, "Lead"), (HUBSPOT, "contact")}


@dataclass(slots=True, kw_only=True)
class Save:
    """One save of one record; values are whole rows in the vendor's own names."""

    at: datetime
    before: Mapping[str, Any]
    after: dict[str, Any]
    changed: set[str]
    actor: str
    by_syncd: bool
    by_person: bool
    created: bool


@dataclass(slots=True, kw_only=True)
class Trail:
    """One record's saves, oldest first; `gone_at` when it was deleted or merged away."""

    system: System
    record_id: str
    saves: list[Save] = field(default_factory=list)
    gone_at: datetime | None = None
    deal_since: datetime | None = None

    @property
    def created_at(self) -> datetime:
        return self.saves[0].at

    def at(self, instant: datetime) -> Mapping[str, Any]:
        """The values just after everything saved up to an instant."""
        place = bisect_right(self.saves, instant, key=lambda save: save.at)
        return self.saves[place - 1].after if place else {}

    def before(self, instant: datetime) -> Mapping[str, Any]:
        """The values a look at that instant finds: time stands still while syncd writes."""
        place = bisect_left(self.saves, instant, key=lambda save: save.at)
        return self.saves[place - 1].after if place else {}

    def stage(self, instant: datetime) -> str | None:
        return stage_of(self.system, self.at(instant))

    def stage_before(self, instant: datetime) -> str | None:
        return stage_of(self.system, self.before(instant))

    def converted(self, instant: datetime) -> bool:
        return self.system is SALESFORCE and bool(self.before(instant).get("IsConverted"))

    def by_others(self) -> Iterator[Save]:
        return (save for save in self.saves if not save.by_syncd)

    def last_edit(self, name: str, instant: datetime) -> datetime | None:
        """When anybody else last changed a field, up to an instant."""
        vendor_name = FIELDS[name].on(self.system)
        found = None
        for save in self.by_others():
            if save.at > instant:
                break
            if save.created or vendor_name in save.changed:
                found = save.at
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One lead: the record in each CRM."""

    sides: Mapping[System, Trail]

    @property
    def id(self) -> str:
        return self.sides[SALESFORCE].record_id

    def is_fixed(self, instant: datetime) -> bool:
        """Converted, or with a deal."""
        deal = self.sides[HUBSPOT].deal_since
        has_deal = deal is not None and deal <= instant
        return self.sides[SALESFORCE].converted(instant) or has_deal

    def values(self, instant: datetime) -> dict[str, Any]:
        """Every field as it will be once both CRMs agree: the latest edit, blanks aside."""
        return {name: self._value(name, instant) for name in FIELDS}

    def _value(self, name: str, instant: datetime) -> Any:
        told = []
        for system, trail in self.sides.items():
            edited = trail.last_edit(name, instant)
            value = value_of(name, trail.at(instant).get(FIELDS[name].on(system)))
            if edited is not None and value is not None:
                told.append((edited, value))
        return max(told, key=lambda x: x[0])[1] if told else None


def people(journal: Journal) -> list[Person]:
    """Every lead there ever was, with both its records, in the order of arrival."""
    trails: dict[tuple[System, str], Trail] = {}
    for entry in journal:
        if (entry.system, entry.object) in _OBJECTS:
            key = (entry.system, entry.record_id)
            _follow(
                trails.setdefault(key, Trail(system=entry.system, record_id=entry.record_id)), entry
            )
        elif entry.object == "deal" and entry.field == ASSOCIATED:
            trails[HUBSPOT, entry.after.removeprefix("contact:")].deal_since = entry.at
    return [
        Person(sides={SALESFORCE: trails[SALESFORCE, lead_id], HUBSPOT: contact})
        for (system, _), contact in trails.items()
        if system is HUBSPOT and (lead_id := contact.saves[0].after.get("salesforceleadid"))
    ]


def _follow(trail: Trail, entry: Entry) -> None:
    if entry.field in (DELETED, MERGED):
        trail.gone_at = entry.at
    if entry.field == CREATED:
        trail.saves.append(_save(entry, {}, dict(entry.after), created=True))
    elif not entry.field.startswith("+"):
        last = trail.saves[-1]
        if last.created or last.at != entry.at or last.actor != entry.actor.id:
            trail.saves.append(last := _save(entry, last.after, dict(last.after), created=False))
        last.after[entry.field] = entry.after
        last.changed.add(entry.field)


def _save(entry: Entry, before: Mapping[str, Any], after: dict[str, Any], *, created: bool) -> Save:
    return Save(
        at=entry.at,
        before=before,
        after=after,
        changed=set(),
        actor=entry.actor.id,
        by_syncd=entry.actor.kind is ActorKind.API,
        by_person=entry.actor.kind is ActorKind.PERSON,
        created=created,
    )
