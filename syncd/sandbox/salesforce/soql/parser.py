"""SOQL tokens to a Query: grammar only; whether fields exist is found out when compiling.

Covers what a daemon needs: SELECT of fields and parent paths or COUNT(), WHERE,
ORDER BY, LIMIT, OFFSET. Subqueries, aggregates and date functions are refused.
"""

from collections.abc import Callable
from typing import TypeVar

from syncd.sandbox.salesforce.soql.terms import (
    Both,
    Comparison,
    Condition,
    Day,
    Either,
    Instant,
    Literal,
    Membership,
    Negation,
    Null,
    Number,
    Op,
    Order,
    Path,
    Query,
    Text,
    Truth,
)
from syncd.sandbox.salesforce.soql.tokens import Kind, Token, tokens, unescape
from syncd.sandbox.salesforce.soql.trouble import malformed
from syncd.sandbox.salesforce.stamps import parse_day, parse_instant

LONGEST = 100_000
_T = TypeVar("_T")
_COMPARISONS = {op.value: op for op in Op} | {"<>": Op.DIFFERENT}
_WORDS: dict[str, Literal] = {"NULL": Null(), "TRUE": Truth(True), "FALSE": Truth(False)}


def parse(text: str) -> Query:
    """Read one query; raises Refused MALFORMED_QUERY."""
    if len(text) > LONGEST:
        raise malformed(f"SOQL statements cannot be longer than {LONGEST} characters.")
    return _Reader(text).query()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._place = 0

    def query(self) -> Query:
        self._word("SELECT")
        fields = self._selected()
        self._word("FROM")
        source = self._take(Kind.WORD)
        query = Query(
            text=self._text,
            fields=fields,
            object=source.text,
            object_at=source.at,
            where=self._condition() if self._skip("WHERE") else None,
            order=self._order() if self._skip("ORDER") else (),
            limit=self._whole() if self._skip("LIMIT") else None,
            offset=self._whole() if self._skip("OFFSET") else 0,
        )
        if self._next.kind is not Kind.END:
            raise self._unexpected()
        return query

    def _selected(self) -> tuple[Path, ...]:
        if self._next.upper == "COUNT":
            self._place += 1
            self._sign("(")
            self._sign(")")
            return ()
        return self._listed(self._path)

    def _condition(self) -> Condition:
        """Terms joined by AND or by OR; SOQL wants parentheses where both are mixed."""
        first = self._term()
        for word, join in (("AND", Both), ("OR", Either)):
            if self._next.upper == word:
                terms = [first]
                while self._skip(word):
                    terms.append(self._term())
                return join(tuple(terms))
        return first

    def _term(self) -> Condition:
        if self._skip("NOT"):
            return Negation(self._term())
        if self._next.text == "(":
            self._sign("(")
            inner = self._condition()
            self._sign(")")
            return inner
        return self._test()

    def _test(self) -> Condition:
        path = self._path()
        if self._next.upper in ("IN", "NOT"):
            negated = self._skip("NOT")
            self._word("IN")
            self._sign("(")
            literals = self._listed(self._literal)
            self._sign(")")
            return Membership(path=path, literals=literals, negated=negated)
        op = _COMPARISONS.get(self._next.upper)
        if op is None:
            raise self._unexpected()
        self._place += 1
        return Comparison(path=path, op=op, literal=self._literal(pattern=op is Op.LIKE))

    def _literal(self, *, pattern: bool = False) -> Literal:
        token = self._next
        literal = _literal_of(token, pattern=pattern)
        if literal is None:
            raise self._unexpected()
        self._place += 1
        return literal

    def _order(self) -> tuple[Order, ...]:
        self._word("BY")
        return self._listed(self._ordering)

    def _ordering(self) -> Order:
        path = self._path()
        descending = self._skip("DESC")
        if not descending:
            self._skip("ASC")
        nulls_last = False
        if self._skip("NULLS"):
            nulls_last = self._skip("LAST")
            if not nulls_last:
                self._word("FIRST")
        return Order(path=path, descending=descending, nulls_last=nulls_last)

    def _path(self) -> Path:
        token = self._take(Kind.WORD)
        return Path(parts=tuple(token.text.split(".")), at=token.at)

    def _listed(self, one: Callable[[], _T]) -> tuple[_T, ...]:
        found = [one()]
        while self._next.text == ",":
            self._place += 1
            found.append(one())
        return tuple(found)

    def _whole(self) -> int:
        token = self._take(Kind.NUMBER)
        if not token.text.isdigit():
            raise malformed(f"unexpected token: '{token.text}'")
        return int(token.text)

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self, kind: Kind) -> Token:
        token = self._next
        if token.kind is not kind:
            raise self._unexpected()
        self._place += 1
        return token

    def _skip(self, word: str) -> bool:
        if self._next.kind is Kind.WORD and self._next.upper == word:
            self._place += 1
            return True
        return False

    def _word(self, word: str) -> None:
        if not self._skip(word):
            raise self._unexpected()

    def _sign(self, sign: str) -> None:
        if self._next.text != sign:
            raise self._unexpected()
        self._place += 1

    def _unexpected(self) -> Exception:
        return malformed(f"unexpected token: '{self._next.text}'")


def _literal_of(token: Token, *, pattern: bool) -> Literal | None:
    match token.kind:
        case Kind.STRING:
            return Text(unescape(token.text, pattern=pattern))
        case Kind.NUMBER:
            return Number(float(token.text))
        case Kind.DAY:
            day = parse_day(token.text)
            return Day(day) if day else None
        case Kind.INSTANT:
            instant = parse_instant(token.text)
            return Instant(instant) if instant else None
        case Kind.WORD:
            return _WORDS.get(token.upper)
        case _:
            return None
