"""A first mapping file as text, with what was seen beside each line, for a person to correct."""

import json
from collections.abc import Iterator, Sequence

import polars as pl

from syncd.adapters.outcomes.csv_guess import DATES, Guess
from syncd.adapters.outcomes.csv_sample import separator_of
from syncd.core.value_words import counted, cut
from syncd.domain.values import FieldType
from syncd.measure.outcomes import Outcome

_HEAD = """\
# How to read {name}: a first guess from its headers and values. Correct what is wrong, remove
# what no rule needs, then: syncd backtest --csv CSV --map THIS --standard STANDARD
# Every key is explained in config/REFERENCE.md under outcomes.yaml.
"""
_MISSING = "WHICH COLUMN?"
_NEEDED, _OPTIONAL = ("moved_at",), ("decided_at", "amount", "source")
_MEANING = {
    "lead": "tells the rows apart",
    "name": "how people call a lead",
    "moved_at": "when it was handed to sales",
    "decided_at": "when its outcome came",
    "amount": "what was won",
    "source": "where it came from",
}
_MOST_WORDS, _LONGEST = 30, 30


def guessed_map(found: Guess, name: str) -> str:
    """YAML that `load_csv_map` reads once every WHICH COLUMN? has its answer."""
    return "\n".join(
        (_HEAD.format(name=_shown(name)), *_file(found), *_roles(found), *_fields(found), "")
    )


def _file(found: Guess) -> Iterator[str]:
    sample = found.sample
    if sample.date_formats:
        first, *others = sample.date_formats
        doubt = f"  # just as well: {', '.join(others)}" if others else ""
        yield f"date_format: {_quoted(first)}{doubt}"
    if sample.decimal_comma:
        yield "decimals: comma"
    if sample.blanks:
        yield f"blanks: {_quoted(sample.blanks)}"
    yield "time_zone: UTC  # of the clocks that made the times"


def _roles(found: Guess) -> Iterator[str]:
    yield ""
    for role in ("lead", "name", *_NEEDED, *_OPTIONAL):
        header = found.roles.get(role)
        if header is not None:
            yield f"{role}: {_quoted(header)}  # {_MEANING[role]}; {_seen(found, header)}"
        elif role in _NEEDED:
            yield f"{role}: {_quoted(_MISSING)}  # {_MEANING[role]}{_dates(found)}"
        else:
            yield f"# {role}:  # {_MEANING[role]}"
    yield from _outcome(found)
    header = found.roles.get("overridden")
    if header is not None:
        yes = _quoted(found.sample.columns[header].drop_nulls().unique().sort().to_list())
        yield f"# overridden:  # let through against the standard?\n#   column: {_quoted(header)}"
        yield f"#   yes: {yes}"


def _outcome(found: Guess) -> Iterator[str]:
    yield "outcome:"
    yield f"  column: {_quoted(found.roles.get('outcome', _MISSING))}"
    for outcome in Outcome:
        words = found.words.get(outcome, ())
        if words:
            rows = counted(sum(n for _, n in words), "row")
            yield f"  {outcome}: {_quoted([word for word, _ in words])}  # {rows}"
        elif outcome is Outcome.WON:
            yield f"  {outcome}: {_quoted(['WHICH WORDS?'])}"
    unplaced = found.words.get(None, ())
    if unplaced:
        yield "  # Put each of these under one of won, lost, rejected, recycled, open:"
        yield from (f"  #   {_quoted(x)}: {counted(n, 'row')}" for x, n in unplaced[:_MOST_WORDS])


def _fields(found: Guess) -> Iterator[str]:
    yield "\n# Of which time the values are: `then` (of the move) or `now` (of the export)."
    yield "# Say `then` only where you know it: figures from fields of `now` are marked."
    yield "as_of: now\nfields:"
    for name, header in found.fields.items():
        yield f"  {name}:  # {_seen(found, header)}"
        yield f"    column: {_quoted(header)}"
        type_ = found.sample.types[header]
        yield f"    type: {type_}{_odd(found.sample.odd[header])}"
        separator = separator_of(found.sample.columns[header].drop_nulls())
        if type_ is FieldType.MULTI_PICKLIST and separator:
            yield f"    separator: {_quoted(separator)}"


def _odd(words: Sequence[str]) -> str:
    few = ", ".join(f'"{_shown(word)}"' for word in words)
    return f"  # {few} will count as unknown; as empty, if named under blanks" if few else ""


def _dates(found: Guess) -> str:
    """The columns to choose from, where the move was not found."""
    dates = [x for x in found.fields.values() if found.sample.types[x] in DATES]
    return f"; dates are in {', '.join(map(_shown, dates))}" if dates else ""


def _seen(found: Guess, header: str) -> str:
    texts = found.sample.columns[header]
    share = 100 * texts.count() / max(len(texts), 1)
    return f"{share:.0f} % filled{_examples(texts.drop_nulls())}"


def _examples(texts: pl.Series) -> str:
    few = texts.unique(maintain_order=True).head(3).to_list()
    return f", such as {', '.join(map(_shown, few))}" if few else ""


def _quoted(value: str | Sequence[str]) -> str:
    """As YAML takes it: characters that no editor shows by their numbers."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(x if x.isprintable() else f"\\U{ord(x):08X}" for x in text)


def _shown(text: str) -> str:
    """Part of a comment."""
    return "".join(x if x.isprintable() else "?" for x in cut(text, _LONGEST))
