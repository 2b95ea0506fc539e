"""Laws of the sandbox's search: whatever shortcuts it takes, it finds what a full scan would."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.sandbox.clock import DEFAULT_START, WorldClock
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.ledger import FIRST_ID
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.hubspot.query import parse_query
from syncd.sandbox.hubspot.record import Version
from syncd.sandbox.hubspot.search import SearchIndex
from syncd.sandbox.hubspot.source import PORTAL
from syncd.sandbox.hubspot.stamps import to_ms
from syncd.sandbox.journal import Journal

Step = tuple[str, int]

CONTACTS_AT_FIRST = 5

steps = st.lists(
    st.tuples(st.sampled_from(["create", "edit", "archive", "erase", "wait"]), st.integers(0, 9)),
    min_size=5,
    max_size=20,
)


class Story:
    """A portal to which things happen, and one index that is asked all along."""

    def __init__(self) -> None:
        self.clock = WorldClock()
        self.portal = Portal(self.clock, Journal(self.clock))
        self.index = SearchIndex(self.portal)
        self._hands = Hands(self.portal, PORTAL)
        for number in range(CONTACTS_AT_FIRST):
            self.play(("create", number))
            self.play(("wait", number))

    def play(self, step: Step) -> None:
        what, number = step
        if what == "create":
            self._hands.create_contact({"employees": str(number)})
        elif what == "wait":
            self.clock.sleep(number)
        elif self._living():
            self._change(what, self._living()[number % len(self._living())], number)

    def found(self, *, since: int, above: int) -> list[int]:
        """Every page of an incremental search, ids in the order found."""
        ids: list[int] = []
        while True:
            page = self.index.search(CONTACT, parse_query(_body(since, above, after=len(ids))))
            ids += [record.id for record, _ in page.hits]
            if len(ids) == page.total:
                return ids

    def scanned(self, holds: Callable[[Version], bool]) -> list[int]:
        """The same by looking at every record."""
        shown = self.portal.indexed_ms()
        records = self.portal.tables[CONTACT].following(0)
        return [
            record.id
            for record in records
            if (version := record.as_of(shown)) is not None and holds(version)
        ]

    def _living(self) -> list[int]:
        return [record.id for record in self.portal.tables[CONTACT].following(0)]

    def _change(self, what: str, contact: int, number: int) -> None:
        if what == "edit":
            self._hands.edit(contact, {"employees": str(number)})
        elif what == "archive":
            self._hands.archive(contact)
        else:
            self._hands.gdpr_delete(contact)


def _body(since: int, above: int, *, after: int) -> dict[str, Any]:
    filters = [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": str(since)},
        {"propertyName": "employees", "operator": "GTE", "value": "2"},
        {"propertyName": "hs_object_id", "operator": "GT", "value": str(above)},
    ]
    sorts = [{"propertyName": "hs_object_id", "direction": "ASCENDING"}]
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": sorts,
        "limit": 2,
        "after": str(after),
    }


@given(story=steps, since=st.integers(0, 12), above=st.integers(0, CONTACTS_AT_FIRST))
@settings(max_examples=100, deadline=None)
def test_an_incremental_search_finds_exactly_what_a_full_scan_would(
    story: list[Step], since: int, above: int
) -> None:
    told = Story()
    low = to_ms(DEFAULT_START + timedelta(seconds=since))
    floor = FIRST_ID - 1 + above

    def holds(version: Version) -> bool:
        return (
            version.at >= low
            and int(version.values["employees"]) >= 2
            and int(version.values["hs_object_id"]) > floor
        )

    for step in story:
        told.play(step)

        assert told.found(since=low, above=floor) == told.scanned(holds)
