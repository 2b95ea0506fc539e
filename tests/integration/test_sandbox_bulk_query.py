"""Bulk API 2.0 query jobs of the sandbox org: what nobody may rely on, and what is promised."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sandbox_org import Sandbox, V
from simple_salesforce.exceptions import SalesforceResourceNotFound


@pytest.fixture
def box() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def started(box: Sandbox, query: str) -> str:
    asked = {"operation": "query", "query": query}
    return str(box.client.restful("jobs/query", method="POST", json=asked)["id"])


def state(box: Sandbox, job_id: str) -> str:
    return str(box.client.restful(f"jobs/query/{job_id}")["state"])


def complete(box: Sandbox, query: str) -> str:
    job_id = started(box, query)
    while state(box, job_id) != "JobComplete":
        pass
    return job_id


def page(box: Sandbox, job_id: str, locator: str = "") -> tuple[list[str], str]:
    """The ids of one page of three, and where the next one is."""
    headers = {"Authorization": f"Bearer {box.client.session_id}"}
    query = {"maxRecords": "3", "locator": locator}
    url = f"{box.url}{V}/jobs/query/{job_id}/results"
    answer = box.session.get(url, params=query, headers=headers, timeout=5)
    rows = csv.DictReader(io.StringIO(answer.content.decode()))
    return [row["Id"] for row in rows], answer.headers["Sforce-Locator"]


def test_rows_come_in_no_order_but_every_page_comes_again_as_it_was(box: Sandbox) -> None:
    leads = box.leads(8)
    job_id = complete(box, "SELECT Id FROM Lead")

    first, after = page(box, job_id)
    second, later = page(box, job_id, after)
    third, end = page(box, job_id, later)

    found = [*first, *second, *third]
    assert (sorted(found), end) == (sorted(leads), "null")
    assert found != leads
    assert page(box, job_id, after) == (second, later)


def test_an_order_that_was_asked_for_is_kept(box: Sandbox) -> None:
    leads = box.leads(3)

    found, _ = page(box, complete(box, "SELECT Id FROM Lead ORDER BY Id DESC"))

    assert found == sorted(leads, reverse=True)


def test_what_changes_after_the_job_was_made_is_not_in_it(box: Sandbox) -> None:
    (first,) = box.leads(1)
    job_id = complete(box, "SELECT Id FROM Lead")

    box.lead(Email="later@acme.example")

    assert page(box, job_id)[0] == [first]


def test_a_job_takes_its_time(box: Sandbox) -> None:
    box.org.settings.bulk_duration = timedelta(minutes=5)
    job_id = started(box, "SELECT Id FROM Lead")
    early = [state(box, job_id) for _ in range(4)]

    box.world.advance(timedelta(minutes=5))

    assert (set(early), state(box, job_id)) == ({"InProgress"}, "JobComplete")


def test_results_are_kept_for_seven_days(box: Sandbox) -> None:
    job_id = complete(box, "SELECT Id FROM Lead")
    box.world.advance(timedelta(days=7))
    kept = state(box, job_id)

    box.world.advance(timedelta(minutes=1))

    assert kept == "JobComplete"
    with pytest.raises(SalesforceResourceNotFound):
        state(box, job_id)
