"""`syncd release X`: let go of a contested lead."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import click

from syncd.cli.options import (
    by_option,
    config_option,
    find_one,
    json_option,
    open_for_orders,
    print_json,
    source_of,
)
from syncd.domain.order import Order, ReleaseLead
from syncd.errors import SyncdError


@click.command()
@click.argument("lead")
@by_option
@config_option
@json_option
def release(lead: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Let go of a contested lead: LEAD is an email, HubSpot id or Salesforce id."""
    store = open_for_orders(source_of(config_dir).load())
    lead_id = find_one(store, lead)
    found = store.load([lead_id])[lead_id]
    if found.contest is None:
        raise SyncdError(f"{lead} is not contested; `syncd explain {lead}` shows its story")
    now = datetime.now(UTC)
    order = Order(id=uuid4().hex, what=ReleaseLead(lead_id=found.id), by=by, placed_at=now)
    store.place(order)
    if as_json:
        print_json(order)
    else:
        click.echo("Released; the next cycle judges it again.")
