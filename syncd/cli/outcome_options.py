"""Options of every command that measures leads with known outcomes. Imports no tables."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from syncd.errors import SyncdError
from syncd.settings.durations import parse_elapsed
from syncd.settings.problem import Mistake, did_you_mean

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, dir_okay=False)


def source_options(command: F) -> F:
    """Gives `csv_path`, `map_path` and `from_crms`."""
    for option in (
        click.option(
            "--crm", "from_crms", is_flag=True, help="Read the leads from both CRMs instead."
        ),
        click.option(
            "--map",
            "map_path",
            type=_FILE,
            help="How to read the CSV (YAML); see `syncd outcomes`.",
        ),
        click.option("--csv", "csv_path", type=_FILE, help="The leads, one row each."),
    ):
        command = option(command)
    return command


def _horizon(ctx: click.Context, param: click.Parameter, value: str) -> timedelta:
    del ctx
    try:
        span = parse_elapsed(value)
    except Mistake as mistake:
        raise click.BadParameter(str(mistake), param=param) from None
    if span < timedelta(days=1):
        raise click.BadParameter(f"{value} is too short for a deal; write 180d", param=param)
    return span


def horizon_option(command: F) -> F:
    return click.option(
        "--horizon",
        default="180d",
        show_default=True,
        callback=_horizon,
        help="The time that each lead has to win.",
    )(command)


def forced_option(command: F) -> F:
    return click.option(
        "--force-field",
        "forced",
        multiple=True,
        metavar="NAME",
        help="Count this field as evidence though it looks known only after the outcome.",
    )(command)


def known_fields(forced: Iterable[str], fields: Iterable[str]) -> None:
    """SyncdError for a forced field that the leads do not have."""
    known = frozenset(fields)
    for name in forced:
        if name not in known:
            near = did_you_mean(name, known)
            raise SyncdError(f"--force-field {name}: the leads have no such field; {near}")
