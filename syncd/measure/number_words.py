"""Numbers of a table as people read them: rounded to what can be known, with their unit."""

from typing import assert_never

from syncd.measure.tables import Column, Number, Unit

_UNIT_WORDS = {
    Unit.LEADS: "leads",
    Unit.MOVES: "moves",
    Unit.SHARE: "%",
    Unit.SECONDS: "time",
    Unit.BUSINESS_SECONDS: "business time",
    Unit.MONEY: "in the CRM's currency",
}
_DAY = 86_400
_HOUR = 3_600


def unit_words(unit: Unit) -> str:
    return _UNIT_WORDS[unit]


def heading_unit(column: Column) -> str:
    """What stands under a column's title; empty where the title ends with it. What is counted,
    leads or handoffs or rounds, the title says or its definition: all of them open to leads."""
    unit = unit_words(column.unit)
    said = column.unit is Unit.LEADS or column.title.lower().endswith(unit)
    return "" if said else unit


def value_words(value: float, unit: Unit) -> str:
    """`34.2 %`, `1,204`, `2 h 5 min`; a business day is no fixed time, so hours stay hours."""
    match unit:
        case Unit.LEADS | Unit.MOVES | Unit.MONEY:
            return f"{value:,.0f}"
        case Unit.SHARE:
            return f"{value * 100:.1f} %"
        case Unit.SECONDS:
            return _span(value, days=True)
        case Unit.BUSINESS_SECONDS:
            return _span(value, days=False)
        case _:
            assert_never(unit)


def is_blank(number: Number | None) -> bool:
    """Whether there is nothing to say of it, not even why: a page shows a dash."""
    return number is None or (number.value is None and not number.n and not number.of)


def number_words(number: Number, unit: Unit) -> str:
    """The value, or why there is none."""
    if number.value is None:
        return number.why or "not known"
    return value_words(number.value, unit)


def interval_words(number: Number, unit: Unit) -> str:
    """`29.0 to 40.1 %`; empty where there is none."""
    if number.low is None or number.high is None or number.value is None:
        return ""
    low, high = value_words(number.low, unit), value_words(number.high, unit)
    return f"{low.removesuffix(' %')} to {high}"


def of_words(number: Number) -> str:
    """`120 of 350`; empty where it is no share."""
    return "" if number.of is None else f"{number.n:,} of {number.of:,}"


def target_words(number: Number, unit: Unit) -> tuple[str, str]:
    """How it stands to its target: a class for the page, and words; empty without one."""
    if number.target is None:
        return "", ""
    aim = f"target {value_words(number.target, unit)}"
    if number.value is None:
        return "open", aim
    if number.value >= number.target:
        return "met", f"{aim}: met"
    may_be_chance = number.high is not None and number.high >= number.target
    return "missed", f"{aim}: below{', within its interval' if may_be_chance else ''}"


def _span(seconds: float, *, days: bool) -> str:
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / 60:.0f} min"
    if seconds < 2 * _DAY or not days:
        hours, minutes = divmod(round(seconds / 60), 60)
        return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
    return f"{seconds / _DAY:,.1f} days"
