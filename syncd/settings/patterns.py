"""Regular expressions that run in linear time (google-re2), so that no pattern can hang a cycle."""

import re2

from syncd.domain.standard import Pattern
from syncd.settings.problem import Mistake

_BACKTRACKING = ("(?=", "(?!", "(?<", "(?>")


def compile_pattern(text: str) -> Pattern:
    """A compiled pattern; Mistake when it is wrong or needs backtracking."""
    options = re2.Options()
    options.log_errors = False
    try:
        compiled: Pattern = re2.compile(text, options)
    except re2.error as error:
        raise _mistake(error) from None
    return compiled


def _mistake(error: Exception) -> Mistake:
    raw = error.args[0] if error.args else ""
    reason = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)
    part = reason.rpartition(": ")[2]
    if part.startswith(_BACKTRACKING):
        return Mistake(
            f'the pattern uses "{part}", which would need backtracking',
            "write two tests instead: all: [{matches: …}, {not: {matches: …}}]",
        )
    if reason.startswith("invalid escape sequence") and part[1:].isdigit():
        return Mistake(
            f'the pattern refers back with "{part}", which would need backtracking',
            "write the text out instead",
        )
    return Mistake(f"the pattern is not a regular expression ({reason})", "correct the pattern")
