"""`syncd demo`: a week of sales and marketing in a box, with syncd in the middle of it.

Exit 1 if the audit finds anything.
"""

import json
import sys

import click

from syncd.cli.demo.live import LiveView
from syncd.cli.demo.plain import PlainView
from syncd.cli.demo.stage import run_demo
from syncd.cli.demo.summary import Summary, as_text

MODES = ("observe", "flag", "block")


@click.command()
@click.option("--leads", type=click.IntRange(40, 1_000), default=400, show_default=True)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another week of the same kind."
)
@click.option("--mode", type=click.Choice(MODES), help="Hold every gate like this instead.")
@click.option("--json", "as_json", is_flag=True, help="No view, full speed; only the summary.")
@click.pass_context
def demo(ctx: click.Context, leads: int, seed: int, mode: str | None, as_json: bool) -> None:
    """Watch the whole job being done on a pair of CRMs in a box, and audit the result."""
    if as_json:
        summary = run_demo(leads=leads, seed=seed, mode=mode)
        click.echo(json.dumps(summary.as_json(), indent=2))
    else:
        summary = _watched(leads, seed, mode)
        click.echo(as_text(summary))
    ctx.exit(0 if summary.ok else 1)


def _watched(leads: int, seed: int, mode: str | None) -> Summary:
    if not sys.stdout.isatty():
        return run_demo(leads=leads, seed=seed, mode=mode, viewer=PlainView())
    with LiveView() as view:
        return run_demo(leads=leads, seed=seed, mode=mode, viewer=view)
