"""The pages of the dashboard, as a browser without JavaScript gets them."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from core_cases import CRM
from dashboard_cases import FewViews, Steps, client, facts
from starlette.testclient import TestClient

from syncd.domain.names import RecordId, System
from syncd.measure.catalogue import MEASURES, SECTIONS
from syncd.measure.facts import Dimension, Facts
from syncd.measure.number_words import number_words
from syncd.measure.period import period_of
from syncd.measure.scope import Scope
from syncd.measure.tables import Table

PAGES = (
    "/",
    "/funnel/funnel?period=2026-10",
    "/funnel/funnel?period=2026-Q4&by=source",
    "/funnel/speed-promises",
    "/behind/funnel?row=sql&column=leads&period=2026-10",
    "/handoffs",
    "/handoffs?standing=at+risk",
    "/leads",
    "/leads?q=ann",
    "/leads/lead-3",
    "/standard",
    "/standard/document",
    "/reconciliation",
    "/reconciliation/2026-09/mql?row=time-zone&column=hubspot",
    "/health",
)


@pytest.fixture(scope="module")
def visitor() -> TestClient:
    return client()


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there(visitor: TestClient, address: str) -> None:
    answer = visitor.get(address)

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_a_script_or_a_style_of_its_own(visitor: TestClient, address: str) -> None:
    text = visitor.get(address).text

    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"<script(?! src=\"/static/)", text)
    assert not re.search(r" on[a-z]+=", text)  # no handler among the attributes


def test_a_page_holds_nothing_that_somebody_put_into_a_crm_as_code(visitor: TestClient) -> None:
    text = visitor.get("/funnel/funnel?period=2026-10&by=source").text

    assert "<b>Söhne" not in text
    assert "&lt;b&gt;Söhne" in text


def test_a_page_shows_the_numbers_of_its_table(visitor: TestClient) -> None:
    period = period_of("2026-10", "America/New_York")
    scope = Scope(
        start=period.start,
        end=period.end,
        label=period.label,
        time_zone="America/New_York",
        now=FewViews().at,
        only={Dimension.SEGMENT: ("enterprise",)},
    )
    table = Steps().table(facts(), scope)

    text = visitor.get("/funnel/funnel?period=2026-10&segment=enterprise").text

    shown = re.findall(r'<span class="value[^"]*">([^<]*)</span>', text)
    assert shown == [
        number_words(row.numbers[column.id], column.unit)
        for row in table.rows
        for column in table.columns
    ]


def test_every_number_opens_to_as_many_leads_as_it_says(visitor: TestClient) -> None:
    text = visitor.get("/funnel/funnel?period=2026-10&source=Webinar").text
    links = re.findall(r'<a href="(/behind/[^"]*)"[^>]*>\n?<span class="value">([\d,]+)</', text)
    assert links

    counts = [
        re.search(r"· ([\d,]+) leads?</p>", visitor.get(x.replace("&amp;", "&")).text)
        for x, _ in links
    ]

    assert [x and x[1] for x in counts] == [n for _, n in links]


def test_a_csv_is_safe_to_open(visitor: TestClient) -> None:
    answer = visitor.get("/csv/funnel?period=2026-10&by=source")

    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-disposition"] == 'attachment; filename="funnel.csv"'
    assert "'=cmd|' /C calc'!A0" in {x["row"] for x in rows}
    assert not any(x["row"].startswith("=") for x in rows)


def test_the_leads_behind_a_number_come_as_csv(visitor: TestClient) -> None:
    number = re.search(
        r"([\d,]+) leads</p>", visitor.get("/behind/funnel?row=sql&column=leads").text
    )

    text = visitor.get("/csv/funnel/leads?row=sql&column=leads").text

    assert number
    assert len(list(csv.DictReader(io.StringIO(text)))) == int(number[1])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=2026-13", "2026-10, 2026-Q4"),
        ("period=2026-10&period=2026-11", "more than once"),
        ("period=2026-10..2026-07", "ends before it begins"),
        ("by=colour", "nothing to split by"),
        ("colour=red", "is no filter"),
        (f"source={'x' * 201}", "longer than 200"),
        ("source=%ff", "cannot be read"),
        ("&".join(f"source={x}" for x in range(51)), "more than 50 values"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_with_words(
    visitor: TestClient, query: str, words: str
) -> None:
    answer = visitor.get(f"/funnel/funnel?{query}")

    assert answer.status_code == 400
    assert words in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere",
        "/funnel/none",
        "/leads/nobody",
        "/csv/reconciliation/2026-09/sql",
        "/reconciliation/2026-09/mql",
        "/reconciliation/2026-09/mql?row=merged&column=hubspot",
        "/csv/reconciliation/2026-09/mql/records?row=time-zone&column=both",
        "/static/none.css",
    ],
)
def test_what_is_not_there_is_said_so(visitor: TestClient, address: str) -> None:
    assert visitor.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"/leads?q={'x' * 201}", "longer than an email"),
        ("/leads?q=a%0ab", "not known here"),
        ("/leads?q=a&q=b", "given twice"),
        ("/leads?told=yes", "not known here"),
        ("/funnel/funnel?" + "source=x&" * 900, "too long"),
        ("/funnel/funnel?" + "source=x&" * 201, "cannot be read"),
    ],
)
def test_what_no_page_makes_is_refused_with_words(
    visitor: TestClient, address: str, words: str
) -> None:
    answer = visitor.get(address)

    assert answer.status_code == 400
    assert words in answer.text


def test_a_field_that_stands_differently_in_both_crms_is_marked(visitor: TestClient) -> None:
    text = visitor.get("/leads/lead-1").text

    assert re.findall(r'<tr class="differs"><th scope="row">(\w+)<', text) == ["country"]


def test_the_id_of_a_crm_leads_to_the_lead(visitor: TestClient) -> None:
    answer = visitor.get("/leads/ann-in-hubspot?told=done")

    assert (answer.status_code, answer.headers["location"]) == (303, "/leads/lead-1")


def test_the_standard_shows_what_its_rules_came_to(visitor: TestClient) -> None:
    assert 'href="/csv/funnel?' in visitor.get("/standard").text
    assert 'href="/csv/funnel?' not in client(FewViews(ledger=())).get("/standard").text


def test_a_table_that_cannot_be_split_so_is_shown_as_a_whole(visitor: TestClient) -> None:
    text = visitor.get("/funnel/funnel?by=team").text

    assert "cannot be split by team: shown as a whole" in text


def test_the_period_begins_at_midnight_of_the_team(visitor: TestClient) -> None:
    first = visitor.get("/api/tables/funnel?period=2026-10").json()["view"]

    assert first["start"] == "2026-10-01T04:00:00+00:00"
    assert first["end"] == "2026-11-01T04:00:00+00:00"


def test_new_facts_are_seen_within_a_minute() -> None:
    views = FewViews()
    visitor = client(views)
    before = visitor.get("/csv/funnel").text

    views.known = replace(views.known, rounds=views.known.rounds.head(7))
    views.at += timedelta(minutes=1)

    assert visitor.get("/csv/funnel").text != before


def test_the_same_view_is_counted_once() -> None:
    views, counted = FewViews(), Counting()
    views.measures = {"funnel": counted}
    visitor = client(views)

    for _ in range(3):
        visitor.get("/funnel/funnel?source=Webinar&period=2026-10")

    assert counted.times == 1


class Counting(Steps):
    times = 0

    def table(self, facts: Facts, scope: Scope, by: Dimension | None = None) -> Table:
        Counting.times += 1
        return Steps().table(facts, scope, by)


@pytest.mark.parametrize("address", ["/funnel/funnel", "/api/health", "/static/style.css", "/no"])
def test_every_answer_tells_the_browser_what_it_may_do(visitor: TestClient, address: str) -> None:
    headers = visitor.get(address).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_another_name_for_this_machine_is_not_answered(visitor: TestClient) -> None:
    answer = visitor.get("/handoffs", headers={"Host": "evil.example"})

    assert answer.status_code == 421
    assert "Ann" not in answer.text


def test_an_address_where_nothing_is_still_leads_on(visitor: TestClient) -> None:
    text = visitor.get("/nowhere").text

    assert "Nothing is at this address." in text
    assert '<a href="/handoffs">' in text


def test_the_first_page_shows_numbers_of_the_report_that_open_to_their_leads() -> None:
    visitor = client(FewViews(measures=MEASURES, sections=SECTIONS))
    text = visitor.get("/?period=2026-10&segment=enterprise").text
    found = re.findall(r'<a href="(/behind/[^"]*)"[^>]*>\n?<span class="value">([\d,]+)</', text)

    counts = [
        re.search(r"· ([\d,]+) leads?</p>", visitor.get(x.replace("&amp;", "&")).text)
        for x, _ in found
    ]

    assert [n for _, n in found] == ["40", "40"]
    assert [x and x[1] for x in counts] == ["40", "40"]


def test_the_first_page_is_of_all_whatever_the_address_splits_by() -> None:
    visitor = client(FewViews(measures=MEASURES, sections=SECTIONS))
    whole, split = (visitor.get(f"/?period=2026-10{x}").text for x in ("", "&by=owner"))

    assert split == whole


def test_a_contested_lead_is_one_step_from_the_page_of_health(visitor: TestClient) -> None:
    assert '<a href="/leads/lead-3">Ann Bell</a> is frozen' in visitor.get("/health").text


def test_a_number_says_how_it_stands_to_its_target_and_a_drawing_what_it_draws(
    visitor: TestClient,
) -> None:
    text = visitor.get("/funnel/funnel?period=2026-10").text

    assert re.search(r'<small class="(met|missed)">target [0-9.]+ %: (met|below)', text)
    assert re.search(r"<figcaption>[^<]+%\.", text)


def test_a_reconciled_number_opens_to_its_records_in_both_crms(visitor: TestClient) -> None:
    page = visitor.get("/reconciliation").text
    address = "/reconciliation/2026-09/mql?row=time-zone&column=hubspot"

    assert f'href="{address}"' in page
    text = visitor.get(address).text
    assert "2 records" in text
    assert 'href="/leads/lead-1">Ann lead-1 (Acme &lt;b&gt;AG&lt;/b&gt;)</a>' in text
    assert "In no lead" in text
    assert "Salesforce has &lt;b&gt;1 October&lt;/b&gt;" in text
    assert CRM.sides[System.SALESFORCE].link(RecordId("00Q1")) in unescape(text)


def test_the_records_of_a_reconciled_number_are_a_csv_and_json_too(visitor: TestClient) -> None:
    query = "row=time-zone&column=hubspot"

    lines = visitor.get(f"/csv/reconciliation/2026-09/mql/records?{query}").text.splitlines()
    told = visitor.get(f"/api/reconciliations/2026-09/mql/records?{query}&limit=1").json()

    assert [x.split(",")[1] for x in lines] == ["reason", "time-zone", "time-zone"]
    assert (told["count"], [x["hubspot_id"] for x in told["records"]]) == (2, ["101"])


def test_a_number_that_was_not_reconciled_is_said_to_be_none(visitor: TestClient) -> None:
    answer = visitor.get("/api/reconciliations/2026-09/mql/records?row=merged&column=hubspot")

    assert answer.status_code == 404
    assert answer.json() == {"problems": ["The reconciliation has no such number."]}
