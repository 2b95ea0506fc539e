"""How a CSV of leads with outcomes is to be read: which header is what. Data only.

Built from a mapping file by `settings`; read by the adapter that reads the CSV.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from syncd.domain.values import FieldSpec
from syncd.measure.outcomes import AsOf, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvColumn:
    """`where` is the line of the mapping file that names the header."""

    header: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvField:
    """One field of the standard. `words` says what single texts of the CSV stand for, in lower
    case; a text that is not there stands for itself."""

    column: CsvColumn
    spec: FieldSpec
    as_of: AsOf
    date_format: str | None
    separator: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvMap:
    """`outcomes` and `overridden_words` hold words in lower case, "" for an empty cell; `blanks`
    are texts that stand for nothing. `delimiter` is None where it is to be found out."""

    delimiter: str | None
    date_format: str | None
    time_zone: str
    decimal_comma: bool
    blanks: frozenset[str]
    lead: CsvColumn | None
    name: CsvColumn | None
    moved_at: CsvColumn
    outcome: CsvColumn
    outcomes: Mapping[str, Outcome]
    decided_at: CsvColumn | None
    amount: CsvColumn | None
    source: CsvColumn | None
    overridden: CsvColumn | None
    overridden_words: frozenset[str] = field(default_factory=frozenset)
    fields: tuple[CsvField, ...]
