"""What syncd wrote into records: each write has its reason, each reason its write."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from syncd.cli.demo.oracle.evidence import Evidence
from syncd.cli.demo.oracle.expected import Expected, FieldWrite, StageWrite, Write
from syncd.cli.demo.oracle.fields import (
    FIELDS,
    HUBSPOT,
    MARKS,
    STAGE_FIELDS,
    stage_of,
    value_of,
)
from syncd.cli.demo.oracle.finding import Finding
from syncd.cli.demo.oracle.trails import Person, Save, Trail


def check_writes(person: Person, expected: Expected, evidence: Evidence) -> Iterator[Finding]:
    """Take the reason of every write off the list, then look at the reasons left."""
    reasons: list[Write] = [*expected.stages, *expected.fields]
    for trail in person.sides.values():
        for save in trail.saves:
            if save.by_syncd:
                for what in _unasked(trail, save, reasons, expected):
                    yield _finding(person, trail, save, what)
    for wanted in reasons:
        trail = person.sides[wanted.system]
        shown = _shown(trail, wanted)
        if not (wanted.superseded or wanted.latest > evidence.end or shown == _value(wanted)):
            yield Finding(
                check=_promise(wanted),
                lead=person.id,
                at=wanted.latest,
                expected=f"{wanted.system} {_value(wanted)!r}",
                got=f"{shown!r} at the latest moment",
            )


def _unasked(trail: Trail, save: Save, reasons: list[Write], expected: Expected) -> Iterator[str]:
    """What of one write nobody asked for, in words."""
    if save.before.get("IsConverted") or (trail.gone_at is not None and trail.gone_at <= save.at):
        yield "a record that is converted or gone"
    stage_fields, marks = STAGE_FIELDS[trail.system], set(MARKS[trail.system].values())
    known = {field.on(trail.system): name for name, field in FIELDS.items()}
    if save.changed & stage_fields and not _stage_is_asked(trail, save, reasons):
        yield f"stage {stage_of(trail.system, save.after)}"
    if save.changed & marks and not _may_mark(save, expected):
        yield "marks"
    for vendor_name in sorted(save.changed - stage_fields - marks):
        name = known.get(vendor_name, vendor_name)
        value = value_of(name, save.after.get(vendor_name))
        if not _claim(reasons, trail, save, (name, value)):
            yield f"{name} {value!r}"


def _stage_is_asked(trail: Trail, save: Save, reasons: list[Write]) -> bool:
    """Of a backward move in HubSpot the first half clears, the second is still to come."""
    if save.after.get("lifecyclestage") == "":
        open_now = (x for x in reasons if x.earliest <= save.at <= x.latest)
        return any(isinstance(x, StageWrite) and x.system is HUBSPOT for x in open_now)
    return _claim(reasons, trail, save, ("stage", stage_of(trail.system, save.after)))


def _may_mark(save: Save, expected: Expected) -> bool:
    return any(x.earliest <= save.at <= x.latest for x in expected.may_mark)


def _claim(reasons: list[Write], trail: Trail, save: Save, what: tuple[str, Any]) -> bool:
    """Take the reason for a write off the list; False if there is none."""
    for reason in reasons:
        in_time = reason.earliest <= save.at <= reason.latest
        if in_time and reason.system is trail.system and (_field(reason), _value(reason)) == what:
            reasons.remove(reason)
            return True
    return False


def _field(wanted: Write) -> str:
    return "stage" if isinstance(wanted, StageWrite) else wanted.field


def _value(wanted: Write) -> Any:
    return wanted.stage if isinstance(wanted, StageWrite) else wanted.value


def _shown(trail: Trail, wanted: Write) -> Any:
    """What the record shows when the write should be there, whoever put it there."""
    if isinstance(wanted, StageWrite):
        return trail.stage(wanted.latest)
    vendor_name = FIELDS[wanted.field].on(trail.system)
    return value_of(wanted.field, trail.at(wanted.latest).get(vendor_name))


def _promise(wanted: Write) -> str:
    if isinstance(wanted, FieldWrite):
        return f"{wanted.field} is {wanted.why}"
    return f"a stage {wanted.why}"


def _finding(person: Person, trail: Trail, save: Save, what: str) -> Finding:
    return Finding(
        check="syncd writes nothing without a reason",
        lead=person.id,
        at=save.at,
        expected=f"nothing of it in {trail.system}",
        got=f"{what} ({', '.join(sorted(save.changed))})",
    )


def check_marks(person: Person, expected: Expected, evidence: Evidence) -> Iterator[Finding]:
    """The syncd fields say what they should by then, unless a newer verdict is due."""
    for wanted in expected.marked:
        if wanted.by > evidence.end or _is_outdated(expected, wanted.since, wanted.by):
            continue
        trail = person.sides[wanted.system]
        raw = trail.at(wanted.by).get(MARKS[wanted.system][wanted.mark])
        shown = str(raw or "").removesuffix(".0")
        if lacking := [words for words in wanted.says if words not in shown]:
            yield Finding(
                check="the syncd fields explain",
                lead=person.id,
                at=wanted.by,
                expected=f"{wanted.system} {wanted.mark}: {'; '.join(lacking)}",
                got=shown,
            )


def _is_outdated(expected: Expected, since: datetime, by: datetime) -> bool:
    return any(since < later.earliest <= by for later in expected.may_mark)
