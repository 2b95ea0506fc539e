"""The board of handoffs: whatever is open is there, on one page or another, in the CSV and in the
API."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from dashboard_cases import FewViews, client
from starlette.testclient import TestClient

from syncd.adapters.web.views import OpenHandoff

MANY = 450


class Hostile(FewViews):
    def board(self) -> Sequence[OpenHandoff]:
        return [replace(x, name="=HYPERLINK(1)", owner="@rita") for x in FewViews.board(self)]


@pytest.fixture(scope="module")
def crowded() -> TestClient:
    return client(FewViews(open=MANY))


def leads_on(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/leads/(lead-\d+)"', page)


def test_every_open_handoff_is_on_one_page(crowded: TestClient) -> None:
    pages = [leads_on(crowded.get(f"/handoffs?page={n}").text) for n in (1, 2, 3, 4)]

    assert [len(x) for x in pages] == [200, 200, 50, 0]
    assert len({x for page in pages for x in page}) == MANY


def test_a_page_leads_to_the_next_and_keeps_what_is_chosen(crowded: TestClient) -> None:
    text = crowded.get("/handoffs?standing=on+track&page=2").text

    links = [x.replace("&amp;", "&") for x in re.findall(r'href="(\?[^"]*)"', text)]

    assert links == ["?standing=on+track&page=1", "?standing=on+track&page=3"]
    assert "Page 2 of 3" in text


def test_few_handoffs_need_no_pages() -> None:
    assert "Page 1 of" not in client().get("/handoffs").text


@pytest.mark.parametrize(
    ("query", "count"), [("", MANY), ("?standing=breached", 3), ("?standing=at+risk", 3)]
)
def test_the_csv_holds_all_of_those_that_are_chosen(
    crowded: TestClient, query: str, count: int
) -> None:
    answer = crowded.get(f"/csv/handoffs{query}")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == count
    assert not query or {x["standing"] for x in rows} == {query[10:].replace("+", " ")}


def test_a_lead_named_like_a_formula_is_none_in_the_csv() -> None:
    answer = client(Hostile()).get("/csv/handoffs")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert {x["name"] for x in rows} == {"'=HYPERLINK(1)"}
    assert {x["owner"] for x in rows} == {"'@rita"}


@pytest.mark.parametrize("query", ["", "?standing=breached"])
def test_the_page_leads_to_the_csv_of_what_it_shows(crowded: TestClient, query: str) -> None:
    assert f'href="/csv/handoffs{query}"' in crowded.get(f"/handoffs{query}").text


def test_the_api_tells_how_many_there_are_and_hands_out_any_part(crowded: TestClient) -> None:
    told = crowded.get("/api/handoffs?standing=on+track&offset=400&limit=1000").json()

    assert told["counts"] == {"on track": MANY - 6, "at risk": 3, "breached": 3}
    assert told["count"] == MANY - 6
    assert len(told["handoffs"]) == MANY - 6 - 400


@pytest.mark.parametrize(
    "address",
    [
        "/handoffs?standing=late",
        "/handoffs?colour=red",
        "/handoffs?standing=breached&standing=breached",
        "/csv/handoffs?standing=late",
        "/csv/handoffs?page=2",
        "/api/handoffs?standing=late",
        "/api/handoffs?limit=0",
        "/api/handoffs?limit=1001",
        "/api/handoffs?colour=red",
    ],
)
def test_what_no_board_knows_is_refused(crowded: TestClient, address: str) -> None:
    assert crowded.get(address).status_code == 400
