"""The daemon's health pages: /healthz, /readyz and /metrics, on loopback by default.

Nothing here changes anything, and nothing here shows a lead.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple


class Answer(NamedTuple):
    """`problems` empty means fine."""

    problems: tuple[str, ...]


class HealthPages:
    """Serves until stopped. The callables are asked anew for every request."""

    def __init__(
        self,
        address: tuple[str, int],
        *,
        alive: Callable[[], Answer],
        ready: Callable[[], Answer],
        metrics: Callable[[], bytes],
    ) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server_version = "syncd"
            sys_version = ""
            timeout = 10

            def do_GET(self) -> None:
                if self.path == "/healthz":
                    self._tell(alive())
                elif self.path == "/readyz":
                    self._tell(ready())
                elif self.path == "/metrics":
                    self._send(HTTPStatus.OK, metrics(), "text/plain; version=0.0.4")
                else:
                    self._send(HTTPStatus.NOT_FOUND, b"not found\n", "text/plain")

            def _tell(self, answer: Answer) -> None:
                status = HTTPStatus.SERVICE_UNAVAILABLE if answer.problems else HTTPStatus.OK
                body = {"ok": not answer.problems, "problems": answer.problems}
                self._send(status, json.dumps(body).encode() + b"\n", "application/json")

            def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("X-Content-Type-Options", "nosniff")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (base class)
                """Probes are not news."""

        self._server = ThreadingHTTPServer(address, Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, daemon=True, name="health")

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
