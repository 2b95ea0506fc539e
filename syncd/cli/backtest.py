"""`syncd backtest`: hold a standard against leads whose outcome is known. Writes to no CRM.

Tables, statistics and drawings are imported when the command runs, not when the daemon does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncd.cli.layout import console
from syncd.cli.options import config_option, json_option, print_json
from syncd.cli.outcome_options import forced_option, horizon_option, known_fields, source_options
from syncd.domain.names import FieldName
from syncd.domain.stage import Stage
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.cli.outcome_source import Outcomes
    from syncd.cli.stopped_file import StoppedFile
    from syncd.measure.backtest import Backtest, Question

_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was typed."""

    config_dir: Path
    csv_path: Path | None
    map_path: Path | None
    from_crms: bool
    standard_path: Path | None
    gate: str
    horizon: timedelta
    forced: tuple[str, ...]
    html_path: Path | None
    out_path: Path | None
    as_json: bool

    @property
    def standard(self) -> Path:
        return self.standard_path or self.config_dir / "standard.yaml"


@click.command()
@config_option
@source_options
@click.option(
    "--standard", "standard_path", type=_FILE, help="Default: standard.yaml of the configuration."
)
@click.option(
    "--gate",
    type=click.Choice([x.value for x in Stage if x.rank > 0]),
    default=Stage.SQL.value,
    show_default=True,
    help="The gate that the leads are held to.",
)
@horizon_option
@forced_option
@click.option("--html", "html_path", type=_FILE, help="Write a page to read and to print.")
@click.option("--csv-out", "out_path", type=_FILE, help="Write every stopped lead that won.")
@json_option
def backtest(**given: Any) -> None:
    """What a standard would have stopped and let through among leads of known outcome.

    Needs no configuration: a CSV, a file that says how to read it, and a standard will do.
    """
    from syncd.cli.outcome_source import outcomes_of
    from syncd.measure.backtest import backtest as measured

    asked = _Asked(**given)
    _check_outputs(asked)
    outcomes = outcomes_of(
        asked.config_dir,
        csv_path=asked.csv_path,
        map_path=asked.map_path,
        from_crms=asked.from_crms,
    )
    with _stopped_file(asked) as stopped:
        found = measured(outcomes.leads, _question(asked, outcomes), stopped.add)
    _answer(asked, found)


def _check_outputs(asked: _Asked) -> None:
    """No answer is written over what was asked, nor found to have no place when it is ready."""
    inputs = {x.resolve() for x in (asked.csv_path, asked.map_path, asked.standard) if x}
    for path in filter(None, (asked.html_path, asked.out_path)):
        if path.resolve() in inputs:
            raise SyncdError(f"{path} is what is read here: name another file to write to")
        if not path.absolute().parent.is_dir():
            raise SyncdError(f"{path} cannot be written: there is no directory {path.parent}")


def _question(asked: _Asked, outcomes: "Outcomes") -> "Question":
    from syncd.measure.backtest import Question
    from syncd.settings.standard_alone import load_standard

    standard = load_standard(asked.standard, outcomes.fields, named_in=outcomes.named_in)
    known_fields(asked.forced, outcomes.leads.as_of)
    stage = Stage(asked.gate)
    if stage not in standard.gates:
        gates = ", ".join(standard.gates)
        raise SyncdError(f"{asked.standard} has no gate to {stage}: --gate takes {gates}")
    return Question(
        standard=standard,
        stage=stage,
        span=asked.horizon,
        now=datetime.now(UTC),
        forced=frozenset(map(FieldName, asked.forced)),
    )


@contextmanager
def _stopped_file(asked: _Asked) -> "Iterator[StoppedFile]":
    from syncd.cli.stopped_file import StoppedFile

    with StoppedFile(asked.out_path) as file:
        yield file


def _answer(asked: _Asked, found: "Backtest") -> None:
    from syncd.cli.backtest_view import show

    if asked.html_path:
        from syncd.cli.backtest_page import page

        _write(asked.html_path, page(found))
    if asked.as_json:
        from syncd.cli.backtest_json import answer

        print_json(answer(found))
        return
    show(found, console())
    for path, what in ((asked.html_path, "The page"), (asked.out_path, "Stopped, though they won")):
        if path:
            click.echo(f"{what}: {path}")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SyncdError(f"{path} cannot be written: {error.strerror}") from error
