"""Guess from a CSV's headers and first rows which column is what, for a person to correct.

A guess is only proposed, never used: a wrong one costs a correction. Knows English and German
words; a column it does not recognise stays a field.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from syncd.adapters.outcomes.csv_sample import Sample, sample_of
from syncd.adapters.outcomes.csv_text import CsvText
from syncd.domain.values import FieldType
from syncd.measure.outcomes import Outcome

_OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.REJECTED: r"reject|disqual|unqualif|junk|spam|abgelehnt|unbrauchbar|ungeeignet|"
    r"nicht verwert",
    Outcome.RECYCLED: r"recycl|nurtur|zurück|marketing|später|later",
    Outcome.LOST: r"lost|verloren|absage|abgesagt|no sale|dead",
    Outcome.WON: r"\bwon\b|gewonnen|auftrag|customer|kunde|\bsold\b|verkauft",
    Outcome.OPEN: r"open|offen|progress|working|in arbeit|pending|\bnew\b|\bneu\b|laufend|"
    r"verhandlung|negotiat",
}
DATES, _NUMBERS = {FieldType.DATE, FieldType.DATETIME}, {FieldType.INTEGER, FieldType.NUMBER}
_MONEY = _NUMBERS | {FieldType.CURRENCY}
_TEXTS = {FieldType.STRING, FieldType.PICKLIST}
_ROLES: Sequence[tuple[str, str, frozenset[FieldType]]] = (
    ("moved_at", r"überg[ae]b|handed|hand.?off|handover|\bmoved|\bsql\b|to sales|vertrieb|transfer",
     frozenset(DATES)),
    ("decided_at", r"clos|decid|decision|abschluss|abgeschlossen|entschied|beendet",
     frozenset(DATES)),
    ("amount", r"amount|deal|revenue|auftrag|umsatz|betrag|wert|value", frozenset(_MONEY)),
    ("overridden", r"waive|exception|overrid|ausnahme|freigabe|sonder",
     frozenset({FieldType.BOOLEAN, FieldType.PICKLIST})),
    ("source", r"source|channel|herkunft|quelle|kanal|kontaktweg|campaign|kampagne|origin",
     frozenset(_TEXTS)),
    ("name", r"name|company|firm|betrieb|account|organi", frozenset(_TEXTS)),
)  # fmt: skip
"""What each is called, which headers and which types it may have, in the order of choosing."""
_FEWEST_WORDS, _MOST_WORDS = 2, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """`roles` are headers by what they seem to be, `words` the outcomes with their rows by what
    they seem to mean (None: no idea), `fields` the headers of all other columns by a name."""

    sample: Sample
    roles: Mapping[str, str]
    words: Mapping[Outcome | None, Sequence[tuple[str, int]]]
    fields: Mapping[str, str]


def guess(text: CsvText) -> Guess:
    """PermanentError where the file is no proper CSV."""
    sample = sample_of(text)
    roles = _roles(sample)
    others = [x for x in sample.columns if x not in roles.values()]
    return Guess(
        sample=sample,
        roles=roles,
        words=_words(text, roles.get("outcome")),
        fields=dict(_named(others)),
    )


def _roles(sample: Sample) -> Mapping[str, str]:
    roles: dict[str, str] = {}
    outcome = max(sample.columns, key=lambda x: _told(sample.columns[x]), default=None)
    if outcome is not None and _told(sample.columns[outcome]) > 0:
        roles["outcome"] = outcome
    undated = (x for x in sample.columns if sample.types[x] not in DATES)
    lead = next((x for x in undated if _tells_apart(sample.columns[x])), None)
    if lead is not None:
        roles["lead"] = lead
    for role, words, types in _ROLES:
        free = [x for x in sample.columns if x not in roles.values()]
        fitting = [x for x in free if sample.types[x] in types]
        named = [x for x in fitting if re.search(words, x, re.IGNORECASE)]
        if named:
            roles[role] = named[0]
    return roles


def _told(texts: pl.Series) -> float:
    """The share of rows whose word means an outcome; 0 where there are too many words, or only
    one outcome among them."""
    words = texts.drop_nulls().value_counts()
    if not _FEWEST_WORDS <= words.height <= _MOST_WORDS:
        return 0
    meant = [(_meaning(word), count) for word, count in words.iter_rows()]
    if len({x for x, _ in meant if x}) < _FEWEST_WORDS:
        return 0
    return float(sum(count for x, count in meant if x) / len(texts))


def _tells_apart(texts: pl.Series) -> bool:
    return texts.null_count() == 0 and len(texts) > 0 and texts.n_unique() == len(texts)


def _words(text: CsvText, header: str | None) -> Mapping[Outcome | None, list[tuple[str, int]]]:
    """Of the whole file, the most frequent first."""
    if header is None:
        return {}
    counts = [x[header].str.strip_chars().fill_null("") for x in text.batches((header,))]
    found: dict[Outcome | None, list[tuple[str, int]]] = {}
    for word, count in pl.concat(counts).value_counts(sort=True).iter_rows():
        found.setdefault(_meaning(word), []).append((word, count))
    return found


def _meaning(word: str) -> Outcome | None:
    if not word:
        return Outcome.OPEN
    matching = (x for x, words in _OUTCOME_WORDS.items() if re.search(words, word.lower()))
    return next(matching, None)


def _named(headers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each header by a name that a rule can use."""
    taken: set[str] = set()
    for number, header in enumerate(headers, start=1):
        plain = unicodedata.normalize("NFKD", header.replace("ß", "ss").lower())
        name = re.sub(r"[^a-z0-9]+", "_", plain.encode("ascii", "ignore").decode()).strip("_")
        if not name or not name[0].isalpha() or name in taken:
            name = f"column_{number}"
        taken.add(name)
        yield name, header
