"""One authenticated API call: what a handler gets, and the small readings all handlers share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from syncd.sandbox.hubspot.apps import PrivateApp
from syncd.sandbox.hubspot.errors import Refused, error, unknown_kind
from syncd.sandbox.hubspot.kinds import Kind, infer
from syncd.sandbox.hubspot.limits import Governor
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.hubspot.reading import is_number
from syncd.sandbox.hubspot.refusals import NotFound
from syncd.sandbox.hubspot.search import SearchIndex
from syncd.sandbox.hubspot.source import API
from syncd.sandbox.journal import Origin
from syncd.sandbox.server import Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What answers calls: the portal, its search index and its rate limits."""

    portal: Portal
    index: SearchIndex
    governor: Governor


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`params` are the variable parts of the path, in order."""

    office: Office
    app: PrivateApp
    params: tuple[str, ...]
    request: Request

    @property
    def portal(self) -> Portal:
        return self.office.portal

    @property
    def by(self) -> Origin:
        return Origin(self.app.actor, API)

    def kind(self, place: int = 0) -> Kind:
        return kind_of(self.params[place])

    def body(self) -> dict[str, Any]:
        """The JSON object sent; raises Refused if it is none."""
        body = self._json()
        if not isinstance(body, dict):
            raise Refused(error(400, "Invalid input JSON: an object was expected"))
        return body

    def items(self) -> list[Any]:
        """The JSON list sent, empty if there is no body; raises Refused for anything else."""
        items = self._json() if self.request.body else []
        if not isinstance(items, list):
            raise Refused(error(400, "Invalid input JSON: an array was expected"))
        return items

    def _json(self) -> Any:
        try:
            return self.request.json()
        except ValueError as bad:
            raise Refused(error(400, f"Invalid input JSON on line 1, column 1: {bad}")) from bad

    def listed(self, name: str) -> list[str]:
        """A list in the query, repeated, joined by commas, or both."""
        return list(_split(value for key, value in self.request.query if key == name))

    def flag(self, name: str) -> bool:
        """Clients send `True` as well as `true`."""
        return self.request.param(name, "false").lower() == "true"

    def number(self, name: str, default: int) -> int:
        text = self.request.param(name) or str(default)
        if not is_number(text):
            raise Refused(error(400, f"{name} must be an integer"))
        return int(text)


Handler = Callable[[Call], Response]


def kind_of(text: str) -> Kind:
    kind = infer(text)
    if kind is None:
        raise Refused(unknown_kind(text))
    return kind


def record_id_of(text: str) -> int:
    """Raises NotFound for what is no id at all, as the API does."""
    if not is_number(text):
        raise NotFound
    return int(text)


def _split(values: Iterator[str]) -> Iterator[str]:
    for value in values:
        yield from (part for part in value.split(",") if part)
