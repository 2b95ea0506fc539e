"""Regular expressions over a column of texts.

The product's engine is google-re2, that of polars is another: they differ in what `\\d`, `\\w`,
`\\s` and `\\b` mean beyond ASCII, in classes within classes, and in what they know at all. A
pattern made only of what means the same in both is spelled out for polars, every character by
its number (`re2_in_polars`); any other is decided by re2, once for each distinct text.
"""

import re
from collections.abc import Iterator

import polars as pl

from syncd.domain.standard import Pattern

_SETS = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\x0C\r\x20"}
"""What re2 means by them: ASCII only, and no vertical tab."""
_TOKEN = re.compile(
    r"""
    (?P<group>\(\?:|\((?!\?)|\)|\|)
    | (?P<repeat>[*+?]\??|\{(?P<least>\d{1,3})(?P<most>,\d{0,3})?\}\??)
    | \\(?P<set>[dws])
    | (?P<edge>[\^$])
    | (?P<any>\.)
    | \[(?P<negated>\^?)(?P<class>(?:\\.|[^\]\[\\\n])+)\]
    | (?:\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<plain>[^\\*+?{}()|\[\]^$.]))
    """,
    re.VERBOSE | re.DOTALL,
)
_CLASS_TOKEN = re.compile(
    r"\\(?P<set>[dws])"
    r"|(?P<first>[0-9A-Za-z])-(?P<last>[0-9A-Za-z])"
    r"|(?:\\(?P<escaped>[!-/:-@\[-`{-~])|(?P<plain>[^\\\-^]))"
)
_FOLDS = "(?i)"
_MOST_COPIES = 1_000
"""Of a part that is to stand so many times: beyond, polars' engine may find it too large."""


def matches(pattern: Pattern, seen: pl.Expr) -> pl.Expr:
    """Whether each whole text matches; null for null."""
    same = re2_in_polars(pattern.pattern)
    if same is not None:
        return seen.str.contains(same)

    def decide(texts: pl.Series) -> pl.Series:
        distinct = texts.unique()
        found = [None if x is None else pattern.fullmatch(x) is not None for x in distinct]
        return texts.replace_strict(distinct, found, return_dtype=pl.Boolean)

    return seen.map_batches(decide, return_dtype=pl.Boolean, is_elementwise=True)


def re2_in_polars(pattern: str) -> str | None:
    """The sound re2 pattern for a whole text, as polars' engine means it; None where that is
    not certain. Which letters beyond ASCII are one letter but for its case is not."""
    body = pattern.removeprefix(_FOLDS)
    folds = _FOLDS if body != pattern else ""
    if folds and not body.isascii():
        return None
    try:
        return rf"{folds}\A(?:{''.join(_translated(body))})\z"
    except _Unsure:
        return None


class _Unsure(Exception):
    """The pattern holds something that may mean another thing in the other engine."""


def _translated(body: str) -> Iterator[str]:
    at, copies, repeatable = 0, 1, False
    while at < len(body):
        found = _TOKEN.match(body, at)
        if found is None or (found["repeat"] and not repeatable):
            raise _Unsure
        at, copies = found.end(), copies * _copies(found)
        if copies > _MOST_COPIES:
            raise _Unsure
        repeatable = found["group"] == ")" or not (
            found["group"] or found["repeat"] or found["edge"]
        )
        yield _token(found)


def _token(found: re.Match[str]) -> str:
    if found["group"]:
        return "(?:" if found["group"] == "(" else found["group"]
    if found["repeat"] or found["any"]:
        return found[0]
    if found["set"]:
        return f"[{_SETS[found['set']]}]"
    if found["edge"]:
        return r"\A" if found["edge"] == "^" else r"\z"
    if found["class"]:
        return f"[{found['negated']}{''.join(_class(found['class']))}]"
    return _numbered(found["escaped"] or found["plain"])


def _class(members: str) -> Iterator[str]:
    at = 0
    while at < len(members):
        found = _CLASS_TOKEN.match(members, at)
        if found is None:
            raise _Unsure
        at = found.end()
        if found["set"]:
            yield _SETS[found["set"]]
        elif found["first"]:
            yield f"{_numbered(found['first'])}-{_numbered(found['last'])}"
        else:
            yield _numbered(found["escaped"] or found["plain"])


def _copies(found: re.Match[str]) -> int:
    counts = (found["least"], (found["most"] or "").strip(","))
    return max(1, *(int(x) for x in counts if x)) if found["least"] else 1


def _numbered(character: str) -> str:
    return f"\\x{{{ord(character):X}}}"
