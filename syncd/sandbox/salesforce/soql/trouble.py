"""A query the org cannot run, told its way: the text around the place, a caret, a column."""

from syncd.sandbox.salesforce.errors import Problem, Refused

_SHOWN = 40


def trouble(code: str, message: str, text: str, at: int) -> Refused:
    """A refusal that points at position `at` of the query."""
    start = max(0, at - _SHOWN)
    excerpt = text[start : at + _SHOWN]
    caret = " " * (at - start) + "^"
    told = f"\n{excerpt}\n{caret}\nERROR at Row:1:Column:{at + 1}\n{message}"
    return Refused(Problem(code=code, message=told))


def malformed(message: str) -> Refused:
    return Refused(Problem(code="MALFORMED_QUERY", message=message))
