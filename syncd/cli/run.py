"""`syncd run`: the daemon, or a single cycle with --once."""

import sys
from pathlib import Path
from threading import Event

import click

from syncd.adapters.clock import SystemClock
from syncd.adapters.logs import set_up_logs
from syncd.adapters.minutes import ChildMinutes
from syncd.adapters.web.companion import Companion
from syncd.app import Worker, open_worker
from syncd.cli.options import config_option, json_option, print_json, source_of
from syncd.daemon import Daemon


@click.command()
@config_option
@click.option("--once", is_flag=True, help="One cycle, then exit.")
@click.option(
    "--log-level",
    type=click.Choice(("DEBUG", "INFO", "WARNING", "ERROR"), case_sensitive=False),
    default="INFO",
    show_default=True,
    help="What is logged at least.",
)
@json_option
@click.pass_context
def run(ctx: click.Context, config_dir: Path, once: bool, log_level: str, as_json: bool) -> None:
    """Read both CRMs, hold the standard, keep the handoff promises, tell people."""
    source = source_of(config_dir)
    set_up_logs(source.load().secrets.values(), level=log_level)
    stop = Event()
    minutes = None if once else ChildMinutes(source.config_dir, source.environ)
    worker = open_worker(source, clock=SystemClock(stop), minutes=minutes)
    if minutes:
        try:
            ctx.exit(Daemon(worker, stop, companion=_companion(worker, config_dir)).run())
        finally:
            minutes.stop()
    try:
        report = worker.cycle()
    finally:
        worker.close()
    if as_json:
        print_json(report)
    else:
        click.echo(
            f"{report.records} changed records read, {report.leads} leads decided, "
            f"{report.delivered} effects carried out"
        )
    for system, why in report.down.items():
        click.echo(f"{system.label} could not be read: {why}", err=True)
    ctx.exit(1 if report.down else 0)


def _companion(worker: Worker, config_dir: Path) -> Companion | None:
    """A process of its own serves the dashboard, where crm.yaml asks for one."""
    if worker.settings.dashboard.address is None:
        return None
    begin = "from syncd.cli.main import main; main()"
    words = ("web", "--config", str(config_dir), "--until-stdin-ends")
    return Companion((sys.executable, "-c", begin, *words))
