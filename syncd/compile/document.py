"""The readable standard: a document of sections and a few kinds of blocks.

It is made once of standard, policy and field map, and laid out by renderers that know blocks
only. Text is plain: whoever renders it escapes it.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`numeric` are the columns of figures. The first column names the row."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One requirement or gate: what it is called, what it says, and lines below it. `mark` is
    a lasting id."""

    title: str
    mark: str = ""
    kind: str = ""
    says: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
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
