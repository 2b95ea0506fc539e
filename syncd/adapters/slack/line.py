"""The SDK's Socket Mode client, made to notice at once when its connection ends.

As it comes, an end without a farewell makes it read nothing as fast as it can for half a
minute, closing it takes seconds, and two threads that close one connection trip over each
other. It carries messages and knows none.
"""

import logging

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

from syncd.adapters.slack.frame_socket import FrameSocket

_BUFFER = 65_536
_LISTENS = 0.2
"""Seconds at a time: for as long nobody else gets at the socket, not even to close it."""


class Line(SocketModeClient):
    """Connects anew by itself, at the latest `ping_interval` seconds after it was cut off."""

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
        """As the SDK's own, with a session of ours. SlackClientError, OSError when no address
        to connect to was to be had."""
        if self.wss_uri is None:
            self.wss_uri = self.issue_new_wss_url()
        session = self._session(self.wss_uri)
        session.connect()
        self.current_session_state.terminated = True
        if self.current_session is not None:
            self.current_session.close()
        self.current_session = session
        self.current_session_state = ConnectionState()  # type: ignore[no-untyped-call] # the SDK's
        if self.closed:  # while it connected
            session.close()
        elif not self.current_app_monitor_started:
            self.current_app_monitor_started = True
            self.current_app_monitor.start()

    def close(self) -> None:
        self.auto_reconnect_enabled = False
        self.closed = True
        self.enqueue_message("")  # wakes who waits for one
        if isinstance(self.current_session, _Session):
            self.current_session.hang_up()
        super().close()

    def _session(self, url: str) -> "_Session":
        return _Session(
            url,
            self.logger,
            proxy=self.proxy,
            proxy_headers=self.proxy_headers,
            ping_interval=self.ping_interval,
            receive_buffer_size=self.receive_buffer_size,
            on_message_listener=self._on_message,
            on_error_listener=self._on_error,
            on_close_listener=self._on_close,
            ssl_context=self.web_client.ssl,
        )


class _Session(Connection):
    """One connection."""

    _frames: FrameSocket | None = None

    def connect(self) -> None:
        super().connect()
        if self.sock is not None:
            self.sock.settimeout(_LISTENS)
            self._frames = FrameSocket(self.sock)
            self.sock = self._frames  # type: ignore[assignment] # all that is used of one

    def disconnect(self) -> None:
        """Any thread may, and several at once."""
        with self.sock_send_lock, self.sock_receive_lock:
            sock, self.sock = self.sock, None
        if sock is not None:
            sock.close()

    def hang_up(self) -> None:
        """Let who reads see the end now."""
        if self._frames is not None:
            self._frames.end()
