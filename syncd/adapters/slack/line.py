"""The SDK's Socket Mode client, made to notice at once when its connection ends.

As it comes, an end without a farewell makes it read nothing as fast as it can for half a
minute, and closing it takes seconds. It carries messages and knows none.
"""

import logging

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient

from syncd.adapters.slack.frame_socket import FrameSocket

_BUFFER = 65_536
_LISTENS = 0.2
"""Seconds at a time: for as long nobody else gets at the socket, not even to close it."""


class Line(SocketModeClient):
    """Connects anew by itself, at the latest `ping_interval` seconds after it was cut off."""

    _socket: FrameSocket | None = None

    def __init__(
        self, app_token: str, web_client: WebClient, *, logger: logging.Logger, ping_interval: float
    ) -> None:
        super().__init__(
            app_token,
            logger,
            web_client,
            ping_interval=ping_interval,
            receive_buffer_size=_BUFFER,
        )

    def connect(self) -> None:
        """SlackClientError, OSError when no address to connect to was to be had."""
        super().connect()
        session = self.current_session
        if session is not None and session.sock is not None:
            session.sock.settimeout(_LISTENS)
            self._socket = FrameSocket(session.sock)
            session.sock = self._socket  # type: ignore[assignment] # looks like one

    def close(self) -> None:
        self.auto_reconnect_enabled = False
        self.closed = True
        self.enqueue_message("")  # wakes who waits for one
        if self._socket is not None:
            self._socket.end()
        super().close()
