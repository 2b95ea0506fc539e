"""Tell stages from vendor properties, now and along a history, and prove the lines sound.

A property that cannot be read is doubt, never taken for empty: it only matters where a
line could still match because of it. Nothing here judges a move.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import combinations

from syncd.domain.mapping import SideMap
from syncd.domain.record import Directory, PropertyChange
from syncd.domain.stage import Actor, ActorKind, Stage, StageLine, StageStep
from syncd.domain.values import Unreadable

NOTHING = frozenset({"", "0", "false"})
"""Texts that say nothing: neither vendor can leave a check box or a count empty."""

_TOGETHER = timedelta(seconds=2)
"""Entries of one actor this close come from one save (two stamps, two requests)."""
_CLEARED = timedelta(minutes=1)
"""HubSpot moves backward only by a clear, then a set: one move, even in two requests."""


def as_text(value: object) -> str:
    """A vendor value as stage lines spell it: None is empty, booleans are lower case,
    whole numbers carry no fraction."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case date():
            return value.isoformat()
    return str(value)


def property_of(properties: Mapping[str, object], path: str) -> object:
    """The value under a name, or along a dotted path; None beyond an empty relationship.

    KeyError when the vendor did not return it, which is not the same as empty.
    """
    if path in properties:
        return properties[path]
    value: object = properties
    for name in path.split("."):
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise KeyError(path)
        value = value[name]
    return value


def read_stage(properties: Mapping[str, object], lines: Sequence[StageLine]) -> Stage | Unreadable:
    """The stage of the first line whose named values all match; none where all is empty."""
    return _told(stage_texts(properties, lines), lines)


def stage_reader(
    lines: Sequence[StageLine],
) -> Callable[[Mapping[str, object]], Stage | Unreadable]:
    """As `read_stage`, for reading many: what the same texts tell is told once."""
    paths = tuple(_paths(lines))

    @cache
    def told(*texts: str) -> Stage | Unreadable:
        return _told(dict(zip(paths, texts, strict=True)), lines)

    def read(properties: Mapping[str, object]) -> Stage | Unreadable:
        try:
            texts = [as_text(property_of(properties, path)) for path in paths]
        except KeyError:
            return read_stage(properties, lines)
        return told(*texts)

    return read


def stage_texts(properties: Mapping[str, object], lines: Sequence[StageLine]) -> Mapping[str, str]:
    """What the properties that tell the stage say; those that cannot be read are left out."""
    texts = {}
    for path in _paths(lines):
        try:
            texts[path] = as_text(property_of(properties, path))
        except KeyError:
            continue
    return texts


def spelled(texts: Mapping[str, str]) -> str:
    """`lifecyclestage "lead", hs_lead_status empty`"""
    return ", ".join(
        f'{name} "{text}"' if text else f"{name} empty" for name, text in texts.items()
    )


def spellings(lines: Sequence[StageLine]) -> str:
    """Every stage and how it is spelled, in words."""
    return "; ".join(_named(line) for line in lines)


def stage_steps(
    changes: Sequence[PropertyChange],
    properties: Mapping[str, object],
    side_map: SideMap,
    people: Directory,
) -> tuple[StageStep, ...]:
    """The stages a record went through, oldest first; only steps that changed the stage.

    `changes` must be the whole history, in the vendor's order within one instant: a
    property counts as empty before its first entry. A property without history is taken
    to have been what it is now; where it alone tells a read-only line (a conversion), that
    is an end, reached with the last step.
    """
    lines, paths = side_map.stages, _paths(side_map.stages)
    known = [change for change in dict.fromkeys(changes) if change.name in paths]
    in_time = sorted(known, key=lambda change: change.at)
    moments = _moments(in_time, cleared_on_the_way=indispensable(lines))
    tracked = {change.name for change in known}
    reached = tracked | _written(lines)
    before_end = tuple(x for x in lines if not x.read_only or x.values.keys() <= reached)
    now = stage_texts(properties, lines)
    texts = {name: "" if name in tracked else text for name, text in now.items()}
    steps: list[StageStep] = []
    for moment in moments:
        texts |= moment.values
        is_end = moment is moments[-1] and texts == now
        told = _told(texts, lines if is_end else before_end)
        stage = None if isinstance(told, Unreadable) else told
        if not steps or steps[-1].stage is not stage:
            actor = _actor(moment.change, people)
            steps.append(StageStep(at=moment.at, stage=stage, actor=actor))
    return tuple(steps)


