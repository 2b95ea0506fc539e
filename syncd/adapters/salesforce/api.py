"""Requests to one org: decoded, counted, retried where that is safe, errors translated.

Knows REST, composite and paging; what is asked and what rows mean is others' business.
"""

import itertools
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import orjson

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.client import OneRefresh
from syncd.adapters.salesforce.connection import SalesforceConnection
from syncd.adapters.salesforce.login import log_in
from syncd.adapters.salesforce.translate import error_of
from syncd.adapters.transport.answer import Answer, parse_json, server_date
from syncd.adapters.transport.calls import Calls
from syncd.adapters.transport.network import network_errors
from syncd.adapters.transport.session import Timeouts, answer_of
from syncd.errors import TransientError
from syncd.ports import Clock

Row = dict[str, Any]

QUERIES_PER_CALL = 5
"""So many queries ride in one `composite`, which counts as one API call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A decoded 2xx answer, and how long the server took over it."""

    body: Any
    answer: Answer
    took: timedelta

    def asked_at(self) -> datetime:
        """The server's clock when the request arrived, to the second: Date is stamped when it
        answers. TransientError if it tells no time."""
        return server_date(self.answer) - timedelta(seconds=int(self.took.total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The rows of one page of one query, and where the next page is."""

    rows: Sequence[Row]
    next_url: str | None


class Api:
    """`limited` is the number of refusals since start because there had been too many calls."""

    def __init__(
        self, connection: SalesforceConnection, clock: Clock, timeouts: Timeouts | None = None
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._timeouts = timeouts or Timeouts()
        self._client: OneRefresh | None = None
        self._logging_in = threading.Lock()
        self.calls = Calls(clock)
        self.limited = 0
        self._refusals = itertools.count(1)
        self.root = f"/services/data/v{connection.api_version}"

    def get(self, path: str, *, what: str) -> Reply:
        """A read of an absolute path."""
        return self.calls.read(lambda: self._exchange("GET", path, None, what))

    def ask(self, path: str, body: object, *, what: str) -> Reply:
        """A read that Salesforce wants as POST."""
        return self.calls.read(lambda: self._exchange("POST", path, body, what))

    def download(self, path: str, *, what: str) -> Answer:
        """A read of what is no JSON, as it came."""
        return self.calls.read(lambda: self._send("GET", path, None, what)[0])

    def write(self, method: str, path: str, body: object, *, what: str) -> Reply:
        """Sent once; after TransientError its effect is not known."""
        return self.calls.write(lambda: self._exchange(method, path, body, what))

    def change(self, path: str, body: object, *, what: str) -> None:
        """A PATCH, which is answered without a body. As `write`."""
        self.calls.write(lambda: self._send("PATCH", path, body, what))

    def query(self, queries: Sequence[str], *, what: str) -> tuple[list[Batch], datetime]:
        """The first page of each of up to five queries, in one call, deleted rows included;
        and the server's clock when they were asked."""
        return self.calls.read(lambda: self._composite(queries, what))

    def rows(self, queries: Iterable[str], *, what: str) -> Iterator[Row]:
        """All rows of any number of queries."""
        left = iter(queries)
        while group := list(islice(left, QUERIES_PER_CALL)):
            for batch in self.query(group, what=what)[0]:
                yield from batch.rows
                for later in self.pages_after(batch, what=what):
                    yield from later.rows

    def pages_after(self, batch: Batch, *, what: str) -> Iterator[Batch]:
        """The later pages of a query. TransientError when the cursor does not move on."""
        followed: set[str] = set()
        while batch.next_url is not None:
            if batch.next_url in followed:
                raise TransientError(f"{what}: the cursor goes round in circles")
            followed.add(batch.next_url)
            batch = self._next_page(batch.next_url, what)
            yield batch

    def user_id(self) -> str:
        """The id of the user we are."""
        what = "Salesforce userinfo"
        return str(part_of(self.get("/services/oauth2/userinfo", what=what).body, "user_id", what))

    def allowance(self) -> tuple[int | None, int | None]:
        """Calls the org used today and may use, as the last answer told."""
        usage = self._client.api_usage.get("api-usage") if self._client else None
        return (usage.used, usage.total) if usage else (None, None)

    def _composite(self, queries: Sequence[str], what: str) -> tuple[list[Batch], datetime]:
        body = {"allOrNone": False, "compositeRequest": [*self._subrequests(queries)]}
        reply = self._exchange("POST", f"{self.root}/composite", body, what)
        parts = part_of(reply.body, "compositeResponse", what)
        if len(parts) != len(queries):
            raise TransientError(f"{what}: the composite answer is incomplete")
        return [self._batch(part, what) for part in parts], reply.asked_at()

    def _subrequests(self, queries: Sequence[str]) -> Iterator[Mapping[str, str]]:
        for number, query in enumerate(queries):
            url = f"{self.root}/queryAll?q={soql.encoded(query)}"
            yield {"method": "GET", "url": url, "referenceId": f"q{number}"}

    def _batch(self, part: Mapping[str, Any], what: str) -> Batch:
        status = int(part.get("httpStatusCode") or 500)
        if status >= 300:
            answer = Answer(status=status, headers={}, body=orjson.dumps(part.get("body")))
            raise error_of(answer, what=what, now=self._clock.now())
        return _page(part.get("body"), what)

    def _next_page(self, url: str, what: str) -> Batch:
        return self.calls.read(lambda: _page(self._exchange("GET", url, None, what).body, what))

    def _exchange(self, method: str, path: str, body: object, what: str) -> Reply:
        answer, took = self._send(method, path, body, what)
        return Reply(body=parse_json(answer, what=what), answer=answer, took=took)

    def _send(self, method: str, path: str, body: object, what: str) -> tuple[Answer, timedelta]:
        with network_errors(what):
            response = self._logged_in().ask(method, path, body)
        answer = answer_of(response)
        if answer.status >= 300:
            if answer.status == 429 or b"REQUEST_LIMIT_EXCEEDED" in answer.body:
                self.limited = next(self._refusals)
            raise error_of(answer, what=what, now=self._clock.now())
        return answer, response.elapsed

    def _logged_in(self) -> OneRefresh:
        with self._logging_in:
            if self._client is None:
                self._client = log_in(self._connection, self._timeouts)
            return self._client


def part_of(body: Any, name: str, what: str) -> Any:
    """A part every sound answer has; TransientError without it."""
    if not isinstance(body, dict) or name not in body:
        raise TransientError(f"{what}: the answer has no {name}")
    return body[name]


def _page(body: Any, what: str) -> Batch:
    rows = part_of(body, "records", what)
    next_url = body.get("nextRecordsUrl")
    if not body.get("done") and not next_url:
        raise TransientError(f"{what}: an unfinished query without a next page")
    return Batch(rows=rows, next_url=next_url)
