"""`syncd standard`: read the standard, sign it, and see what changed in it."""

import click

from syncd.cli.standard_draft import draft


@click.group()
def standard() -> None:
    """What qualified means: draft it, read it, sign it, compare two of it."""


standard.add_command(draft)
