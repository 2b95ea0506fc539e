"""`syncd`: the commands an admin types. Exit 0 fine, 1 expected error, 3 bug."""

import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click

from syncd.adapters.logs import Redact
from syncd.cli.options import source_of
from syncd.errors import SyncdError
from syncd.settings.secrets import load_secrets

EXPECTED, BUG = 1, 3


COMMANDS = {
    "check": "syncd.cli.check",
    "doctor": "syncd.cli.doctor",
    "assess": "syncd.cli.assess",
    "provision": "syncd.cli.provision",
    "standard": "syncd.cli.standard",
    "backfill": "syncd.cli.backfill",
    "run": "syncd.cli.run",
    "web": "syncd.cli.dashboard.command",
    "status": "syncd.cli.status",
    "explain": "syncd.cli.explain",
    "plan": "syncd.cli.plan",
    "conflicts": "syncd.cli.conflicts",
    "links": "syncd.cli.links",
    "orders": "syncd.cli.orders",
    "alerts": "syncd.cli.alerts",
    "handoff": "syncd.cli.handoff",
    "waive": "syncd.cli.waive",
    "release": "syncd.cli.release",
    "compile": "syncd.cli.compile",
    "audit": "syncd.cli.audit",
    "sandbox": "syncd.cli.sandbox",
    "demo": "syncd.cli.demo.command",
    "outcomes": "syncd.cli.outcomes",
    "backtest": "syncd.cli.backtest",
    "report": "syncd.cli.report",
    "reconcile": "syncd.cli.reconcile",
    "goal": "syncd.cli.goal",
    "reference": "syncd.cli.reference",
}
"""Each command, in the order of `--help`, and the module with the function of its name."""


class _Commands(click.Group):
    """Imports a command when it is asked for: the daemon carries no sandbox along."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="syncd")
def cli() -> None:
    """Holds the line between marketing and sales: one signed standard, kept in both CRMs."""


def main(args: Sequence[str] | None = None) -> None:
    """Entry point: turns errors into messages and exit codes. `args`: else the process's."""
    try:
        code = cli.main(args=args, standalone_mode=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.Abort:
        code = EXPECTED
    except click.ClickException as error:
        error.show()
        code = EXPECTED
    except SyncdError as error:
        click.echo(str(error), err=True)
        code = EXPECTED
    except BrokenPipeError:
        code = EXPECTED
    except Exception:  # noqa: BLE001 (the edge: whatever is left is a bug, told as one)
        click.echo(_redacted(traceback.format_exc()), err=True)
        click.echo("This is a bug in syncd. Please report it with the lines above.", err=True)
        code = BUG
    sys.exit(code if isinstance(code, int) else 0)


def _redacted(crash: str) -> str:
    """A crash quotes values: secrets and what looks personal is taken out (P8)."""
    source = source_of(Path())
    secrets, _ = load_secrets(source.environ, source.credentials_dir)
    return Redact(secrets.values())(crash)
