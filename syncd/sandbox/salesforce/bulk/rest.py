"""Bulk API 2.0 over REST: jobs/query and jobs/ingest."""

from collections.abc import Iterable
from typing import Any

from syncd.sandbox.salesforce.bulk.ingest import IngestJob
from syncd.sandbox.salesforce.bulk.jobs import refused
from syncd.sandbox.salesforce.bulk.query import QueryJob
from syncd.sandbox.salesforce.bulk.state import ENDED, State
from syncd.sandbox.salesforce.bulk.writing import Outcome
from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import Problem, Refused, not_found
from syncd.sandbox.server import Response

LARGEST_PAGE = 50_000


def queries(call: Call) -> Response:
    jobs = call.site.jobs
    match (call.request.method, *call.parts[2:]):
        case ("POST",):
            job = jobs.start_query(call.body(), call.version)
            return Response(body=_queried(job))
        case ("GET", job_id):
            job = jobs.query(job_id)
            job.be_seen(call.org)
            count = {"jobType": "V2Query", "numberRecordsProcessed": job.result.total, "retries": 0}
            return Response(body={**_queried(job), **count})
        case ("DELETE", job_id):
            jobs.forget_query(jobs.query(job_id).ticket.id)
            return Response(status=204)
        case ("GET", job_id, "results"):
            return _page(call, jobs.query(job_id))
        case _:
            raise not_found()


def ingests(call: Call) -> Response:
    jobs = call.site.jobs
    match (call.request.method, *call.parts[2:]):
        case ("POST",):
            return _opened(jobs.start_ingest(call.body(), call.version))
        case ("GET", job_id):
            job = jobs.ingest(job_id)
            job.be_seen(call.org)
            return Response(body=_ingested(job))
        case ("PUT", job_id, "batches"):
            jobs.ingest(job_id).upload(call.request.body)
            return Response(status=201)
        case ("PATCH", job_id):
            return _moved(call, jobs.ingest(job_id))
        case ("DELETE", job_id):
            if jobs.ingest(job_id).state not in ENDED:
                raise refused("INVALIDJOBSTATE", "InvalidJobState : the job has not ended")
            jobs.forget_ingest(job_id)
            return Response(status=204)
        case ("GET", job_id, what):
            return _results(call, jobs.ingest(job_id), what.lower())
        case _:
            raise not_found()


def _queried(job: QueryJob) -> dict[str, Any]:
    return {
        **job.ticket.told(job.state, job.ticket.created),
        "lineEnding": job.dialect.ending,
        "columnDelimiter": job.dialect.delimiter,
    }


def _page(call: Call, job: QueryJob) -> Response:
    """One page of CSV; the locator header is the word null on the last page."""
    if job.state is not State.COMPLETE:
        return _too_early(call)
    locator, most = call.request.param("locator"), call.request.param("maxRecords")
    start = int(locator) if locator.isdecimal() else 0
    end = start + min(LARGEST_PAGE, int(most) if most.isdecimal() else LARGEST_PAGE)
    rows = job.result.rows[start:end]
    answer = job.dialect.answer(job.header, [job.cells(row) for row in rows])
    headers = {
        **answer.headers,
        "Sforce-NumberOfRecords": str(len(rows)),
        "Sforce-Locator": str(end) if end < len(job.result.rows) else "null",
    }
    return Response(body=answer.body, headers=headers)


def _too_early(call: Call) -> Response:
    """Documents differ: an error, or nothing at all."""
    status = call.org.settings.early_results_status
    if status == 204:
        return Response(status=204)
    problem = Problem(code="JOB_NOT_COMPLETE", message="the job has not completed")
    raise Refused(problem, status=status)


def _opened(job: IngestJob) -> Response:
    place = f"services/data/{job.ticket.version}/jobs/ingest/{job.ticket.id}/batches"
    return Response(
        body={
            **job.ticket.told(job.state, job.stamp),
            "contentUrl": place,
            "lineEnding": job.dialect.ending,
            "columnDelimiter": job.dialect.delimiter,
        }
    )


def _moved(call: Call, job: IngestJob) -> Response:
    match call.body().get("state"):
        case State.UPLOADED:
            job.close(call.org)
        case State.ABORTED:
            job.abort(call.org)
        case wanted:
            raise refused("INVALIDJOBSTATE", f"InvalidJobState : no job becomes {wanted}")
    return Response(body=job.ticket.told(job.state, job.stamp))


def _ingested(job: IngestJob) -> dict[str, Any]:
    done = len(job.outcomes)
    return {
        **job.ticket.told(job.state, job.stamp),
        "jobType": "V2Ingest",
        "lineEnding": job.dialect.ending,
        "columnDelimiter": job.dialect.delimiter,
        "numberRecordsProcessed": done,  # the failed ones included
        "numberRecordsFailed": sum(each.error is not None for each in job.outcomes),
        "retries": 0,
        "totalProcessingTime": done,
        "apiActiveProcessingTime": done,
        "apexProcessingTime": 0,
        **({"errorMessage": job.error} if job.state is State.FAILED else {}),
    }


def _results(call: Call, job: IngestJob, what: str) -> Response:
    """Clients ask for `unprocessedRecords`, the documents say `unprocessedrecords`."""
    if what not in ("successfulresults", "failedresults", "unprocessedrecords"):
        raise not_found()
    if job.state not in ENDED:
        return _too_early(call)
    if what == "unprocessedrecords":
        return job.dialect.answer(job.header, job.waiting)
    failed = what == "failedresults"
    told = [each for each in job.scattered() if (each.error is not None) is failed]
    column = "sf__Error" if failed else "sf__Created"
    return job.dialect.answer(("sf__Id", column, *job.header), _rows(told))


def _rows(outcomes: Iterable[Outcome]) -> list[tuple[str, ...]]:
    return [
        (each.record_id, each.error or ("true" if each.created else "false"), *each.cells)
        for each in outcomes
    ]
