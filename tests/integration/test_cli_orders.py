"""`syncd orders` as an admin types it, and what the worker then makes of it, over HTTP and disk."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_office import Office, office, page, syncd


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        opened.arrive("ann")
        opened.cycles(2)
        yield opened


def test_what_was_ordered_is_listed_until_it_is_done(made: Office) -> None:
    page(made, "links", "unlink", "ann@acme.example", "hubspot", "--by", "Ada")

    before = page(made, "orders")
    made.cycles()

    assert "  unlink lead ld_" in before
    assert "  ordered by Ada, " in before
    assert page(made, "orders") == "Nothing is waiting: everything ordered was carried out.\n"


def test_a_withdrawn_order_is_never_carried_out_and_the_audit_says_who_took_it_back(
    made: Office,
) -> None:
    page(made, "links", "unlink", "ann@acme.example", "hubspot", "--by", "Ada")
    name = page(made, "orders").split()[0]

    told = page(made, "orders", "withdraw", name, "--by", "Bo")
    made.cycles()

    assert told.startswith("The next cycle takes it back before it does more of it: unlink lead ld")
    assert page(made, "orders").startswith("Nothing is waiting")
    assert "unlinked" not in page(made, "explain", "ann@acme.example")
    assert _withdrawals(made) == 1


@pytest.mark.parametrize("named", ["ffff", ""])
def test_an_order_that_does_not_wait_cannot_be_withdrawn(made: Office, named: str) -> None:
    result = syncd(made, "orders", "withdraw", named)

    assert result.exit_code == 1
    assert "`syncd orders` lists what waits" in str(result.exception)


def _withdrawals(made: Office) -> int:
    (store,) = made.home.glob("*.db")
    with sqlite3.connect(store) as connection:
        (count,) = connection.execute(
            "select count(*) from audit where facts like '%withdrawn by Bo%'"
        ).fetchone()
    return int(count)
