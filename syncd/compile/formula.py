"""The grammar of Salesforce formulas, as far as guards need it: text in, text out.

What is written here means the same to Salesforce and to those who judge it elsewhere: exact
case, no comments, no backslash where there is a way round it. Nothing here knows fields,
rules or gates.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

TRUE, FALSE = "TRUE", "FALSE"
_MOST_ARGUMENTS = 50
"""More than these in one call are nested."""


class NotNative(Exception):
    """A formula cannot say this, or not surely the same: the message is the reason."""


def all_of(*parts: str) -> str:
    """AND; what is TRUE by itself is left out."""
    return _joined("AND", parts, neutral=TRUE, decides=FALSE)


def any_of(*parts: str) -> str:
    return _joined("OR", parts, neutral=FALSE, decides=TRUE)


def negated(part: str) -> str:
    if part in (TRUE, FALSE):
        return FALSE if part == TRUE else TRUE
    if part.startswith("NOT(") and _closes_at_end(part, len("NOT")):
        return part[len("NOT(") : -1]
    return f"NOT({part})"


def call(function: str, *arguments: str) -> str:
    return f"{function}({', '.join(arguments)})"


def is_blank(expression: str) -> str:
    return call("ISBLANK", expression)


def counted(conditions: Iterable[tuple[str, str, str]]) -> str:
    """The sum of `(condition, then, otherwise)`."""
    return " + ".join(call("IF", *parts) for parts in conditions)


def text(value: str) -> str:
    """A text literal. NotNative for what no literal can hold."""
    if any(ord(letter) < ord(" ") for letter in value):
        raise NotNative("the text has a line break or a control character in it")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def number(value: int | Decimal) -> str:
    plain = format(Decimal(value).normalize(), "f")
    return "0" if plain == "-0" else plain


def day(value: date) -> str:
    return call("DATE", str(value.year), str(value.month), str(value.day))


def instant(value: datetime) -> str:
    """To the second, in UTC: DATETIMEVALUE reads a text as that, whoever is asking."""
    return call("DATETIMEVALUE", text(value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")))


def _joined(function: str, parts: Sequence[str], *, neutral: str, decides: str) -> str:
    told = [x for x in dict.fromkeys(_flat(function, parts)) if x != neutral]
    if decides in told:
        return decides
    if len(told) < 2:
        return told[0] if told else neutral
    if len(told) <= _MOST_ARGUMENTS:
        return call(function, *told)
    chunks = range(0, len(told), _MOST_ARGUMENTS)
    return call(function, *(call(function, *told[x : x + _MOST_ARGUMENTS]) for x in chunks))


def _flat(function: str, parts: Sequence[str]) -> Iterable[str]:
    """AND within AND says nothing more; taken apart only where that is beyond doubt."""
    for part in parts:
        if part.startswith(f"{function}(") and _closes_at_end(part, len(function)):
            yield from _arguments(part[len(function) + 1 : -1])
        else:
            yield part


def _closes_at_end(part: str, start: int) -> bool:
    """Whether the bracket that opens at `start` is closed by the last character."""
    return next((at for at, depth in _depths(part, start) if depth == 0), -1) == len(part) - 1


def _arguments(inner: str) -> Iterable[str]:
    start = 0
    for at, depth in _depths(inner, 0):
        if depth == 0 and inner[at] == ",":
            yield inner[start:at].strip()
            start = at + 1
    yield inner[start:].strip()


def _depths(part: str, start: int) -> Iterable[tuple[int, int]]:
    """Every place that is not within a text, and how many brackets are open after it."""
    depth, at = 0, start
    while at < len(part):
        if part[at] == '"':
            at = _end_of_text(part, at)
        else:
            depth += (part[at] == "(") - (part[at] == ")")
            yield at, depth
        at += 1


def _end_of_text(part: str, start: int) -> int:
    at = start + 1
    while part[at] != '"':
        at += 2 if part[at] == "\\" else 1
    return at
