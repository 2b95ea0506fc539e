"""`syncd web`: the dashboard, beside the daemon or without it."""

import asyncio
import gc
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import click

from syncd.adapters.logs import set_up_logs
from syncd.cli.options import config_option, existing, source_of
from syncd.errors import SyncdError
from syncd.settings.load import Bind, Settings, bind_of
from syncd.settings.scalars import parse_address
from syncd.wiring import Source

if TYPE_CHECKING:
    import uvicorn

_USUAL = "127.0.0.1:8322"
_SHORTEST = 12


@click.command()
@click.option("--bind", metavar="HOST:PORT", help=f"Where to serve it. Default: {_USUAL}.")
@click.option("--hash-password", is_flag=True, help="Ask for a password, print its hash, end.")
@click.option("--until-stdin-ends", is_flag=True, hidden=True)
@config_option
def web(bind: str | None, hash_password: bool, until_stdin_ends: bool, config_dir: Path) -> None:
    """Serve the dashboard: overview, funnel, handoffs, leads, standard, reconciliation, health.

    On this machine nobody signs in. Beyond it people do, by password or at a proxy: see
    `dashboard` in REFERENCE.md.
    """
    if hash_password:
        _print_hash()
        return
    source = source_of(config_dir)
    settings = source.load()
    set_up_logs(settings.secrets.values(), level="WARNING")
    served = bind_of(_address(bind) or settings.dashboard.address or _USUAL)
    _serve(source, settings, served, is_companion=until_stdin_ends)


def _print_hash() -> None:
    from syncd.adapters.web.access import hash_of  # only whoever serves needs argon2

    password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(password) < _SHORTEST:
        raise SyncdError(f"that is short: take at least {_SHORTEST} characters")
    click.echo(hash_of(password))


def _address(text: str | None) -> str | None:
    try:
        return parse_address(text) if text else None
    except ValueError as error:
        raise SyncdError(f"--bind {text}: {error}") from error


def _serve(source: Source, settings: Settings, bind: Bind, *, is_companion: bool) -> None:
    from syncd.adapters.web.dashboard import dashboard  # no other command carries it along
    from syncd.adapters.web.server import bound, server_of
    from syncd.cli.dashboard.entry import access_of
    from syncd.cli.dashboard.views import StoreViews

    existing(settings.store)
    access = access_of(settings.dashboard, settings.secrets, host=bind.host)
    taken = bound(bind.host, bind.port)
    views = StoreViews(source, settings)
    try:
        app = dashboard(views, access, url=settings.dashboard.url)
        host, port = taken.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"The dashboard is at {settings.dashboard.url or f'http://{shown}:{port}'}")
        server = server_of(app)
        gc.freeze()  # walking for garbage what all pages need would hold some of them up
        if is_companion:
            Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
        asyncio.run(server.serve(sockets=[taken]))
    finally:
        views.close()
        taken.close()


def _end_with_stdin(server: "uvicorn.Server") -> None:
    """The daemon that started this holds the other end: it closes however the daemon ends."""
    sys.stdin.buffer.read()
    server.should_exit = True
