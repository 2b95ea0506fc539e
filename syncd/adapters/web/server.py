"""Serves the dashboard on one address until told to stop."""

import socket

import uvicorn
from starlette.types import ASGIApp

from syncd.errors import SyncdError

_LINGERS = 2
"""Seconds that open requests get when it stops."""


def bound(host: str, port: int) -> socket.socket:
    """The address, taken. SyncdError where it cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
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
            ws="none",
            lifespan="off",
        )
    )
