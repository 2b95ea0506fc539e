"""`syncd audit verify`: whether the audit log is whole."""

from pathlib import Path

import click

from syncd.cli.options import (
    config_option,
    json_option,
    open_for_reading,
    print_json,
    source_of,
)


@click.group()
def audit() -> None:
    """The append-only, hash-chained log of every decision."""


@audit.command()
@config_option
@json_option
@click.pass_context
def verify(ctx: click.Context, config_dir: Path, as_json: bool) -> None:
    """Walk the whole chain; exit 1 at the first row that does not fit."""
    report = open_for_reading(source_of(config_dir).load()).verify()
    if as_json:
        print_json(report)
    elif report.broken_at is None:
        click.echo(f"ok: {report.rows:,} rows, head {report.head}")
    else:
        click.echo(
            f"broken at row {report.broken_at:,} of {report.rows:,}: {report.why}. What stands "
            "before it is proven; stop the daemon, keep this file and compare it with a backup",
            err=True,
        )
    ctx.exit(0 if report.broken_at is None else 1)
