"""The WebSocket an app listens on: wsproto on the connection of an HTTP request. It carries
messages and knows none of them but an acknowledgement.
"""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson
from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    CloseConnection,
    Ping,
    RejectConnection,
    TextMessage,
)
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from syncd.sandbox.server import Request
from syncd.sandbox.slack.sockets import Sockets

_CHUNK = 65_536


def talk(sockets: Sockets, request: Request, connection: socket.socket) -> None:
    """Take an HTTP request over, and stay until one side ends it."""
    line = _Line(request, connection)
    if not sockets.redeem(request.param("ticket")):
        line.refuse()
        return
    line.accept()
    sockets.join(line)
    try:
        for message in line.hear():
            if "envelope_id" in message:
                sockets.acknowledged(message["envelope_id"], message.get("payload") or {})
    finally:
        sockets.leave(line)


class _Line:
    """Implements `sockets.Line`. Any thread may speak; one listens."""

    def __init__(self, request: Request, connection: socket.socket) -> None:
        self._connection = connection
        self._guard = threading.Lock()
        self._protocol = WSConnection(ConnectionType.SERVER)
        headers = [(k.encode(), v.encode()) for k, v in request.headers.items()]
        self._protocol.initiate_upgrade_connection(headers, request.path)

    def accept(self) -> None:
        self._send(AcceptConnection())

    def refuse(self) -> None:
        self._send(RejectConnection(status_code=408))

    def say(self, message: Mapping[str, Any]) -> None:
        self._send(TextMessage(data=orjson.dumps(message).decode()))

    def cut(self) -> None:
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def hear(self) -> Iterator[Mapping[str, Any]]:
        """Each message, until there can be no more."""
        text = ""
        for event in self._events():
            if isinstance(event, TextMessage):
                text += event.data
                if event.message_finished:
                    yield orjson.loads(text)
                    text = ""
            elif isinstance(event, Ping):
                self._send(event.response())

    def _events(self) -> Iterator[Any]:
        while True:
            try:
                heard = self._connection.recv(_CHUNK)
                with self._guard:
                    self._protocol.receive_data(heard or None)
                    events = list(self._protocol.events())
            except (OSError, RemoteProtocolError):
                return
            yield from events
            if not heard or any(isinstance(event, CloseConnection) for event in events):
                return

    def _send(self, event: Any) -> None:
        """OSError when the other end is gone, or has said good-bye."""
        try:
            with self._guard:
                self._connection.sendall(self._protocol.send(event))
        except LocalProtocolError as error:
            raise OSError("the line is closed") from error
