"""The commands on a store in PostgreSQL: an admin types the same and sees the same."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cli_office import Office, office, page, syncd

from syncd.store_ports import StoreUrl

NEXT_YEAR = f"{datetime.now(UTC) + timedelta(days=365):%Y-%m-%d}"


@pytest.fixture
def made(tmp_path: Path, new_database: Callable[[], StoreUrl]) -> Iterator[Office]:
    """An office whose worker has offered ann to sales and gone home."""
    with office(tmp_path, changes={"path: syncd.db": f"url: {new_database().url}"}) as opened:
        opened.cycles()
        opened.offer(opened.arrive("ann"))
        opened.cycles(3)
        yield opened


def test_what_is_stored_can_be_looked_at_while_the_worker_has_the_store(made: Office) -> None:
    status = json.loads(page(made, "status", "--json"))

    assert status["store"]["leads"] == 1
    assert "ann@acme.example" in page(made, "explain", "ann@acme.example")
    assert page(made, "audit", "verify").startswith("ok")
    assert json.loads(page(made, "links", "--json"))["parked"] == []
    assert list(made.home.glob("*.db*")) == []


def test_an_order_reaches_the_worker(made: Office) -> None:
    rule = ("--rule", "demo-attended", "--gate", "sql", "--reason", "a pilot", "--by", "Vera")

    said = page(made, "waive", "ann@acme.example", *rule, "--until", NEXT_YEAR)
    made.cycles()

    assert "next cycle" in said
    assert "Vera" in page(made, "explain", "ann@acme.example")


def test_a_plan_is_tried_out_on_a_copy_and_changes_nothing(made: Office) -> None:
    made.marketer_sets(made.arrive("bob"), company="Bobs")
    before = page(made, "status", "--json")

    planned = syncd(made, "plan")

    assert planned.exit_code == 0, planned.output
    assert page(made, "status", "--json") == before


def test_a_second_worker_is_told_that_one_is_at_work(made: Office) -> None:
    refused = syncd(made, "run", "--once")

    assert refused.exit_code == 1
    assert "stop it first" in str(refused.exception)
