"""SOQL text to tokens. It knows spelling, not grammar."""

import re
from dataclasses import dataclass
from enum import StrEnum

from syncd.sandbox.salesforce.soql.trouble import malformed


class Kind(StrEnum):
    STRING = "string"
    INSTANT = "instant"
    DAY = "day"
    NUMBER = "number"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    at: int

    @property
    def upper(self) -> str:
        return self.text.upper()


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>'(?:[^'\\\n\r]|\\.)*')
    | (?P<instant>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
    | (?P<day>\d{4}-\d\d-\d\d)
    | (?P<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<sign><=|>=|!=|<>|[=<>(),])
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {
    "n": "\n",
    "N": "\n",
    "r": "\r",
    "R": "\r",
    "t": "\t",
    "T": "\t",
    "b": "\b",
    "B": "\b",
    "f": "\f",
    "F": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
}


def tokens(text: str) -> list[Token]:
    """All tokens and a closing END; raises Refused MALFORMED_QUERY."""
    found: list[Token] = []
    at = 0
    while match := _TOKEN.match(text, at):
        kind = match.lastgroup
        assert kind is not None, "every alternative is named"
        found.append(Token(Kind(kind), match.group(kind), match.start(kind)))
        at = match.end()
    if rest := text[at:].strip():
        raise malformed(f"unexpected token: '{rest.split()[0][:20]}'")
    found.append(Token(Kind.END, "<EOF>", len(text)))
    return found


def unescape(quoted: str, *, pattern: bool = False) -> str:
    """The value of a string literal; in a LIKE pattern `\\_` and `\\%` stay escaped."""

    def plain(match: re.Match[str]) -> str:
        code = match.group(1)
        if len(code) == 5:
            return chr(int(code[1:], 16))
        if pattern and code in "_%":
            return match.group(0)
        if code not in _ESCAPED:
            raise malformed(f"invalid string literal; illegal escape sequence \\{code}")
        return _ESCAPED[code]

    return _ESCAPE.sub(plain, quoted[1:-1])
