"""`syncd standard draft`: a proposal for standard.yaml, worked out from leads that were won.

Tables and statistics are imported when the command runs, not when the daemon does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncd.cli.layout import console
from syncd.cli.options import config_option
from syncd.cli.outcome_options import forced_option, horizon_option, known_fields, source_options
from syncd.domain.names import FieldName
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.cli.outcome_source import Outcomes
    from syncd.measure.draft import Asked

_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    config_dir: Path
    csv_path: Path | None
    map_path: Path | None
    from_crms: bool
    horizon: timedelta
    forced: tuple[str, ...]
    out_path: Path


@click.command()
@config_option
@source_options
@horizon_option
@forced_option
@click.option(
    "--out",
    "out_path",
    type=_FILE,
    default=Path("standard-draft.yaml"),
    show_default=True,
    help="Where the proposal goes; a file that is there is not touched.",
)
def draft(**given: Any) -> None:
    """Propose a standard from leads that were won. It proposes; people decide.

    Finds what separated won leads from the rest before they were handed to sales, and writes it
    as a commented standard.yaml with the evidence behind every line. Changes nothing else.
    """
    from syncd.cli.outcome_source import outcomes_of
    from syncd.cli.standard_draft_view import show
    from syncd.measure.draft import draft as drafted
    from syncd.measure.draft_page import page

    typed = _Typed(**given)
    _is_free(typed.out_path)
    outcomes = outcomes_of(
        typed.config_dir,
        csv_path=typed.csv_path,
        map_path=typed.map_path,
        from_crms=typed.from_crms,
    )
    asked = _asked(typed, outcomes)
    found = drafted(outcomes.leads, asked)
    show(found, asked.now, console())
    _write(typed.out_path, page(found, asked.now))
    click.echo(f"\n{typed.out_path}: written, unsigned. Read it, correct it, then hold it against")
    click.echo(f"the same leads: syncd backtest --standard {typed.out_path} …")


def _asked(typed: _Typed, outcomes: "Outcomes") -> "Asked":
    from syncd.measure.draft import Asked
    from syncd.settings.standard_build import RESERVED

    known_fields(typed.forced, outcomes.leads.as_of)
    return Asked(
        fields=outcomes.fields,
        span=typed.horizon,
        now=datetime.now(UTC),
        forced=frozenset(map(FieldName, typed.forced)),
        taken=RESERVED,
    )


def _is_free(path: Path) -> None:
    if path.exists():
        raise SyncdError(f"{path} is there already; name another file with --out, or remove it")


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        _is_free(path)
        raise
    except OSError as error:
        raise SyncdError(f"{path} cannot be written: {error.strerror}") from error
