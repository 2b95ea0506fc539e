"""A socket as Slack's Socket Mode client needs it: what it reads is whole frames or nothing, and
its end is an error, not emptiness.

The client throws half a frame away when the rest is late, and reads nothing as fast as it can
when the other end is gone.
"""

import socket
import struct
from contextlib import suppress
from typing import Any

_LEFT_OVER = b"\n"
"""Of the handshake, whose last character the client leaves unread. No frame begins with it."""
_LENGTH = 0b0111_1111
_MASKED = 0b1000_0000


class FrameSocket:
    """Implements what the client uses of a socket; one thread reads."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner
        self._kept = b""
        self._is_over = False

    def recv(self, size: int) -> bytes:
        """Whole frames, at least one. A time-out loses nothing; emptiness only after `end`."""
        while not (whole := _whole(self._kept)):
            received = self._inner.recv(size)
            if not received and self._is_over:
                return b""
            if not received:
                raise ConnectionResetError("the other end is gone")
            self._kept = (self._kept + received).removeprefix(_LEFT_OVER)
        frames, self._kept = self._kept[:whole], self._kept[whole:]
        return frames

    def end(self) -> None:
        """We hang up: whoever reads need wait no longer, and it is no error."""
        self._is_over = True
        with suppress(OSError):
            self._inner.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _whole(data: bytes) -> int:
    """How many bytes from the start are whole frames."""
    end = 0
    while (size := _size(data[end:])) and end + size <= len(data):
        end += size
    return end


def _size(data: bytes) -> int:
    """Of the frame that begins here (RFC 6455, 5.2); 0 as long as it does not say."""
    if len(data) < 2:
        return 0
    length, head = data[1] & _LENGTH, 2 + (4 if data[1] & _MASKED else 0)
    for said, form in ((126, "!H"), (127, "!Q")):
        if length == said:
            more = struct.calcsize(form)
            if len(data) < 2 + more:
                return 0
            return head + more + int(struct.unpack_from(form, data, 2)[0])
    return head + length
