"""Hand the worker what a person wants, and say what will come of it. Carries out nothing."""

from datetime import UTC, datetime
from uuid import uuid4

import click

from syncd.adapters.store.store import SqlStore
from syncd.cli.options import find_one, print_json
from syncd.cli.wording import context_of
from syncd.core.answers import Answer, why_not
from syncd.domain.lead import Lead
from syncd.domain.order import Order, What
from syncd.errors import SyncdError
from syncd.settings.load import Settings


def find_lead(store: SqlStore, text: str) -> Lead:
    """The one lead a person means, whole."""
    (found,) = store.load([find_one(store, text)]).values()
    return found


def order_of(what: What, *, by: str) -> Order:
    return Order(id=uuid4().hex, what=what, by=by, placed_at=datetime.now(UTC))


def insist_it_can_be(what: Answer, lead: Lead, settings: Settings, *, by: str) -> None:
    """Holds the answer against the lead as it is stored; the worker will once more. SyncdError
    says why it would not be carried out."""
    order = order_of(what, by=by)
    ctx = context_of(lead, settings, now=order.placed_at)
    if refused := why_not(lead, what, order, ctx):
        raise SyncdError(refused)


def place_order(store: SqlStore, what: What, *, by: str, says: str, as_json: bool) -> None:
    """Says `says`, or the order itself to a program."""
    order = order_of(what, by=by)
    store.place(order)
    if as_json:
        print_json(order)
    else:
        click.echo(says)
