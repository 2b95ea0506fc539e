"""The readable standard: a document of sections and a few kinds of blocks.

It is made once of standard, policy and field map, and laid out by renderers that know blocks
only. Text is plain: whoever renders it escapes it.
"""

from dataclasses import dataclass
from decimal import Decimal
from string import ascii_uppercase


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`numeric` are the columns of figures; the last `totals` rows sum up the others. The first
    column names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    totals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One requirement or gate: what it is called, lists of what it takes, and lines below
    them. `mark` is a lasting id, also that of what a list names."""

    title: str
    mark: str = ""
    kind: str = ""
    lists: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One band on a scale, from here up to `end`."""

    name: str
    start: Decimal
    end: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Bands side by side, lowest first."""

    says: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """One team's place to sign. `name` is empty where nobody has."""

    team: str
    name: str
    on: str
    state: str
    is_valid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seals:
    seals: tuple[Seal, ...]
    digest: str


Block = Text | Bullets | Table | Clause | Scale | Seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`anchor` is its place on a page; what is not `is_signed` comes from the policy."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    is_signed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """`facts` stand at the top; `state` says whether it is in force, `reasons` why not."""

    title: str
    preamble: str
    state: str
    reasons: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def numbered(self) -> tuple[tuple[str, Section], ...]:
        """What is signed by paragraph, what is not as an annex."""
        signed = [x for x in self.sections if x.is_signed]
        rest = [x for x in self.sections if not x.is_signed]
        return (
            *((f"§ {number}", x) for number, x in enumerate(signed, start=1)),
            *((f"Annex {letter}", x) for letter, x in zip(ascii_uppercase, rest, strict=False)),
        )
