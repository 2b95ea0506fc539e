"""`syncd assess`: how qualification is built in two CRMs, and where it breaks. Writes to neither.

Tables, statistics and pages are imported when the command runs, not when the daemon does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click
from rich.console import Console

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.cli.layout import console
from syncd.cli.options import config_option, json_option, print_json, source_of
from syncd.domain.names import System
from syncd.errors import SyncdError
from syncd.settings.secrets import load_secrets

if TYPE_CHECKING:
    from syncd.app_assess import Told

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@config_option
@click.option("--salesforce", help="My Domain (example.my), where there is no crm.yaml.")
@click.option("--hubspot", help="The API's address, where it is not HubSpot's own.")
@click.option("--html", "html_path", type=_FILE, help="Write a page to read and to print.")
@json_option
def assess(
    config_dir: Path,
    salesforce: str | None,
    hubspot: str | None,
    html_path: Path | None,
    as_json: bool,
) -> None:
    """Look at both CRMs for what is broken between marketing and sales, before anything is set up.

    Reads only. Needs credentials (SYNCD_SALESFORCE_CLIENT_ID, SYNCD_SALESFORCE_CLIENT_SECRET,
    SYNCD_HUBSPOT_TOKEN) and --salesforce; standard.yaml, policy.yaml and crm.yaml are used where
    there are any. docs/ASSESS.md lists every check.
    """
    from syncd.app_assess import Address, sight_of
    from syncd.measure.assess.examine import assess as assessed

    _check_output(html_path)
    source = source_of(config_dir)
    secrets, _ = load_secrets(source.environ, source.credentials_dir)
    set_up_logs(secrets.values(), level="ERROR")
    address = Address(salesforce=salesforce, hubspot=hubspot)
    with _progress(Console(stderr=True)) as told:
        sight = sight_of(source, address, clock=SystemClock(Event()), told=told)
    found = assessed(sight)
    if html_path:
        from syncd.cli.assess_page import page

        _write(html_path, page(found, sight))
    if as_json:
        from syncd.cli.assess_json import answer

        print_json(answer(found, sight))
        return
    from syncd.cli.assess_view import show

    show(found, sight, console())
    if html_path:
        click.echo(f"The page: {html_path}")


def _check_output(path: Path | None) -> None:
    """Nobody waits for an hour to hear that the answer has no place."""
    if path and not path.absolute().parent.is_dir():
        raise SyncdError(f"{path} cannot be written: there is no directory {path.parent}")


@contextmanager
def _progress(shown: Console) -> "Iterator[Told]":
    """One line that is written over; none where nobody looks."""
    with shown.status("Looking at both CRMs") as status:

        def told(system: System, read: int) -> None:
            status.update(f"{system.label}: {read:,} records looked at")

        yield told


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SyncdError(f"{path} cannot be written: {error.strerror}") from error
