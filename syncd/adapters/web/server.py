"""Serves the dashboard on one address until told to stop."""

import asyncio
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from syncd.errors import SyncdError

_LINGERS = 2
"""Seconds that open requests get when it stops."""
_PATIENCE = 60.0
"""Seconds in which a connection has to ask for something new."""


class BusyConnection(H11Protocol):
    """One that is let go of when nothing new is asked on it: neither who never ends a request
    nor who never reads the answer keeps the place of others."""

    _served: object = None
    _look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as theirs
        super().connection_made(transport)
        self._look = self.loop.call_later(_PATIENCE, self._let_go_of_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def _let_go_of_idle(self) -> None:
        """`cycle` is the last request that came whole, and its answer."""
        if self.cycle is self._served:
            self.transport.abort()
            return
        self._served = self.cycle
        self._look = self.loop.call_later(_PATIENCE, self._let_go_of_idle)


def bound(host: str, port: int) -> socket.socket:
    """The address, taken. SyncdError where it cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # or answers wait
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()  # or a second one could bind it too, until the first answers
    except OSError as error:
        taken.close()
        raise SyncdError(
            f"the dashboard cannot be served at {host}:{port} ({error.strerror}): stop what uses "
            "it, or change dashboard.address in crm.yaml"
        ) from error
    return taken


def server_of(app: ASGIApp) -> uvicorn.Server:
    """`run(sockets=[...])` serves; SIGTERM and SIGINT end it, requests under way finish."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # whom a proxy speaks for is told by `door` and `sessions`
            timeout_graceful_shutdown=_LINGERS,
            limit_concurrency=200,
            h11_max_incomplete_event_size=64_000,
            http=BusyConnection,
            ws="none",
            lifespan="off",
        )
    )
