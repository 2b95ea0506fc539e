"""A threaded HTTP/1.1 shell around one app: a function from Request to Response.

It carries bytes and nothing else: it knows no vendor, no fault and no world. How
an answer reaches the caller (whole, cut short, not at all) is part of the
answer, so that faults can be written as ordinary functions.
"""

import contextlib
import socket
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, assert_never
from urllib.parse import parse_qsl, unquote, urlsplit

import orjson

JSON_TYPE = "application/json;charset=UTF-8"
TEXT_TYPE = "text/plain;charset=UTF-8"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came in; header names are in lower case, the path is still encoded."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    uri_size: int = 0  # bytes, for servers that limit them
    head_size: int = 0  # bytes of request line and headers together

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The path's parts, decoded one by one, so that an encoded slash stays in its part."""
        return tuple(unquote(part) for part in self.path.split("/") if part)

    def param(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.query if key == name), default)

    def json(self) -> Any:
        """The parsed body; raises orjson.JSONDecodeError (a ValueError) if it is none."""
        return orjson.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """The answer arrives, after so many real seconds."""

    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The connection breaks after this share (0 to 1) of the body."""

    share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """No answer: the connection is closed after so many real seconds."""

    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """No answer of ours: from here on `talk` has the connection to itself, until it returns."""

    talk: Callable[[Request, socket.socket], None]


Fate = Whole | Cut | Dropped | Upgraded


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer. A body of bytes is sent as it is, None is empty, anything else becomes JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fate: Fate = field(default_factory=Whole)

    def encoded(self) -> tuple[bytes, str | None]:
        """The body's bytes and the content type they imply."""
        if self.body is None:
            return b"", None
        if isinstance(self.body, bytes):
            return self.body, TEXT_TYPE
        return orjson.dumps(self.body), JSON_TYPE


App = Callable[[Request], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server at work; `stop` also closes the connections that are still open."""

    url: str
    stop: Callable[[], None]


def serve(
    app: App, host: str = "127.0.0.1", port: int = 0, *, now: Callable[[], datetime]
) -> Running:
    """Serve `app` in background threads; `now` stamps the Date header; port 0 picks a free one."""
    server = _Server((host, port), app, now)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()
        server.hang_up()

    return Running(url=f"http://{host}:{server.server_port}", stop=stop)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: App, now: Callable[[], datetime]) -> None:
        self.app = app
        self.now = now
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Handler)

    def opened(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._guard:
            self._open.discard(connection)

    def hang_up(self) -> None:
        """Wake the threads that wait for a next request on a kept-alive connection."""
        with self._guard:
            waiting = list(self._open)
        for connection in waiting:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Requests are logged by the front, on the world's clock, not on stderr."""

    def answer(self) -> None:
        request = self._request()
        response = _guarded(self.server.app, request)
        match response.fate:
            case Whole(seconds=seconds):
                time.sleep(seconds)
                self._send(response, share=1.0)
            case Cut(share=share):
                self._send(response, share=share)
                self.close_connection = True
            case Dropped(seconds=seconds):
                time.sleep(seconds)
                self.close_connection = True
            case Upgraded(talk=talk):
                self.close_connection = True
                talk(request, self.connection)
            case _:
                assert_never(response.fate)

    do_GET = answer  # noqa: N815 - the names http.server looks for
    do_POST = answer  # noqa: N815 - as above
    do_PUT = answer  # noqa: N815 - as above
    do_PATCH = answer  # noqa: N815 - as above
    do_DELETE = answer  # noqa: N815 - as above

    def _request(self) -> Request:
        target = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(
            method=self.command,
            path=target.path,
            query=parse_qsl(target.query, keep_blank_values=True),
            headers=headers,
            body=self.rfile.read(int(headers.get("content-length") or 0)),
            uri_size=len(self.path),
            head_size=len(self.requestline) + sum(len(k) + len(v) + 4 for k, v in headers.items()),
        )

    def _send(self, response: Response, *, share: float) -> None:
        body, content_type = response.encoded()
        lines = {"Date": format_datetime(self.server.now(), usegmt=True)}
        if content_type:
            lines["Content-Type"] = content_type
        lines |= response.headers
        self.send_response_only(response.status)
        for name, value in lines.items():
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: int(len(body) * share)])


def _guarded(app: App, request: Request) -> Response:
    try:
        return app(request)
    except Exception:  # noqa: BLE001 - the edge: a bug in the sandbox must be seen by the caller
        return Response(status=500, body=b"sandbox bug\n" + traceback.format_exc().encode())
