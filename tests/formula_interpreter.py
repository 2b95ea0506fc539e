"""A second opinion on formulas: evaluates what guards are made of, written from Salesforce's
documentation and sharing nothing with the compiler.

Null is None; an empty text is null; AND, OR and NOT carry null along. Numbers are Decimals,
a date less a date and an instant less an instant are days.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
"""Field to value; `PRIORVALUE(Status)` and `ISNEW()` stand under these very names."""
Formula = Callable[[Row, datetime], Any]
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_$][\w$.]*)'
    r"|(?P<sign><>|<=|>=|[-=<>+*&(),]))"
)


def compile_formula(source: str) -> Formula:
    parser = _Parser(source)
    formula = parser.comparison()
    assert not parser.tokens, f"left over: {parser.tokens}"
    return formula


def _tokens(source: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        assert match, f"no token at {source[at:]}"
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = match.end()
    return found


@dataclass
class _Parser:
    source: str

    def __post_init__(self) -> None:
        self.tokens = _tokens(self.source)

    def _next_is(self, *signs: str) -> bool:
        return bool(self.tokens) and self.tokens[0][1] in signs and self.tokens[0][0] != "text"

    def _take(self, sign: str = "") -> tuple[str, str]:
        kind, text = self.tokens.pop(0)
        assert not sign or text == sign, f"{text} where {sign} is meant"
        return kind, text

    def comparison(self) -> Formula:
        left = self._sum()
        if not self._next_is("=", "<>", "<", ">", "<=", ">="):
            return left
        _, sign = self._take()
        right, compare = self._sum(), _COMPARE[sign]
        return lambda row, now: compare(left(row, now), right(row, now))

    def _sum(self) -> Formula:
        result = self._product()
        while self._next_is("+", "-", "&"):
            _, sign = self._take()
            result = _applied(_ARITHMETIC[sign], result, self._product())
        return result

    def _product(self) -> Formula:
        result = self._atom()
        while self._next_is("*"):
            self._take()
            result = _applied(_ARITHMETIC["*"], result, self._atom())
        return result

    def _atom(self) -> Formula:
        kind, text = self._take()
        if kind == "text":
            literal = re.sub(r"\\(.)", r"\1", text[1:-1])
            return lambda row, now: literal or None
        if kind == "number":
            return lambda row, now: Decimal(text)
        if text == "(":
            inner = self.comparison()
            self._take(")")
            return inner
        assert kind == "name", f"{text} is no value"
        return self._call(text) if self._next_is("(") else _reference(text)

    def _call(self, name: str) -> Formula:
        self._take("(")
        if name in ("PRIORVALUE", "ISNEW"):
            field = "" if self._next_is(")") else self._take()[1]
            self._take(")")
            return _reference(f"{name}({field})")
        arguments: list[Formula] = []
        while not self._next_is(")"):
            arguments.append(self.comparison())
            if self._next_is(","):
                self._take()
        self._take(")")
        if name == "NOW":
            return lambda row, now: now
        function = _FUNCTIONS[name]
        return lambda row, now: function(*(x(row, now) for x in arguments))


def _reference(name: str) -> Formula:
    if name in ("TRUE", "FALSE"):
        return lambda row, now: name == "TRUE"
    return lambda row, now: None if row[name] == "" else row[name]


def _applied(operation: Callable[[Any, Any], Any], left: Formula, right: Formula) -> Formula:
    return lambda row, now: operation(left(row, now), right(row, now))


def _null_through(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *values: None if None in values else function(*values)


def _text_equal(left: Any, right: Any) -> bool | None:
    if isinstance(left, str) or isinstance(right, str):
        return (left or "") == (right or "")  # text is never null
    return None if left is None or right is None else left == right


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _and(*values: bool | None) -> bool | None:
    return False if False in values else None if None in values else True


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, date):
        return left + timedelta(days=int(right))
    return left + right


def _minus(left: Any, right: Any) -> Any:
    if isinstance(right, Decimal):
        return left - (timedelta(days=int(right)) if isinstance(left, date) else right)
    seconds = (left - right).total_seconds()
    return Decimal(int(seconds)) / Decimal(86_400)


_ARITHMETIC = {
    "+": _null_through(_plus),
    "-": _null_through(_minus),
    "*": _null_through(lambda left, right: left * right),
    "&": lambda left, right: (left or "") + (right or ""),
}
_COMPARE: Mapping[str, Callable[[Any, Any], bool | None]] = {
    "=": _text_equal,
    "<>": lambda left, right: _not(_text_equal(left, right)),
    "<": _null_through(lambda left, right: left < right),
    ">": _null_through(lambda left, right: left > right),
    "<=": _null_through(lambda left, right: left <= right),
    ">=": _null_through(lambda left, right: left >= right),
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "AND": _and,
    "OR": lambda *values: _not(_and(*map(_not, values))),
    "NOT": _not,
    "IF": lambda test, then, otherwise: then if test else otherwise,
    "ISBLANK": lambda value: value is None,
    "BLANKVALUE": lambda value, other: other if value is None else value,
    "TEXT": lambda value: value,
    "TRIM": lambda value: (value or "").strip() or None,
    "LOWER": lambda value: (value or "").lower() or None,
    "ISPICKVAL": lambda value, option: (value or "") == (option or ""),
    "INCLUDES": lambda value, option: option in (value or "").split(";"),
    "CONTAINS": _null_through(lambda text, part: part in text),
    "REGEX": lambda text, pattern: re.fullmatch(pattern or "", text or "") is not None,
    "FLOOR": _null_through(lambda value: Decimal(int(value))),
    "ROUND": _null_through(lambda value, places: round(value, int(places))),
    "DATE": lambda *parts: date(*map(int, parts)),
    "DATETIMEVALUE": lambda text: datetime.fromisoformat(text).replace(tzinfo=UTC),
}
