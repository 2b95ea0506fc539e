"""The Crm role on Salesforce: what changed, how it stands now, who did it.

An idle poll is one `composite` call. A column the org no longer shows us is left out, not
an error: its absence from the record is what the core judges by.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api, Row
from syncd.adapters.salesforce.describe import fetch_schema
from syncd.adapters.salesforce.people import fetch_people
from syncd.adapters.salesforce.rows import CONVERTED, change_of, event_of, record_of, task_of
from syncd.adapters.salesforce.translate import NoSuchObject
from syncd.adapters.transport.cached import Cached
from syncd.domain.mapping import SideMap
from syncd.domain.names import RecordId
from syncd.domain.record import Activity, PropertyChange, Record
from syncd.errors import PermanentError
from syncd.ports import Clock, Page

T = TypeVar("T")

_OPPORTUNITY = "ConvertedOpportunity."
_CLOCK_DOUBT = timedelta(hours=1)
"""How far our clock may run behind the server's before an event that has begun is missed.
What lies in the future by the server's own clock is left out all the same."""


@dataclass(frozen=True, slots=True)
class _Question:
    """One query of a poll and what a page of its rows holds, given when it was asked."""

    query: str
    page: Callable[[Sequence[Row], datetime], Page]


class Reading:
    def __init__(self, api: Api, *, side: SideMap, properties: Sequence[str], clock: Clock) -> None:
        paths = tuple(soql.path(p) for p in properties)
        stage_properties = {soql.path(p) for line in side.stages for p in line.values}
        self._api = api
        self._kind = side.kind
        self._properties = paths
        self._through_opportunity = any(p.startswith(_OPPORTUNITY) for p in paths)
        self._history_fields = _history_fields(stage_properties)
        self._clock = clock
        self.schema = Cached(clock, lambda: fetch_schema(api, kind=side.kind, paths=paths))
        self.people = Cached(clock, lambda: fetch_people(api))

    def poll(self, since: datetime | None) -> Iterator[Page]:
        """See `Crm.poll`. The first page holds the first rows of every query."""
        what = "Salesforce poll"
        questions, (batches, asked_at) = self._with_columns(
            lambda columns: (
                asked := self._questions(columns, since),
                self._api.query([q.query for q in asked], what=what),
            )
        )
        asked = list(zip(questions, batches, strict=True))
        yield _united([q.page(batch.rows, asked_at) for q, batch in asked])
        for question, batch in asked:
            for later in self._api.pages_after(batch, what=what):
                yield question.page(later.rows, asked_at)

    def read(self, ids: Collection[RecordId]) -> dict[RecordId, Record]:
        what = "Salesforce read"
        return self._with_columns(
            lambda columns: {
                RecordId(row["Id"]): record_of(row, kind=self._kind)
                for row in self._api.rows(soql.leads_by_id(columns, ids), what=what)
            }
        )

    def history(
        self, ids: Collection[RecordId], since: datetime
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        """From LeadHistory. Empty when the org tracks no history of leads."""
        if not self._history_fields:
            return {}
        known = self.people()
        found: defaultdict[RecordId, list[PropertyChange]] = defaultdict(list)
        queries = soql.history_of(ids, self._history_fields, since)
        try:
            for row in self._api.rows(queries, what="Salesforce history"):
                change = change_of(row, us=known.us, people=known.persons)
                found[RecordId(row["LeadId"])].append(change)
        except NoSuchObject:
            return {}
        return {lead: tuple(changes) for lead, changes in found.items()}

    def _with_columns(self, ask: Callable[[Sequence[str]], T]) -> T:
        """Ask with the columns the org has; look once more if one was lost meanwhile."""
        columns = self._columns()
        try:
            return ask(columns)
        except PermanentError:
            self.schema.drop()
            if (columns_now := self._columns()) == columns:
                raise
            return ask(columns_now)

    def _columns(self) -> tuple[str, ...]:
        schema = self.schema()
        return tuple(p for p in self._properties if p in schema)

    def _questions(self, columns: Sequence[str], since: datetime | None) -> list[_Question]:
        leads = [soql.leads_since(columns, since)]
        if since is not None and self._through_opportunity:
            leads.append(soql.leads_of_opportunities_since(columns, since))
        events = soql.events_since(since, until=self._clock.now() + _CLOCK_DOUBT)
        us = self.people().us
        return [
            *(_Question(query, self._records) for query in leads),
            _Question(soql.tasks_since(since), partial(_activities, partial(task_of, us=us))),
            _Question(events, partial(_activities, partial(event_of, us=us))),
        ]

    def _records(self, rows: Sequence[Row], asked_at: datetime) -> Page:
        records = tuple(record_of(row, kind=self._kind) for row in rows)
        return Page(records=records, activities=(), server_time=asked_at)


def _activities(
    read: Callable[[Row], Activity | None], rows: Sequence[Row], asked_at: datetime
) -> Page:
    found = (read(row) for row in rows)
    done = tuple(a for a in found if a is not None and a.at <= asked_at)
    return Page(records=(), activities=done, server_time=asked_at)


def _united(pages: Sequence[Page]) -> Page:
    """One page for several; a lead that two queries found is there once."""
    records = {record.id: record for page in pages for record in page.records}
    return Page(
        records=tuple(records.values()),
        activities=tuple(a for page in pages for a in page.activities),
        server_time=pages[0].server_time,
    )


def _history_fields(stage_properties: Collection[str]) -> frozenset[str]:
    """The LeadHistory fields that tell a stage. What happens on the opportunity is not in it."""
    tracked = {p for p in stage_properties if "." not in p and p != "IsConverted"}
    converts = "IsConverted" in stage_properties or len(tracked) < len(stage_properties)
    return frozenset(tracked | ({CONVERTED} if converts else set()))
