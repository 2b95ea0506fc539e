"""What HubSpot complains about, without the values it quotes: codes, property names and ids.

Errors that carry a complaint say that nothing of the request was done, as far as that is
known, so that a batch can be parted around the culprit.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syncd.errors import AuthError, ConflictError, PermanentError, SyncdError


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """The parts of an error body that hold no values. `ids` are the records it is about,
    `existing` those that have a value which must be unique."""

    category: str = ""
    codes: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    traces: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    existing: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        parts = [self.category or "no category", *sorted(self.codes - {self.category})]
        if self.properties:
            parts.append(f"({', '.join(sorted(self.properties))})")
        if self.scopes:
            parts.append(f"(needs {', '.join(sorted(self.scopes))})")
        return " ".join(parts)


class _Complaining(SyncdError):
    def __init__(self, message: str, complaint: Complaint) -> None:
        super().__init__(message)
        self.complaint = complaint


class RequestRefused(_Complaining, PermanentError):
    """Something in the request will never be taken (400)."""


class ScopeMissing(_Complaining, AuthError):
    """The token may not do this, whatever else it may (403)."""


class NotThere(_Complaining, PermanentError):
    """The path, or a record the request names, does not exist (404)."""


class RequestConflict(_Complaining, ConflictError):
    """Another record already has a value that must be unique (409)."""


def complaint_of(body: Mapping[str, Any]) -> Complaint:
    """What an error body (of a request, or of one record in a 207) complains about.

    All its keys are optional; the same fact stands at the top or in `errors[]`.
    """
    details = [body, *(e for e in body.get("errors") or () if isinstance(e, Mapping))]
    told = " ".join(str(d.get("message") or "") for d in details)
    contexts = [d["context"] for d in details if isinstance(d.get("context"), Mapping)]
    return Complaint(
        category=str(body.get("category") or ""),
        codes=frozenset(str(d[key]) for d in details for key in _CODES if d.get(key)),
        properties=frozenset(_named(contexts, "propertyName")),
        ids=frozenset((*_named(contexts, "ids"), *_named(contexts, "id"))),
        traces=frozenset(_named(contexts, "objectWriteTraceId")),
        scopes=frozenset(
            (*_named(contexts, "requiredGranularScopes"), *_named(contexts, "requiredScopes"))
        ),
        existing=frozenset((*_named(contexts, "existingId"), *_EXISTING.findall(told))),
    )


_EXISTING = re.compile(r"Existing ID: (\d+)")
_CODES = ("code", "subCategory")


def _named(contexts: list[Any], key: str) -> Iterator[str]:
    for context in contexts:
        value = context.get(key) or ()
        yield from ((value,) if isinstance(value, str) else (str(v) for v in value))
