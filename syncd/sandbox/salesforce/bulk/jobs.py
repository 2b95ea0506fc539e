"""The org's bulk jobs by id: starting them and finding them again."""

from collections.abc import Mapping
from random import Random
from typing import Any, TypeVar

from syncd.sandbox.salesforce.bulk.ingest import IngestJob
from syncd.sandbox.salesforce.bulk.query import QueryJob
from syncd.sandbox.salesforce.bulk.sheet import Dialect
from syncd.sandbox.salesforce.bulk.state import Progress, Ticket
from syncd.sandbox.salesforce.bulk.writing import OPERATIONS, Order
from syncd.sandbox.salesforce.errors import Problem, Refused, not_found
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.soql.run import run
from syncd.sandbox.salesforce.table import Row

PREFIX = "750"

Job = TypeVar("Job", QueryJob, IngestJob)


class Jobs:
    """Query jobs and ingest jobs are two lists, as in the API."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._queries: dict[str, QueryJob] = {}
        self._ingests: dict[str, IngestJob] = {}

    def work(self) -> None:
        """Let every ingest job do what is due."""
        for job in self._ingests.values():
            job.work(self._org)

    def query(self, job_id: str) -> QueryJob:
        """Raises Refused NOT_FOUND, also once the results are no longer kept."""
        job = _found(self._queries, job_id)
        if self._org.clock.now() > job.progress.due + self._org.settings.bulk_kept:
            self.forget_query(job_id)
            raise not_found()
        return job

    def ingest(self, job_id: str) -> IngestJob:
        """Raises Refused NOT_FOUND."""
        return _found(self._ingests, job_id)

    def forget_query(self, job_id: str) -> None:
        self._queries.pop(job_id)

    def forget_ingest(self, job_id: str) -> None:
        self._ingests.pop(job_id)

    def start_query(self, asked: Mapping[str, Any], version: str) -> QueryJob:
        operation = str(asked.get("operation", ""))
        if operation not in ("query", "queryAll"):
            raise refused("INVALIDOPERATION", f"Unknown operation: {operation}")
        text = str(asked.get("query", ""))
        result = run(self._org.store, text, with_deleted=operation == "queryAll")
        if not result.columns:
            raise refused("API_ERROR", "COUNT() is not supported by bulk query")
        settings = self._org.settings
        _scatter(result.rows, text)
        job = QueryJob(
            ticket=self._ticket(operation, result.kind.name, version),
            dialect=_dialect(asked),
            result=result,
            progress=Progress(
                due=self._org.clock.now() + settings.bulk_duration, polls_left=settings.bulk_polls
            ),
        )
        self._queries[job.ticket.id] = job
        return job

    def start_ingest(self, asked: Mapping[str, Any], version: str) -> IngestJob:
        order = self._order(asked)
        job = IngestJob(
            ticket=self._ticket(order.operation, order.object, version, order.key_field),
            order=order,
            dialect=_dialect(asked),
            stamp=self._org.moment(),
        )
        self._ingests[job.ticket.id] = job
        return job

    def _order(self, asked: Mapping[str, Any]) -> Order:
        operation, key = str(asked.get("operation", "")), asked.get("externalIdFieldName")
        if operation not in OPERATIONS:
            raise refused("INVALIDOPERATION", f"Unknown operation: {operation}")
        if operation == "upsert" and not key:
            raise refused("INVALIDJOB", "InvalidJob : externalIdFieldName is required for upsert")
        if asked.get("contentType", "CSV") != "CSV":
            raise refused("INVALIDJOB", "InvalidJob : only CSV is supported")
        rule = asked.get("assignmentRuleId")
        return Order(
            object=self._org.store.table(str(asked.get("object", ""))).kind.name,
            operation=operation,
            key_field=str(key) if key and operation == "upsert" else None,
            assignment=self._org.assignments.named(str(rule)) if rule else None,
        )

    def _ticket(
        self, operation: str, object_name: str, version: str, key_field: str | None = None
    ) -> Ticket:
        return Ticket(
            id=self._org.mint.next(PREFIX),
            operation=operation,
            object=object_name,
            user_id=self._org.integration.id,
            created=self._org.moment(),
            version=version,
            key_field=key_field,
        )


def refused(code: str, message: str) -> Refused:
    return Refused(Problem(code=code, message=message))


def _scatter(rows: list[Row], query: str) -> None:
    """Without ORDER BY an org promises no order; here it is another one for every count of
    rows, so that nobody comes to rely on it."""
    if "ORDER BY" not in query.upper():
        Random(len(rows)).shuffle(rows)


def _dialect(asked: Mapping[str, Any]) -> Dialect:
    try:
        return Dialect(
            delimiter=str(asked.get("columnDelimiter", "COMMA")),
            ending=str(asked.get("lineEnding", "LF")),
        )
    except ValueError as error:
        raise refused("INVALIDJOB", f"InvalidJob : {error}") from error


def _found(jobs: Mapping[str, Job], job_id: str) -> Job:
    job = jobs.get(job_id)
    if job is None:
        raise not_found()
    return job
