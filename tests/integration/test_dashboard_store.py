"""The dashboard over a store that a worker filled: every page, and what an operator orders."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cli_office import MINUTE, Office, Person, office
from dashboard_cases import passwords
from starlette.testclient import TestClient

from syncd.adapters.store.store import open_store
from syncd.adapters.web.dashboard import dashboard
from syncd.cli.dashboard.counting import FreshFacts
from syncd.cli.dashboard.views import StoreViews
from syncd.domain.order import AcceptHandoff, Via


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Person]]:
    """Ann was offered to sales; Bob only came."""
    with office(tmp_path_factory.mktemp("dashboard")) as made:
        made.cycles()
        ann, _ = made.arrive("ann"), made.arrive("bob")
        made.cycles()
        made.offer(ann)
        made.cycles(2, every=10 * MINUTE)
        made.go_home()
        yield made, ann


@pytest.fixture(scope="module")
def visitor(lived: tuple[Office, Person]) -> Iterator[TestClient]:
    source = lived[0].source()
    views = StoreViews(source, source.load())
    made = TestClient(
        dashboard(views, passwords()), base_url="http://127.0.0.1", follow_redirects=True
    )
    made.post("/sign-in", data={"name": "Olga", "password": "act", "next": "/"})
    yield made
    views.close()


def lead_address(visitor: TestClient, person: Person) -> str:
    found = re.search(r'href="(/leads/[^"]+)"', visitor.get(f"/leads?q={person.email}").text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    "address", ["/", "/handoffs", "/standard", "/standard/document", "/reconciliation", "/health"]
)
def test_every_page_is_made_of_the_store(visitor: TestClient, address: str) -> None:
    answer = visitor.get(address)

    assert answer.status_code == 200, answer.text


def test_every_section_of_the_report_is_a_page(visitor: TestClient) -> None:
    sections = set(re.findall(r'href="(/funnel/[^"?]+)\?', visitor.get("/funnel").text))

    assert sections
    assert {visitor.get(f"{x}?period=2026-03").status_code for x in sections} == {200}


def test_a_lead_is_found_and_its_story_told(
    visitor: TestClient, lived: tuple[Office, Person]
) -> None:
    text = visitor.get(lead_address(visitor, lived[1])).text

    assert "Ann Lee (Acme [Holding])" in text
    assert "→ MQL in HubSpot" in text
    assert "Judged at the MQL gate" in text


def test_the_dashboard_knows_what_was_spent_as_the_report_does(
    lived: tuple[Office, Person], tmp_path: Path
) -> None:
    spend = tmp_path / "spend.csv"
    spend.write_text("source,month,amount\nWeb,2026-03,900\n", encoding="utf-8")

    source = lived[0].source()
    views = StoreViews(source, replace(source.load(), spend=spend))
    known = views.facts().spend
    views.close()

    assert known.rows() == [("Web", date(2026, 3, 1), 900.0)]


def test_what_cannot_be_read_once_is_read_the_next_time(lived: tuple[Office, Person]) -> None:
    source, at = lived[0].source(), datetime(2026, 3, 9, tzinfo=UTC)
    times: list[datetime | None] = [at, None, at + MINUTE]

    def now() -> datetime:
        if (told := times.pop(0)) is None:
            raise ZeroDivisionError
        return told

    fresh = FreshFacts(source, source.load(), now)
    first = fresh.read_at
    fresh.renew()
    second = fresh.read_at
    fresh.renew()
    fresh.close()

    assert (first, second, fresh.read_at) == (at, at, at + MINUTE)


def test_a_changed_configuration_is_taken_up_once_it_is_sound(
    lived: tuple[Office, Person],
) -> None:
    source = lived[0].source()
    policy = source.config_dir / "policy.yaml"
    sound = policy.read_text(encoding="utf-8")
    fresh = FreshFacts(source, source.load(), lambda: datetime(2026, 3, 9, tzinfo=UTC))
    first = fresh.settings
    try:
        policy.write_text("nonsense: true\n", encoding="utf-8")
        fresh.renew()
        second = fresh.settings
        policy.write_text(f"{sound}# as before\n", encoding="utf-8")
        fresh.renew()
    finally:
        policy.write_text(sound, encoding="utf-8")
        fresh.close()

    assert second is first
    assert fresh.settings is not first


def test_what_is_written_down_as_spent_later_is_counted_too(lived: tuple[Office, Person]) -> None:
    source = lived[0].source()
    policy, spend = (source.config_dir / x for x in ("policy.yaml", "spend.csv"))
    sound = policy.read_text(encoding="utf-8")
    policy.write_text(f"{sound}\nspend: spend.csv\n", encoding="utf-8")
    spend.write_text("source,month,amount\nWeb,2026-02,5\n", encoding="utf-8")
    try:
        fresh = FreshFacts(source, source.load(), lambda: datetime(2026, 3, 9, tzinfo=UTC))
        first = fresh.latest.spend.height
        spend.write_text("source,month,amount\nWeb,2026-02,5\nWeb,2026-03,7\n", encoding="utf-8")
        fresh.renew()
    finally:
        policy.write_text(sound, encoding="utf-8")
        fresh.close()

    assert (first, fresh.latest.spend.height) == (1, 2)


@pytest.mark.parametrize("side", ["HubSpot", "Salesforce"])
def test_the_id_of_a_record_leads_to_its_lead(
    visitor: TestClient, lived: tuple[Office, Person], side: str
) -> None:
    page = visitor.get(lead_address(visitor, lived[1]))
    records = dict(re.findall(r">(HubSpot|Salesforce) \w+ (\w+)</a>", page.text))

    answer = visitor.get(f"/leads/{records[side]}")

    assert answer.url.path == page.url.path


def test_an_open_handoff_stands_on_the_board(visitor: TestClient) -> None:
    text = visitor.get("/handoffs").text

    assert "Ann Lee" in text
    assert "Bob Lee" not in text


def test_the_health_page_names_both_crms(visitor: TestClient) -> None:
    text = visitor.get("/health").text

    assert "Salesforce" in text
    assert "HubSpot" in text


def test_what_an_operator_orders_waits_for_the_worker(
    visitor: TestClient, lived: tuple[Office, Person]
) -> None:
    address = lead_address(visitor, lived[1])
    page = visitor.get(address).text
    secret = re.search(r'name="secret" value="([^"]+)"', page)
    assert secret

    answer = visitor.post(
        "/do",
        data={"deed": "snooze", "target": address.split("/")[-1], "secret": secret[1]},
    )

    store = open_store(lived[0].source().load().store, read_only=True)
    waiting = store.waiting()
    store.close()
    assert "The next cycle carries it out" in answer.text
    assert [(x.by, x.via) for x in waiting] == [("Olga", Via.DASHBOARD)]
    assert not isinstance(waiting[0].what, AcceptHandoff)
