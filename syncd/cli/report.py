"""`syncd report`: the one set of numbers of a period, as a page, as files, or on the terminal; and
the monthly meeting's page. Writes to no CRM.

Tables and drawings are imported when the command runs, not when the daemon does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncd.cli.layout import console
from syncd.cli.options import config_option, json_option, print_json, source_of
from syncd.cli.outcome_options import horizon_option
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.measure.report import Report

_FILE = click.Path(path_type=Path, dir_okay=False)
_DIRECTORY = click.Path(path_type=Path, file_okay=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was typed."""

    config_dir: Path
    period: str | None
    by: str | None
    only: tuple[str, ...]
    html_path: Path | None
    csv_dir: Path | None
    as_json: bool
    meeting: bool
    horizon: timedelta


@click.command()
@config_option
@click.option(
    "--period",
    metavar="PERIOD",
    help="2026-10, 2026-Q4, 2026 or 2026-07..2026-10. Default: the last whole month.",
)
@click.option(
    "--by",
    type=click.Choice(["segment", "source", "campaign", "owner", "team", "standard"]),
    help="Split every table by this that can be.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="NAME=VALUE",
    help="Only these leads, such as source=Webinar; may be given several times.",
)
@click.option("--html", "html_path", type=_FILE, help="Write a page to read and to print.")
@click.option("--csv", "csv_dir", type=_DIRECTORY, help="Write each table to a file in here.")
@click.option("--meeting", is_flag=True, help="The joint meeting's page of that month instead.")
@horizon_option
@json_option
def report(**given: Any) -> None:
    """The one report of marketing and sales: every number with what it means.

    The same tables as the dashboard's. With --meeting: what the rules of the standard came to,
    and what to change in it.
    """
    asked = _Asked(**given)
    _check_outputs(asked)
    if asked.meeting:
        from syncd.cli.report_meeting import answer_meeting

        answer_meeting(
            asked.config_dir,
            period=asked.period,
            only=asked.only,
            span=asked.horizon,
            html_path=asked.html_path,
            as_json=asked.as_json,
        )
        return
    _answer(asked, _made(asked))


def _made(asked: _Asked) -> "Report":
    from syncd.cli.measured import facts_of, scope_of, warn_of_unseen
    from syncd.measure.catalogue import MEASURES, SECTIONS
    from syncd.measure.facts import Dimension
    from syncd.measure.report import Catalogue, report_of

    settings = source_of(asked.config_dir).load()
    scope = scope_of(settings, asked.period, asked.only, now=datetime.now(UTC))
    catalogue = Catalogue(measures=MEASURES, sections=SECTIONS)
    by = Dimension(asked.by) if asked.by else None
    facts = facts_of(settings)
    warn_of_unseen(facts, scope)
    return report_of(catalogue, facts, scope, by=by)


def _answer(asked: _Asked, made: "Report") -> None:
    from syncd.cli.report_files import write_page, write_tables
    from syncd.cli.report_page import page
    from syncd.cli.report_view import show

    if asked.html_path:
        write_page(asked.html_path, page(made))
    if asked.csv_dir:
        write_tables(asked.csv_dir, made)
    if asked.as_json:
        print_json(made)
        return
    if not asked.html_path and not asked.csv_dir:
        show(made, console())
    if asked.html_path:
        click.echo(f"The report: {asked.html_path}")
    if asked.csv_dir:
        click.echo(f"Its tables: {asked.csv_dir}")


def _check_outputs(asked: _Asked) -> None:
    """No answer is found to have no place when it is ready."""
    if asked.meeting and (asked.by or asked.csv_dir):
        raise click.UsageError("--meeting is a page by itself: leave out --by and --csv")
    for path in filter(None, (asked.html_path, asked.csv_dir)):
        if not path.absolute().parent.is_dir():
            raise SyncdError(f"{path} cannot be written: there is no directory {path.parent}")
