"""Reading every contact by listing: straight from the database, in the order of their ids.

A page is found again by the id it begins after, so that and the time the scan began are
all that is needed to go on after a restart.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient, Reply
from syncd.adapters.hubspot.reading import read_contacts
from syncd.adapters.hubspot.records import ID, asked_properties, contact
from syncd.adapters.transport.ahead import ahead
from syncd.domain.names import RecordId
from syncd.domain.record import Record
from syncd.errors import PermanentError, TransientError
from syncd.ports import ScanPage

PAGE = 100
_AHEAD = 10
_LONGEST = 14_000
"""Of property names as they stand in a URL: HubSpot refuses one of some 16,000 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """How far a scan got: the last id seen, and when the scan began."""

    after: str
    began: datetime

    def __str__(self) -> str:
        return f"{self.after} {self.began.isoformat()}"

    @classmethod
    def read(cls, text: str) -> "Bookmark":
        """PermanentError for what is no bookmark."""
        try:
            after, began = text.split(" ")
            return cls(after=after, began=datetime.fromisoformat(began))
        except ValueError as error:
            raise PermanentError("HubSpot scan: nothing to go on from") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All contacts that are not archived, with these properties."""

    client: HubSpotClient
    kind: str
    properties: Collection[str]

    def scan(self, resume: str | None) -> Iterator[ScanPage]:
        """See `Crm.scan`."""
        mark = None if resume is None else Bookmark.read(resume)
        return ahead(self._pages(mark), _AHEAD)

    def _pages(self, mark: Bookmark | None) -> Iterator[ScanPage]:
        total = self._count() if mark is None else None
        while mark is None or mark.after != _END:
            reply = self._list(mark.after if mark else None)
            after = _further(reply.next_page, mark.after if mark else "0")
            mark = Bookmark(after=after, began=mark.began if mark else reply.at)
            records = tuple(self._records(reply))
            yield ScanPage(records=records, resume=str(mark), total=total, began=mark.began)

    def _count(self) -> int | None:
        """How many the search index knows: near enough to tell how far a scan is."""
        told = self.client.search({"filterGroups": [], "limit": 1, "properties": []})
        total = told.body.get("total")
        return total if isinstance(total, int) else None

    def _list(self, after: str | None) -> Reply:
        query = {"limit": str(PAGE), "properties": self._asked or ID}
        if after is not None:
            query["after"] = after
        return self.client.get(paths.CONTACTS, query)

    def _records(self, reply: Reply) -> Iterable[Record]:
        if self._asked:
            return (contact(raw, self.kind) for raw in reply.items())
        ids = [RecordId(raw["id"]) for raw in reply.items()]
        found = read_contacts(self.client, ids, kind=self.kind, properties=self.properties)
        return found.values()

    @property
    def _asked(self) -> str:
        """The properties as they stand in the URL; empty when it could not hold them, and the
        contacts have to be read by their ids."""
        names = ",".join(asked_properties(self.properties))
        return names if len(quote(names)) <= _LONGEST else ""


_END = "end"


def _further(step: str | None, last: str) -> str:
    """Where the next page begins. TransientError unless it is ahead: a page that repeats
    itself would be read for ever."""
    if step is None:
        return _END
    if not step.isdecimal() or int(step) <= int(last):
        raise TransientError(f"HubSpot's pages do not move on (after {last} comes {step})")
    return step
