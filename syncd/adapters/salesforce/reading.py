"""The Crm role on Salesforce: what changed, how it stands now, who did it.

An idle poll is one `composite` call. A column the org no longer shows us is left out, not
an error: its absence from the record is what the core judges by.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.activities import fetch_done
from syncd.adapters.salesforce.api import Api, Row
from syncd.adapters.salesforce.describe import fetch_schema
from syncd.adapters.salesforce.history import apart, fetch_history, stage_history, tracked
from syncd.adapters.salesforce.people import fetch_people
from syncd.adapters.salesforce.rows import moment, record_of, united, with_former
from syncd.adapters.transport.cached import Cached
from syncd.domain.mapping import SideMap
from syncd.domain.names import RecordId
from syncd.domain.record import Activity, PropertyChange, Record
from syncd.errors import PermanentError
from syncd.ports import Clock, Page, Touch

T = TypeVar("T")

_LONG_AGO = "2000-01-01T00:00:00.000+0000"

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
        core = soql.CONTACT_CORE if side.converted_kind else ()
        paths = tuple(dict.fromkeys((*core, *(soql.path(p) for p in properties))))
        stage_properties = {soql.path(p) for line in side.stages for p in line.values}
        self._api = api
        self._side = side
        self._properties = paths
        self._became = tuple(
            relation
            for relation in (soql.OPPORTUNITY, soql.CONTACT)
            if any(p.startswith(f"{relation}.") for p in paths)
        )
        self._history_fields = stage_history(stage_properties)
        self._clock = clock
        self.schema = Cached(clock, lambda: fetch_schema(api, side=side, paths=paths))
        self.people = Cached(clock, lambda: fetch_people(api, side.owners))

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
        yield self._page(*(q.page(batch.rows, asked_at) for q, batch in asked))
        for question, batch in asked:
            for later in self._api.pages_after(batch, what=what):
                yield self._page(question.page(later.rows, asked_at))

    def read(
        self, ids: Collection[RecordId], properties: Collection[str] | None = None
    ) -> dict[RecordId, Record]:
        """Leads and contacts alike. A lead that was converted meanwhile comes, under the id it
        was asked by, as the contact it became."""
        leads, contacts = apart(ids)

        def ask(columns: Sequence[str]) -> list[Row]:
            asked = _those(columns, properties)
            queries = (*soql.leads_by_id(asked, leads), *soql.leads_by_contact(asked, contacts))
            return [*self._api.rows(queries, what="Salesforce read")]

        rows = self._with_columns(ask)
        records = united(self._record(row) for row in rows)
        asked = set(ids)
        return {i: r for r in records for i in (r.id, *r.former) if i in asked}

    def done_with(self, ids: Collection[RecordId], since: datetime) -> Iterator[Activity]:
        now, people = self._clock.now(), self.people()
        return fetch_done(self._api, ids, since=since, until=now, people=people)

    def history(
        self,
        ids: Collection[RecordId],
        since: datetime,
        properties: Collection[str] | None = None,
    ) -> Mapping[RecordId, tuple[PropertyChange, ...]]:
        """From LeadHistory. Empty when the org tracks no history of leads."""
        fields = self._history_fields if properties is None else tracked(properties)
        return fetch_history(self._api, ids, fields, since=since, known=self.people)

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
        if since is not None:
            leads += [soql.leads_became_since(columns, r, since) for r in self._became_in(columns)]
        questions = [_Question(query, self._records) for query in leads]
        if since is not None:  # before the first read nobody can wait for an activity
            until = self._clock.now() + _CLOCK_DOUBT
            questions.append(_Question(soql.tasks_since(since), _touched))
            questions.append(_Question(soql.events_since(since, until=until), _touched))
        return questions

    def _became_in(self, columns: Collection[str]) -> tuple[str, ...]:
        """The relationships the org still shows us."""
        return tuple(
            r for r in self._became if any(column.startswith(f"{r}.") for column in columns)
        )

    def _records(self, rows: Sequence[Row], asked_at: datetime) -> Page:
        records = tuple(self._record(row) for row in rows)
        return Page(records=records, touched=frozenset(), server_time=asked_at)

    def _record(self, row: Row) -> Record:
        return record_of(row, kind=self._side.kind, converted_kind=self._side.converted_kind)

    def _page(self, *pages: Page) -> Page:
        """One page for several. A lead that two queries found is there once; a contact comes
        with what is left of the leads it was."""
        records = united(record for page in pages for record in page.records)
        return Page(
            records=tuple(r for one in records for r in with_former(one, kind=self._side.kind)),
            touched=frozenset(x for page in pages for x in page.touched),
            server_time=pages[0].server_time,
        )


def _those(columns: Sequence[str], properties: Collection[str] | None) -> Sequence[str]:
    """The columns of these properties alone, and those that tell what a row has become."""
    if properties is None:
        return columns
    return [c for c in columns if c in properties or c in soql.CONTACT_CORE]


def _touched(rows: Sequence[Row], asked_at: datetime) -> Page:
    """Whom tasks and events are about; an event to come is about nobody yet."""
    begun = (row for row in rows if moment(row.get("ActivityDateTime", _LONG_AGO)) <= asked_at)
    touched = frozenset(_touch(row) for row in begun)
    return Page(records=(), touched=touched, server_time=asked_at)


def _touch(row: Row) -> Touch:
    return Touch(RecordId(row["WhoId"]), mark=f"{row['Id']} {row['SystemModstamp']}")
