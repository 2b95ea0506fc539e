"""Reading every lead by a Bulk API 2.0 query job, page by page.

A job is made once and its pages can be asked for again for seven days, so a bookmark is all
that is needed to go on after a restart. The client's own `bulk2` is not used: it can be
given no time-out, never renews a session and holds whole results in memory.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api, part_of
from syncd.adapters.salesforce.rows import record_of, united
from syncd.adapters.salesforce.sheets import rows_of
from syncd.adapters.transport.ahead import ahead
from syncd.adapters.transport.answer import Answer
from syncd.adapters.transport.waiting import wait
from syncd.domain.mapping import SideMap
from syncd.domain.record import Record, Schema
from syncd.errors import PermanentError, TransientError
from syncd.ports import Clock, ScanPage

PAGE = 2_000
"""Rows of a page: what bounds the memory of a scan."""
_FIRST_LOOK, _LOOKS = timedelta(seconds=1), timedelta(seconds=30)
_LONGEST = timedelta(hours=4)
_FLAGS = frozenset({"IsDeleted", "IsConverted", f"{soql.CONTACT}.IsDeleted"})
_ENDED_BADLY = frozenset({"Failed", "Aborted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """How far a scan got: its job, when that was made, and the page that comes next."""

    job: str
    began: datetime
    locator: str = ""

    def __str__(self) -> str:
        return f"{self.job} {self.began.isoformat()} {self.locator}"

    @classmethod
    def read(cls, text: str) -> "Bookmark":
        """PermanentError for what is no bookmark."""
        try:
            job, began, locator = text.split(" ")
            return cls(job=job, began=datetime.fromisoformat(began), locator=locator)
        except ValueError as error:
            raise PermanentError("Salesforce scan: nothing to go on from") from error


class Scanning:
    """`schema` says which of the properties the org shows us."""

    def __init__(
        self,
        api: Api,
        *,
        side: SideMap,
        properties: Sequence[str],
        schema: Callable[[], Schema],
        clock: Clock,
    ) -> None:
        core = soql.CONTACT_CORE if side.converted_kind else ()
        self._api = api
        self._side = side
        self._properties = (*core, *properties)
        self._schema = schema
        self._clock = clock
        self._jobs = f"{api.root}/jobs/query"

    def scan(self, resume: str | None) -> Iterator[ScanPage]:
        """See `Crm.scan`. The first page of a new job is empty: whoever stores its mark never
        waits for that job twice."""
        if resume is None:
            mark = self._ask_for_all()
            yield ScanPage(records=(), resume=str(mark), total=None, began=mark.began)
        else:
            mark = Bookmark.read(resume)
        total = self._complete(mark)
        yield from ahead(self._pages(mark, total))

    def _ask_for_all(self) -> Bookmark:
        schema = self._schema()
        columns = [p for p in self._properties if p in schema]
        what = "Salesforce bulk query"
        asked = {"operation": "query", "query": soql.all_leads(columns)}
        reply = self._api.ask(self._jobs, asked, what=what)
        return Bookmark(job=str(part_of(reply.body, "id", what)), began=reply.asked_at())

    def _complete(self, mark: Bookmark) -> int | None:
        """Wait until the job has its results; how many there are. PermanentError when it came
        to nothing, or is known no more."""
        what, pause, waited = "Salesforce bulk job", _FIRST_LOOK, timedelta()
        while waited < _LONGEST:
            reply = self._api.get(f"{self._jobs}/{mark.job}", what=what)
            state = part_of(reply.body, "state", what)
            if state == "JobComplete":
                count = reply.body.get("numberRecordsProcessed")
                return count if isinstance(count, int) else None
            if state in _ENDED_BADLY:
                raise PermanentError(f"{what}: it ended as {state}")
            wait(self._clock, pause)
            waited, pause = waited + pause, min(2 * pause, _LOOKS)
        raise TransientError(f"{what}: not done after {_LONGEST}; it is looked at again")

    def _pages(self, mark: Bookmark, total: int | None) -> Iterator[ScanPage]:
        while mark.locator != _END:
            answer = self._page(mark)
            after = _locator(answer)
            if after == mark.locator:
                raise TransientError("Salesforce bulk results: the pages do not move on")
            mark = replace(mark, locator=after)
            records = united(self._records(answer))
            yield ScanPage(records=records, resume=str(mark), total=total, began=mark.began)

    def _records(self, answer: Answer) -> Iterator[Record]:
        """TransientError when fewer rows came than were announced."""
        count = 0
        for row in rows_of(answer.body.decode("utf-8"), booleans=_FLAGS):
            count += 1
            yield record_of(row, kind=self._side.kind, converted_kind=self._side.converted_kind)
        if str(count) != answer.header("Sforce-NumberOfRecords"):
            raise TransientError("Salesforce bulk results: a page is not complete")

    def _page(self, mark: Bookmark) -> Answer:
        locator = f"&locator={mark.locator}" if mark.locator else ""
        path = f"{self._jobs}/{mark.job}/results?maxRecords={PAGE}{locator}"
        return self._api.download(path, what="Salesforce bulk results")


_END = "null"
"""What the locator says, literally, after the last page."""


def _locator(answer: Answer) -> str:
    """TransientError for an answer that is no page of results: too early, or an edge's own."""
    found = answer.header("Sforce-Locator")
    if not found:
        raise TransientError("Salesforce bulk results: the answer is no page of results")
    return found
