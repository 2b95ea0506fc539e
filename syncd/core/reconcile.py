"""The truth table of one field: two sides, each against its own baseline, one outcome.

Pure and stage-free: the stage is merged by `enforce`, whose moves are guarded.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from syncd.domain.copies import swift
from syncd.domain.names import System
from syncd.domain.values import ConflictRule, Direction, FieldSpec, Seen, Unreadable, Value


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One side of one field. `changed` is told by `edits.has_changed`; `coming` is what the
    side will show once writes in flight have landed; `at` when the value was entered, as the
    vendor's history tells it (`by_history`), else when the whole record last changed."""

    system: System
    seen: Seen
    coming: Seen
    changed: bool
    at: datetime
    by_history: bool = False


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing to do; a standing disagreement is listed elsewhere, not repaired in silence."""


@dataclass(frozen=True, slots=True)
class Agree:
    """Both changed to the same value: new baselines."""


@swift
@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """One side's value goes to the other; `rule` says why."""

    source: System
    value: Value
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Changes that do not travel (direction, or a blank): accepted where they were made."""

    source: System
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Both changed, differently. `winner` is None when a person is asked."""

    winner: System | None
    rule: str


Merge = Same | Agree | Travel | Stay | Clash


def reconcile(spec: FieldSpec, one: Facet, two: Facet) -> Merge:
    """What becomes of a field that both sides have."""
    if isinstance(one.seen, Unreadable) or isinstance(two.seen, Unreadable):
        return Same()
    if one.changed and two.changed:
        return _both_changed(spec, one, two)
    if one.changed:
        return _one_changed(spec, one, two)
    if two.changed:
        return _one_changed(spec, two, one)
    return Same()


def _one_changed(spec: FieldSpec, source: Facet, target: Facet) -> Merge:
    value = _readable(source.seen)
    if value == (target.seen if target.changed else target.coming):  # an edit ends a write's coming
        return Agree()
    if not spec.direction.reaches(target.system):
        return Stay(source=source.system, why=f"{spec.name} does not flow that way")
    if value is None and not spec.clears:
        return Stay(source=source.system, why="a blank does not overwrite a value")
    return Travel(source=source.system, value=value, rule=f"changed in {source.system.label}")


def _both_changed(spec: FieldSpec, one: Facet, two: Facet) -> Merge:
    if one.seen == two.seen:
        return Agree()
    if one.seen is None and not spec.clears:
        return _one_changed(spec, two, one)
    if two.seen is None and not spec.clears:
        return _one_changed(spec, one, two)
    winner, how = _winner(spec.conflict, one, two)
    if not _may_flow(spec, winner):
        return Stay(source=winner or one.system, why=f"{spec.name} does not flow that way")
    return Clash(winner=winner, rule=f"conflict: {how}")


def _may_flow(spec: FieldSpec, winner: System | None) -> bool:
    """Whether the winner's value may travel; where nobody wins, whether any value may."""
    if winner is None:
        return spec.direction is not Direction.NONE
    return spec.direction.reaches(winner.other)


def _winner(rule: ConflictRule, one: Facet, two: Facet) -> tuple[System | None, str]:
    """Who wins, None when a person is asked; and the rule in the words of the audit."""
    match rule:
        case ConflictRule.SALESFORCE:
            return System.SALESFORCE, rule
        case ConflictRule.HUBSPOT:
            return System.HUBSPOT, rule
        case ConflictRule.LATEST:
            return _latest(one, two)
        case ConflictRule.ASK:
            return None, rule
        case _:
            assert_never(rule)


def _latest(one: Facet, two: Facet) -> tuple[System | None, str]:
    """Salesforce stamps whole seconds, so of two edits within one second nobody can tell
    which came first."""
    source = "by history" if one.by_history and two.by_history else "by record"
    first, second = (facet.at.replace(microsecond=0) for facet in (one, two))
    if first == second:
        return None, f"latest, a tie {source}"
    return (one if first > second else two).system, f"latest, {source}"


def _readable(seen: Seen) -> Value:
    if isinstance(seen, Unreadable):
        raise TypeError("an unreadable value never travels")
    return seen
