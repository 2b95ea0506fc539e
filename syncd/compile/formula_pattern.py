"""Rewrite a pattern so that RE2, Java and JavaScript take it to mean the same, or refuse it.

Salesforce matches the whole text with Java's backtracking engine, within a budget. What is
left as it is: literals, classes, groups, alternatives, greedy and lazy counts. Must never
guess: what differs between the engines is refused with the reason.
"""

from dataclasses import dataclass
from typing import NoReturn

from syncd.compile.formula import NotNative

_SHORTHANDS = {"d": "0-9", "w": "0-9A-Z_a-z"}
_CONTROLS = {"t": "\\t", "n": "\\n", "f": "\\f", "r": "\\r"}
_SPACES = " \\t\\n\\f\\r"
_BARE = set(" !\"#%&',-/:;<=>@_`~")
"""Punctuation that means itself outside a class, in every engine."""
_IN_CLASS = set("\\[]^")
"""What may mean more than itself within a class."""


def portable(pattern: str, *, no_spaces: bool = False) -> str:
    """The same pattern in the common language, to match a whole text. `no_spaces` where the
    text cannot hold white space or line breaks (an address)."""
    reader = _Reader(text=pattern, no_spaces=no_spaces)
    told, _ = reader.alternatives(depth=0)
    if reader.at < len(pattern):
        reader.refuse("an unmatched )")
    return f"({told})" if "|" in told else told


@dataclass(slots=True)
class _Reader:
    """Walks over one pattern, once, and writes it anew."""

    text: str
    no_spaces: bool
    at: int = 0

    def refuse(self, what: str) -> NoReturn:
        raise NotNative(f"its pattern has {what}, which Salesforce may take to mean something else")

    def peek(self, ahead: int = 1) -> str:
        return self.text[self.at : self.at + ahead]

    def take(self, count: int = 1) -> str:
        taken = self.peek(count)
        self.at += count
        return taken

    def alternatives(self, depth: int) -> tuple[str, bool]:
        """As written anew, and whether any part of it may repeat without end."""
        branches, endless = [], False
        while True:
            told, repeats = self._branch(depth)
            branches.append(told)
            endless = endless or repeats
            if self.peek() != "|":
                return "|".join(branches), endless
            self.take()

    def _branch(self, depth: int) -> tuple[str, bool]:
        told, endless = "", False
        if depth == 0 and self.peek() == "^":
            self.take()  # the whole text is matched in any case
        while (letter := self.peek()) and letter not in "|)":
            if letter == "$" and depth == 0 and self.text[self.at + 1 : self.at + 2] in ("", "|"):
                self.take()
                break
            atom, repeats = self._atom(depth)
            count, is_endless = self._count()
            if repeats and is_endless:
                self.refuse("a repetition within a repetition")
            told += atom + count
            endless = endless or repeats or is_endless
        return told, endless

    def _atom(self, depth: int) -> tuple[str, bool]:
        letter = self.take()
        if letter == "(":
            return self._group(depth)
        if letter == "[":
            return self._class(), False
        if letter == "\\":
            return self._escaped(), False
        if letter == ".":
            return ("." if self.no_spaces else "[^\\n]"), False
        if letter in "^$":
            self.refuse(f"{letter} in the middle")
        return _literal(letter), False

    def _group(self, depth: int) -> tuple[str, bool]:
        if self.peek() == "?":
            if self.peek(2) != "?:":
                self.refuse(f"({self.peek(3)}")
            self.take(2)
        told, endless = self.alternatives(depth + 1)
        if self.take() != ")":
            self.refuse("an unmatched (")
        return f"({told})", endless

    def _escaped(self) -> str:
        letter = self.take()
        if letter.lower() in _SHORTHANDS:
            return f"[{'' if letter.islower() else '^'}{_SHORTHANDS[letter.lower()]}]"
        if letter in "sS":
            return f"[{'' if letter == 's' else '^'}{self._spaces()}]"
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isalnum() or not letter:
            self.refuse(f"\\{letter}")
        return _literal(letter)

    def _spaces(self) -> str:
        """One that the text cannot hold stands for those it cannot hold either."""
        return " " if self.no_spaces else _SPACES

    def _class(self) -> str:
        sign = self.take() if self.peek() == "^" else ""
        items: dict[str, None] = {}
        while self.peek() != "]" or not items:
            if not self.peek() or self.peek(2) == "[:":
                self.refuse("a class of its own kind")
            items[self._item()] = None
        self.take()
        if "-" in items:  # means itself where it stands last
            items["-"] = items.pop("-")
        return f"[{sign}{''.join(items)}]"

    def _item(self) -> str:
        first = self._member()
        if self.peek() != "-" or self.peek(2) in ("-]", "-"):
            return first
        self.take()
        last = self._member()
        if not (first.isalnum() and last.isalnum() and len(first) == len(last) == 1):
            self.refuse("a range of something else than letters or digits")
        return f"{first}-{last}"

    def _member(self) -> str:
        letter = self.take()
        if letter != "\\":
            return f"\\{letter}" if letter in _IN_CLASS else letter
        letter = self.take()
        if letter in _SHORTHANDS:
            return _SHORTHANDS[letter]
        if letter == "s":
            return self._spaces()
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isalnum() or not letter:
            self.refuse(f"\\{letter} in a class")
        return f"\\{letter}" if letter in _IN_CLASS else letter

    def _count(self) -> tuple[str, bool]:
        """How often, and whether without end."""
        letter = self.peek()
        if letter in ("*", "+", "?"):
            self.take()
            return letter + self._lazily(), letter != "?"
        if letter != "{":
            return "", False
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at + 1 : end].partition(",")
        if end < 0 or not least.isdecimal() or (most and not most.isdecimal()):
            self.refuse("a { that counts nothing")
        told = self.take(end + 1 - self.at)
        return told + self._lazily(), bool(comma) and not most

    def _lazily(self) -> str:
        if self.peek() in ("+", "*"):
            self.refuse("a count of a count")
        return self.take() if self.peek() == "?" else ""


def _literal(letter: str) -> str:
    """One that means itself, in a class where it would mean more without."""
    if letter.isalnum() or letter in _BARE or ord(letter) > 0x7F:
        return letter
    if letter in "^\\[]":
        return f"\\{letter}"
    return f"[{letter}]"
