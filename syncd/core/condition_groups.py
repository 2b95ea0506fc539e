"""Compile whole conditions: all, any and not over tests of fields.

Truth is three-valued (Kleene): None stands for unknown. A failing group says which
of its parts failed. Nothing here knows rules, gates or scores.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, assert_never

from syncd.core.conditions import (
    MET,
    Check,
    Values,
    field_check,
    field_truth,
    needed_of,
    seen_words,
)
from syncd.core.value_words import field_words
from syncd.domain.names import FieldName
from syncd.domain.standard import AllOf, AnyOf, Condition, FieldTest, Not
from syncd.domain.verdict import Outcome, Unknown, Unmet

Truth = bool | None


def compile_condition(condition: Condition) -> Check:
    """What the condition says of a lead's values at an instant."""
    if isinstance(condition, FieldTest):
        return field_check(condition)
    return _group_check(_node(condition))


def compile_truth(condition: Condition) -> Callable[[Values, datetime], Truth]:
    """Whether it holds, for those who need no words."""
    return field_truth(condition) if isinstance(condition, FieldTest) else _node(condition).truth


def all_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's and: one certain failure decides, else one unknown does."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's or."""
    return negated(all_true(negated(t) for t in truths))


def negated(truth: Truth) -> Truth:
    return None if truth is None else not truth


def truth_of(outcome: Outcome) -> Truth:
    return None if isinstance(outcome, Unknown) else outcome is MET


def _group_check(node: "_Node") -> Check:
    def check(values: Values, now: datetime) -> Outcome:
        truth = node.truth(values, now)
        if truth is True:
            return MET
        leaves = dict.fromkeys(node.failing(values, now))
        if truth is False:
            return Unmet(
                seen="; ".join(x.seen(values, now) for x in leaves),
                needed=node.missing(values, now),
            )
        outcomes = (x.check(values, now) for x in leaves)
        return Unknown(why="; ".join(x.why for x in outcomes if isinstance(x, Unknown)))

    return check


class _Node(Protocol):
    """One compiled part of a condition."""

    @property
    def needed(self) -> str:
        """All the part asks for."""
        ...

    def truth(self, values: Values, now: datetime) -> Truth: ...

    def leaves(self) -> Iterator["_Leaf"]: ...

    def failing(self, values: Values, now: datetime, /) -> Iterator["_Leaf"]:
        """The tests that keep the part from holding."""
        ...

    def missing(self, values: Values, now: datetime, /) -> str:
        """What of `needed` is still to be done."""
        ...


def _node(condition: Condition) -> _Node:
    match condition:
        case FieldTest(field=field, test=test):
            label = field_words(field)
            needed = f"{label}: {needed_of(test)}"
            return _Leaf(
                field=field,
                label=label,
                needed=needed,
                check=field_check(condition),
                tells=field_truth(condition),
            )
        case AllOf(of=of):
            parts = tuple(map(_node, of))
            return _All(parts=parts, needed=" and ".join(x.needed for x in parts))
        case AnyOf(of=of):
            parts = tuple(map(_node, of))
            return _Any(parts=parts, needed=f"({' or '.join(x.needed for x in parts)})")
        case Not(of=inner):
            node = _node(inner)
            return _Not(part=node, needed=f"not ({node.needed})")
        case _:
            assert_never(condition)


@dataclass(frozen=True, slots=True)
class _Leaf:
    field: FieldName
    label: str
    needed: str
    check: Check
    tells: Callable[[Values, datetime], Truth]

    def truth(self, values: Values, now: datetime) -> Truth:
        return self.tells(values, now)

    def leaves(self) -> Iterator["_Leaf"]:
        yield self

    def failing(self, _values: Values, _now: datetime, /) -> Iterator["_Leaf"]:
        yield self

    def missing(self, _values: Values, _now: datetime, /) -> str:
        return self.needed

    def seen(self, values: Values, now: datetime) -> str:
        return f"{self.label}: {seen_words(self.field, values, now)}"


@dataclass(frozen=True, slots=True)
class _Group:
    parts: tuple[_Node, ...]
    needed: str

    def leaves(self) -> Iterator[_Leaf]:
        for part in self.parts:
            yield from part.leaves()

    def _open(self, values: Values, now: datetime) -> tuple[_Node, ...]:
        return tuple(x for x in self.parts if x.truth(values, now) is not True)

    def failing(self, values: Values, now: datetime) -> Iterator[_Leaf]:
        for part in self._open(values, now):
            yield from part.failing(values, now)


@dataclass(frozen=True, slots=True)
class _All(_Group):
    def truth(self, values: Values, now: datetime) -> Truth:
        return all_true(x.truth(values, now) for x in self.parts)

    def missing(self, values: Values, now: datetime) -> str:
        return " and ".join(x.missing(values, now) for x in self._open(values, now))


@dataclass(frozen=True, slots=True)
class _Any(_Group):
    def truth(self, values: Values, now: datetime) -> Truth:
        return any_true(x.truth(values, now) for x in self.parts)

    def missing(self, values: Values, now: datetime) -> str:
        return f"({' or '.join(x.missing(values, now) for x in self._open(values, now))})"


@dataclass(frozen=True, slots=True)
class _Not:
    part: _Node
    needed: str

    def truth(self, values: Values, now: datetime) -> Truth:
        return negated(self.part.truth(values, now))

    def leaves(self) -> Iterator[_Leaf]:
        return self.part.leaves()

    def failing(self, _values: Values, _now: datetime, /) -> Iterator[_Leaf]:
        """Which of them would have to change is open, so all are named."""
        return self.part.leaves()

    def missing(self, _values: Values, _now: datetime, /) -> str:
        return self.needed
