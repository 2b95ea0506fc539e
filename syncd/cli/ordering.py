"""Hand the worker what a person wants, and say what will come of it. Carries out nothing."""

from datetime import UTC, datetime
from uuid import uuid4

import click

from syncd.adapters.store.store import SqlStore
from syncd.cli.options import find_one, print_json
from syncd.domain.lead import Lead
from syncd.domain.order import Order, What


def find_lead(store: SqlStore, text: str) -> Lead:
    """The one lead a person means, whole."""
    (found,) = store.load([find_one(store, text)]).values()
    return found


def place_order(store: SqlStore, what: What, *, by: str, says: str, as_json: bool) -> None:
    """Says `says`, or the order itself to a program."""
    order = Order(id=uuid4().hex, what=what, by=by, placed_at=datetime.now(UTC))
    store.place(order)
    if as_json:
        print_json(order)
    else:
        click.echo(says)
