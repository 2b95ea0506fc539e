"""`syncd release X`: let go of a contested lead."""

from pathlib import Path

import click

from syncd.cli.options import (
    by_option,
    config_option,
    json_option,
    open_for_orders,
    source_of,
)
from syncd.cli.ordering import find_lead, place_order
from syncd.domain.order import ReleaseLead
from syncd.errors import SyncdError


@click.command()
@click.argument("lead")
@by_option
@config_option
@json_option
def release(lead: str, by: str, config_dir: Path, as_json: bool) -> None:
    """Let go of a contested lead: LEAD is an email, HubSpot id or Salesforce id."""
    store = open_for_orders(source_of(config_dir).load())
    found = find_lead(store, lead)
    if found.contest is None:
        raise SyncdError(f"{lead} is not contested; `syncd explain {lead}` shows its story")
    says = "Released; the next cycle judges it again."
    place_order(store, ReleaseLead(lead_id=found.id), by=by, says=says, as_json=as_json)
