"""Reading what changed, and reading everything, page by page.

An idle poll costs one search. Search never shows archived contacts: that one is gone is
noticed when it is read again (`reading.py`), or by its id in the one it was merged into.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient
from syncd.adapters.hubspot.records import (
    ID,
    MODIFIED,
    asked_properties,
    contact,
    with_merged,
)
from syncd.errors import SyncdError, TransientError
from syncd.ports import Page

SEARCH_PAGE = 200
LIST_PAGE = 100
TOGETHER = 1_000


def changed_contacts(
    client: HubSpotClient, since: datetime, *, kind: str, properties: Collection[str]
) -> Iterator[Page]:
    """Contacts modified at or after `since`, each page starting above the last page's ids.

    HubSpot pages no further than 10,000 results, by position; by id there is no end, no
    shared timestamp can straddle a border, and a record leaving the index moves no other
    one. A contact that changes behind the page is modified after the first page's clock.
    """
    last, began = "0", None
    while True:
        reply = client.search(_search(since, above=last, properties=properties))
        began = began or reply.at
        results = reply.items()
        yield _page(results, kind, server_time=began)
        if reply.next_page is None:
            return
        last = _further(results[-1]["id"] if results else last, last)


def together(pages: Iterator[Page]) -> Iterator[Page]:
    """Pages of up to `TOGETHER` contacts and a little more, for each page is taken in with a
    commit of its own. What came before a page that cannot be read is told all the same."""
    held: list[Page] = []
    try:
        for page in pages:
            held.append(page)
            if sum(len(x.records) for x in held) >= TOGETHER:
                yield _one(held)
                held = []
    except SyncdError:
        if held:
            yield _one(held)
        raise
    if held:
        yield _one(held)


def all_contacts(
    client: HubSpotClient, *, kind: str, properties: Collection[str]
) -> Iterator[Page]:
    """Every contact that is not archived, by listing: straight from the database, no index."""
    query = {"limit": str(LIST_PAGE), "properties": ",".join(asked_properties(properties))}
    last, began = "0", None
    while True:
        reply = client.get(paths.CONTACTS, query)
        began = began or reply.at
        yield _page(reply.items(), kind, server_time=began)
        if reply.next_page is None:
            return
        last = _further(reply.next_page, last)
        query["after"] = last


def _search(since: datetime, *, above: str, properties: Collection[str]) -> dict[str, Any]:
    milliseconds = int(since.timestamp() * 1000)
    filters = [
        {"propertyName": MODIFIED, "operator": "GTE", "value": str(milliseconds)},
        {"propertyName": ID, "operator": "GT", "value": above},
    ]
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": ID, "direction": "ASCENDING"}],
        "properties": asked_properties(properties),
        "limit": SEARCH_PAGE,
    }


def _page(results: list[Any], kind: str, *, server_time: datetime) -> Page:
    found = (contact(raw, kind) for raw in results)
    return Page(
        records=tuple(r for record in found for r in with_merged(record)),
        touched=frozenset(),  # whatever is logged with a contact shows on it
        server_time=server_time,
    )


def _one(pages: Sequence[Page]) -> Page:
    return Page(
        records=tuple(r for page in pages for r in page.records),
        touched=frozenset(),
        server_time=pages[0].server_time,
    )


def _further(step: str, last: str) -> str:
    """The next starting point. TransientError unless it is ahead: a page that repeats
    itself would be read for ever."""
    if not step.isdecimal() or int(step) <= int(last):
        raise TransientError(f"HubSpot's pages do not move on (after {last} comes {step})")
    return step
