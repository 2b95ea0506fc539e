"""`syncd outcomes`: what is needed to read leads with known outcomes from a CSV."""

import shlex
from pathlib import Path

import click


@click.group()
def outcomes() -> None:
    """Leads with known outcomes, from a CSV, to hold a standard against."""


@outcomes.command("map")
@click.argument("csv_path", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write it there instead of printing it; a file that is there is not touched.",
)
def map_columns(csv_path: Path, out: Path | None) -> None:
    """Guess which column of FILE.csv is what: a first mapping file, for you to correct."""
    from syncd.adapters.outcomes.csv_guess import guess
    from syncd.adapters.outcomes.csv_guess_page import guessed_map
    from syncd.adapters.outcomes.csv_text import open_csv

    page = guessed_map(guess(open_csv(csv_path)), csv_path.name)
    if out is None:
        click.echo(page, nl=False)
        return
    _write(out, page)
    click.echo(f"{out}: written; correct it, then: {_next(csv_path, out)}")


def _next(csv_path: Path, out: Path) -> str:
    return shlex.join(("syncd", "backtest", "--csv", str(csv_path), "--map", str(out)))


def _write(out: Path, page: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(page)
    except FileExistsError:
        raise click.ClickException(
            f"{out} is there already; name another file, or remove it"
        ) from None
