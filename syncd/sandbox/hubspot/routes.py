"""Which handler answers which path, whatever version the path is spelled in.

`/crm/v3/objects/contacts`, `/crm/objects/2026-09/contacts` and
`/crm/v4/objects/contacts` are one path here: `objects/contacts`.
"""

import re
from collections.abc import Mapping, Sequence

from syncd.sandbox.hubspot import (
    account,
    batch_writes,
    batches,
    flows,
    linking,
    list_calls,
    objects,
    schemas,
    searching,
)
from syncd.sandbox.hubspot.call import Handler
from syncd.sandbox.hubspot.kinds import EMAIL, infer

_VERSION = re.compile(r"v\d|20\d\d-\d\d(-beta)?")

_EVERY: Mapping[tuple[str, str], Handler] = {
    **searching.HANDLERS,
    **batches.HANDLERS,
    **batch_writes.HANDLERS,
    **objects.HANDLERS,
    **linking.HANDLERS,
    **schemas.HANDLERS,
    **list_calls.HANDLERS,
    **account.HANDLERS,
    **flows.HANDLERS,
}

Route = tuple[tuple[str, ...], Handler]


def _by_shape() -> Mapping[tuple[str, int], list[Route]]:
    """Routes by method and length, those with the fewest variable parts first."""
    shapes: dict[tuple[str, int], list[Route]] = {}
    for (method, pattern), handler in _EVERY.items():
        parts = tuple(pattern.split("/"))
        shapes.setdefault((method, len(parts)), []).append((parts, handler))
    for routes in shapes.values():
        routes.sort(key=lambda route: route[0].count("*"))
    return shapes


_ROUTES = _by_shape()


def route(method: str, segments: Sequence[str]) -> tuple[Handler, tuple[str, ...]] | None:
    """The handler and the variable parts of the path; None where nothing answers."""
    parts = unversioned(segments)
    for pattern, handler in _ROUTES.get((method, len(parts)), ()):
        if all(wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=True)):
            params = (part for wanted, part in zip(pattern, parts, strict=True) if wanted == "*")
            return handler, tuple(params)
    return None


def unversioned(segments: Sequence[str]) -> tuple[str, ...]:
    """The path without the version, which stands in the second or the third place."""
    head = [part for part in segments[:3] if not _VERSION.fullmatch(part)]
    parts = (*head, *segments[3:])
    return parts[1:] if parts[:1] == ("crm",) else parts


def is_search(method: str, segments: Sequence[str]) -> bool:
    """Whether the search limit applies instead of the burst limit."""
    return method == "POST" and segments[-1:] == ("search",) and "objects" in segments


def scope_for(method: str, segments: Sequence[str]) -> str | None:
    """The scope a call needs; None where any token will do."""
    match unversioned(segments):
        case ("objects", name, *rest):
            return _object_scope(name, reading=method == "GET" or rest in _READS)
        case ("associations", name, _, *rest):
            return _object_scope(name, reading=method == "GET" or rest in _READS)
        case ("properties", name, *_):
            return _schema_scope(name, reading=method == "GET")
        case ("lists", *rest):
            return "crm.lists.read" if method == "GET" or rest == ["search"] else "crm.lists.write"
        case ("automation", *_):
            return "automation"
        case ("owners", *_):
            return "crm.objects.owners.read"
        case _:
            return None


_READS = (["search"], ["batch", "read"])
_OWN_SCOPES = frozenset({"contacts", "companies", "deals", "leads"})


def _object_scope(name: str, *, reading: bool) -> str | None:
    """Engagements go by the scope of contacts; reading mails wants one of its own."""
    kind = infer(name)
    if kind is None:
        return None
    if kind is EMAIL and reading:
        return "sales-email-read"
    plural = kind.plural if kind.plural in _OWN_SCOPES else "contacts"
    return f"crm.objects.{plural}.{'read' if reading else 'write'}"


def _schema_scope(name: str, *, reading: bool) -> str | None:
    kind = infer(name)
    if kind is None or kind.plural not in ("contacts", "companies", "deals"):
        return None
    return f"crm.schemas.{kind.plural}.{'read' if reading else 'write'}"
