"""`syncd demo`: a week of sales and marketing in a box, with syncd in the middle of it.

Exit 1 if the audit finds anything.
"""

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from syncd.cli.demo.live import LiveView
from syncd.cli.demo.plain import PlainView
from syncd.cli.demo.stage import Viewer, lived, run_demo
from syncd.cli.demo.summary import Summary, as_text
from syncd.cli.demo.workbench import Workbench

MODES = ("observe", "flag", "block")
_TERMINATED = 143
"""As a shell tells it: 128 and the signal."""


@click.command()
@click.option("--leads", type=click.IntRange(40, 1_000), default=400, show_default=True)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another week of the same kind."
)
@click.option("--mode", type=click.Choice(MODES), help="Hold every gate like this instead.")
@click.option("--json", "as_json", is_flag=True, help="No view, full speed; only the summary.")
@click.option(
    "--out",
    "home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where report.html and assessment.html are left. Default: the current directory.",
)
@click.option("--keep", is_flag=True, help="Then serve the dashboard over that week, until Ctrl-C.")
@click.pass_context
def demo(ctx: click.Context, /, **given: Any) -> None:
    """Watch the whole job being done on a pair of CRMs in a box, and audit the result.

    Leaves the week's report and the assessment of both CRMs as pages.
    """
    asked = _Asked(**given)
    if asked.as_json and asked.keep:
        raise click.UsageError("--json leaves no week to look at: give --keep without it")
    summary = _told(asked) if asked.as_json else _shown(asked)
    ctx.exit(0 if summary.ok else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was typed."""

    leads: int
    seed: int
    mode: str | None
    as_json: bool
    home: Path
    keep: bool


def _told(asked: _Asked) -> Summary:
    summary = run_demo(leads=asked.leads, seed=asked.seed, mode=asked.mode)
    click.echo(json.dumps(summary.as_json(), indent=2))
    return summary


def _shown(asked: _Asked) -> Summary:
    with ExitStack() as kept:
        kept.enter_context(_tidied_up())
        with _view() as viewer:
            living = lived(leads=asked.leads, seed=asked.seed, mode=asked.mode, viewer=viewer)
            week = kept.enter_context(living)
        click.echo(as_text(week.summary))
        _leave(week.bench, asked.home, keep=asked.keep)
        return week.summary


@contextmanager
def _tidied_up() -> Iterator[None]:
    """Told to end by the system, it still takes its week away: that may lie in memory."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _view() -> AbstractContextManager[Viewer]:
    return LiveView() if sys.stdout.isatty() else nullcontext(PlainView())


def _leave(bench: Workbench, home: Path, *, keep: bool) -> None:
    from syncd.cli.demo import reports  # tables and drawings: only once the week is over

    home.mkdir(parents=True, exist_ok=True)
    click.echo(f"\nThe report:      {reports.write_report(bench, home)}")
    click.echo(f"The assessment:  {reports.write_assessment(bench, home)}")
    if not keep:
        click.echo("`syncd demo --keep` also serves the dashboard over that week.")
        return
    reports.keep_reconciliations(bench)
    with reports.dashboard_of(bench) as served:
        click.echo(f"The dashboard:   {served.address}  (Ctrl-C ends it)")
        served.serve()
