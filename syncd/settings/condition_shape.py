"""Tell whether a condition is one field with one test, or one group: it must be either."""

from dataclasses import dataclass

from syncd.settings.condition_file import ConditionPart
from syncd.settings.field_values import TYPES_FOR

GROUPS = ("all", "any", "not")
_ATTRIBUTES = {"is": "is_", "not": "not_"}


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """`key` is the key that is too much; "" when something is lacking."""

    what: str
    next_step: str
    key: str = ""


def tests_of(part: ConditionPart) -> list[str]:
    """The tests written, in the order of the reference."""
    return [name for name in TYPES_FOR if _given(part, name)]


def shape_fault(part: ConditionPart) -> ShapeFault | None:
    """What is too much or lacking."""
    tests, groups = tests_of(part), [name for name in GROUPS if _given(part, name)]
    if len(tests) + len(groups) > 1:
        first, second, *_ = [*tests, *groups]
        return ShapeFault(
            f"{first} and {second} stand side by side",
            "put them into a group: all: [{…}, {…}]",
            second,
        )
    if groups and part.field:
        return ShapeFault(
            f"field and {groups[0]} stand side by side", "name the fields in the group", "field"
        )
    if part.in_words and "matches" not in tests:
        return ShapeFault(
            "in_words explains a pattern, and there is none",
            "add matches, or remove it",
            "in_words",
        )
    if tests and not part.field:
        return ShapeFault(f"{tests[0]} does not say of which field", "add field", tests[0])
    if not tests and not groups:
        return _no_test(part)
    return None


def _no_test(part: ConditionPart) -> ShapeFault:
    tests = ", ".join(TYPES_FOR)
    if part.field:
        return ShapeFault(f'nothing is asked of "{part.field}"', f"add one of {tests}")
    return ShapeFault("there is no test", f"add field and one of {tests}")


def _given(part: ConditionPart, name: str) -> bool:
    return getattr(part, _ATTRIBUTES.get(name, name)) is not None
