"""Where each human edit of a shared field should have ended up, look by look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.expected import FieldWrite
from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE, TRAVELLING, Mapped, other, value_of
from syncd.cli.demo.oracle.finding import Finding
from syncd.cli.demo.oracle.trails import Person, Trail
from syncd.sandbox.journal import System

_SIDES = (SALESFORCE, HUBSPOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Somebody's last word on a field of one side before a look."""

    system: System
    at: datetime
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How a field should stand in the end, what travels on the way, and clashes."""

    final: Mapping[System, Any]
    writes: tuple[FieldWrite, ...]
    clashes: tuple[datetime, ...]


def settle_all(person: Person, evidence: Evidence) -> Mapping[str, Settled]:
    """Every shared field of a lead; none once a record is gone."""
    if any(trail.gone_at for trail in person.sides.values()):
        return {}
    return {
        name: _Field(person, evidence, name, field).settled() for name, field in TRAVELLING.items()
    }


def misplaced(
    person: Person, evidence: Evidence, settled: Mapping[str, Settled]
) -> Iterator[Finding]:
    """Fields that do not show in the end what they should, and clashes nobody can look up."""
    overruled = evidence.overruled(person.id) if any(x.clashes for x in settled.values()) else ()
    for name, field in settled.items():
        for system in _SIDES:
            shown = _shown(person.sides[system], name, evidence.world.now())
            if shown != field.final[system]:
                yield Finding(
                    check="no human edit lost",
                    lead=person.id,
                    at=evidence.end,
                    expected=f"{system} {name} {field.final[system]!r}",
                    got=repr(shown),
                )
        if field.clashes and name not in overruled:
            yield Finding(
                check="an overruled edit is kept in the audit",
                lead=person.id,
                at=field.clashes[0],
                expected=f"an audit entry with both values of {name}",
                got="none",
            )


def _shown(trail: Trail, name: str, at: datetime) -> Any:
    return value_of(name, trail.at(at).get(TRAVELLING[name].on(trail.system)))


class _Field:
    """One field of one lead, replayed."""

    def __init__(self, person: Person, evidence: Evidence, name: str, field: Mapped) -> None:
        self._person, self._evidence = person, evidence
        self._name, self._field = name, field
        self._writes: list[FieldWrite] = []
        self._clashes: list[datetime] = []

    def settled(self) -> Settled:
        news = self._news()
        final = {system: self._first(system) for system in _SIDES}
        for number, edits in news.items():
            self._merge(final, edits, number)
        return Settled(final=final, writes=tuple(self._writes), clashes=tuple(self._clashes))

    def _first_look(self) -> int | None:
        """The look at which the lead was seen first: what it shows then is where it starts."""
        begun = max(
            self._evidence.start, *(trail.created_at for trail in self._person.sides.values())
        )
        numbers = (self._evidence.seen(system, begun) for system in _SIDES)
        known = [number for number in numbers if number is not None]
        if begun == self._evidence.start:
            return 0
        return max(known, default=None)

    def _first(self, system: System) -> Any:
        number = self._first_look()
        at = self._evidence.end if number is None else self._evidence.looks[number]
        return value_of(
            self._name, self._person.sides[system].before(at).get(self._field.on(system))
        )

    def _news(self) -> Mapping[int, list[Edit]]:
        """Edits by the look that shows them, after the first; the last of each side counts."""
        first, shown = self._first_look(), dict[int, dict[System, Edit]]()
        for trail in self._person.sides.values():
            for save in trail.by_others():
                vendor_name = self._field.on(trail.system)
                number = self._evidence.seen(trail.system, save.at)
                if vendor_name not in save.changed or number is None:
                    continue
                if first is not None and number > first:
                    value = value_of(self._name, save.after.get(vendor_name))
                    edit = Edit(system=trail.system, at=save.at, value=value)
                    shown.setdefault(number, {})[trail.system] = edit
        return {number: list(edits.values()) for number, edits in sorted(shown.items())}

    def _merge(self, final: dict[System, Any], edits: list[Edit], number: int) -> None:
        for edit in edits:
            final[edit.system] = edit.value
        if len(edits) == 1 and (rival := self._in_flight(edits[0])):
            edits = [*edits, rival]
        if len(edits) > 1 and edits[0].value != edits[1].value:
            self._clashes.append(edits[0].at)
            winner = self._winner(edits)
        else:
            winner = edits[0]
        target = other(winner.system)
        if winner.value is None or winner.value == final[target] or not self._takes(target, number):
            return
        final[target] = winner.value
        self._travel(target, winner.value, number)

    def _in_flight(self, edit: Edit) -> Edit | None:
        """An earlier edit on its way to this side that had not landed when this was made."""
        write = self._writes[-1] if self._writes else None
        if write is None or write.system is not edit.system or self._landed(write, edit.at):
            return None
        self._writes[-1] = replace(write, superseded=True)
        return Edit(system=other(edit.system), at=write.earliest, value=write.value)

    def _landed(self, write: FieldWrite, before: datetime) -> bool:
        return any(
            save.by_syncd
            and write.earliest <= save.at < before
            and self._field.on(write.system) in save.changed
            for save in self._person.sides[write.system].saves
        )

    def _winner(self, edits: list[Edit]) -> Edit:
        if self._field.rule == "latest":
            return max(edits, key=lambda edit: edit.at)
        return next(edit for edit in edits if edit.system.value == self._field.rule)

    def _takes(self, target: System, number: int) -> bool:
        at = self._evidence.looks[number]
        return target in self._field.to and not self._person.sides[target].converted(at)

    def _travel(self, target: System, value: Any, number: int) -> None:
        at = self._evidence.looks[number]
        self._writes.append(
            FieldWrite(
                lead=self._person.id,
                system=target,
                field=self._name,
                value=value,
                earliest=at,
                latest=self._evidence.latest(target, at),
            )
        )