def line_faults(lines: Sequence[StageLine]) -> tuple[str, ...]:
    """What is wrong with the lines, one sentence each; empty when every writable line,
    written over any record, reads back as its own stage.

    Pairs are enough: a line written can only be misread as an earlier one whose values it
    leaves standing. A read-only line that names a property no line writes is left aside:
    nothing syncd writes gets a record into it or out of it.
    """
    written = _written(lines)
    faults = (
        _fault(earlier, later, is_fixed=earlier.read_only and not earlier.values.keys() <= written)
        for earlier, later in combinations(lines, 2)
    )
    return tuple(fault for fault in faults if fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """Entries that were one act. `change` is its first entry, `at` the instant of its last."""

    change: PropertyChange
    at: datetime
    values: Mapping[str, str]


def _paths(lines: Iterable[StageLine]) -> dict[str, None]:
    """Every property the lines name, once, in their order."""
    return {path: None for line in lines for path in line.values}


def indispensable(lines: Sequence[StageLine]) -> set[str]:
    """The properties that every line names and none leaves empty: empty there means that
    there is no stage, as between the two requests of a backward move."""
    names = set.intersection(*(set(line.values) for line in lines)) if lines else set()
    return {name for name in names if not any(line.values[name] in NOTHING for line in lines)}


def _written(lines: Iterable[StageLine]) -> set[str]:
    """The properties a write can change."""
    return {name for line in lines if not line.read_only for name in line.values}


def _told(texts: Mapping[str, str], lines: Sequence[StageLine]) -> Stage | Unreadable:
    for line in lines:
        if _is_another(texts, line):
            continue
        if doubtful := [name for name in line.values if name not in texts]:
            return Unreadable(why=f"{' and '.join(doubtful)} cannot be read")
        return line.stage
    if texts.keys() >= _paths(lines).keys() and (
        NOTHING.issuperset(texts.values())
        or any(texts[name] in NOTHING for name in indispensable(lines))
    ):
        return Stage.NONE
    why = f"no stage is spelled {spelled(texts)}; known are {spellings(lines)}"
    return Unreadable(why=why)


def _is_another(texts: Mapping[str, str], line: StageLine) -> bool:
    for name, text in line.values.items():  # noqa: SIM110 - the generator costs more than the rest
        if texts.get(name, text) != text:
            return True
    return False


def _moments(
    changes: Sequence[PropertyChange], *, cleared_on_the_way: Collection[str]
) -> tuple[_Moment, ...]:
    """Entries that changed something, those of one act together. Where a blank tells a stage of
    its own, clearing is an act of its own."""
    texts: dict[str, str] = {}
    moments: list[_Moment] = []
    for change in changes:
        text = as_text(change.value)
        if texts.get(change.name, "") == text:
            continue
        texts[change.name] = text
        may_clear = change.name in cleared_on_the_way
        goes_on = bool(moments) and _continues(change, moments[-1], may_clear=may_clear)
        last = moments.pop() if goes_on else None
        if last is None:
            last = _Moment(change=change, at=change.at, values={})
        moments.append(replace(last, at=change.at, values={**last.values, change.name: text}))
    return tuple(moments)


def _continues(change: PropertyChange, moment: _Moment, *, may_clear: bool) -> bool:
    if _who(change) != _who(moment.change):
        return False
    before = moment.values.get(change.name)
    if before is None:
        return change.at - moment.change.at <= _TOGETHER
    return may_clear and before == "" and change.at - moment.at <= _CLEARED


def _who(change: PropertyChange) -> tuple[bool, bool | None, str]:
    return change.by_syncd, change.by_person, change.actor_id


def _actor(change: PropertyChange, people: Directory) -> Actor:
    if change.by_syncd:
        return Actor(kind=ActorKind.SYNCD, id=change.actor_id, label=change.label)
    person = people.by_user_id.get(change.actor_id)
    if change.by_person is False:
        label = change.label or (person.name if person else "")
        return Actor(kind=ActorKind.AUTOMATION, id=change.actor_id, label=label)
    return Actor(
        kind=ActorKind.PERSON if change.by_person else ActorKind.UNKNOWN,
        id=change.actor_id,
        owner=person.owner if person else None,
        label=person.name if person else change.label,
    )


def _fault(earlier: StageLine, later: StageLine, *, is_fixed: bool) -> str | None:
    """What an earlier line does to a later one, if anything."""
    if earlier.values == later.values:
        return f"{_named(earlier)} and {_named(later)} say exactly the same: drop one"
    if earlier.values.items() <= later.values.items():
        return f"{_named(later)} is never reached: {_named(earlier)} stands before it, move it up"
    if later.read_only or is_fixed or later.stage is earlier.stage:
        return None
    if any(later.values.get(name, text) != text for name, text in earlier.values.items()):
        return None
    left = " and ".join(sorted(earlier.values.keys() - later.values.keys()))
    return (
        f"{_named(later)}, written over {_named(earlier)}, reads back as {earlier.stage}: "
        f"let it name {left} too, or make it read-only"
    )


def _named(line: StageLine) -> str:
    return f"{line.stage} ({spelled(line.values) or 'no values'})"
