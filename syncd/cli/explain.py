"""`syncd explain X`: a lead's whole story in both CRMs."""

from pathlib import Path

import click
from rich.console import Console

from syncd.cli.explain_page import page
from syncd.cli.options import (
    config_option,
    find_one,
    json_option,
    open_for_reading,
    print_json,
    source_of,
)
from syncd.cli.story_json import story_json
from syncd.errors import SyncdError


@click.command()
@click.argument("lead")
@config_option
@json_option
def explain(lead: str, config_dir: Path, as_json: bool) -> None:
    """A lead's whole story in both CRMs. LEAD is an email, HubSpot id or Salesforce id."""
    settings = source_of(config_dir).load()
    store = open_for_reading(settings)
    story = store.story(find_one(store, lead))
    if story is None:
        raise SyncdError(f"nothing is stored of {lead}; `syncd status` tells how far syncd read")
    if as_json:
        print_json(story_json(story))
        return
    console = Console(highlight=False)
    for part in page(story, settings):
        console.print(part)
