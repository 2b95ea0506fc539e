"""How the org says no: one exception, and the two shapes in which it reaches a caller.

Single-row answers say `errorCode`, collections say `statusCode`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a request; `fields` None means that the answer has no such key."""

    code: str
    message: str
    fields: tuple[str, ...] | None = None
    duplicates: Mapping[str, Any] | None = None

    def in_row(self, duplicate_key: str = "duplicateResut") -> dict[str, Any]:
        if self.duplicates is not None:  # the vendor's own spelling, and its own order of keys
            return {
                duplicate_key: self.duplicates,
                "errorCode": self.code,
                "message": self.message,
            }
        told: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            told["fields"] = list(self.fields)
        return told

    def in_collection(self) -> dict[str, Any]:
        fields = list(self.fields or ())
        return {"statusCode": self.code, "message": self.message, "fields": fields}


class Refused(Exception):
    """The org declines; nothing was written. Carries the HTTP status of a single-row answer."""

    def __init__(self, *problems: Problem, status: int = 400) -> None:
        super().__init__("; ".join(f"{problem.code}: {problem.message}" for problem in problems))
        self.problems = problems
        self.status = status


class Unparsable(Refused):
    """A value of the wrong JSON type: the parser rejects the request as a whole."""


def refusal(code: str, message: str, *fields: str, status: int = 400) -> Refused:
    """One save error, with the `fields` key present even when empty."""
    return Refused(Problem(code=code, message=message, fields=fields), status=status)


def not_found(message: str = "The requested resource does not exist") -> Refused:
    return Refused(Problem(code="NOT_FOUND", message=message), status=404)
