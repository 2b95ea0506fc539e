"""Frames come whole or not at all, however the network tears them."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol

from syncd.adapters.slack.frame_socket import FrameSocket


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, FrameSocket]]:
    far, near = socket.socketpair()
    near.settimeout(0.01)
    with far, near:
        yield far, FrameSocket(near)


def frame(text: str) -> bytes:
    """As a server sends it."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text, fin=True))


def test_half_a_frame_waits_for_the_rest_across_a_time_out(
    ends: tuple[socket.socket, FrameSocket],
) -> None:
    far, near = ends
    whole = frame("x" * 300)
    far.sendall(whole[:2])
    with pytest.raises(TimeoutError):
        near.recv(65_536)

    far.sendall(whole[2:])

    assert near.recv(65_536) == whole


def test_what_the_handshake_left_is_no_frame(ends: tuple[socket.socket, FrameSocket]) -> None:
    far, near = ends

    far.sendall(b"\n" + frame("hello"))

    assert near.recv(65_536) == frame("hello")


def test_an_end_without_a_farewell_is_an_error(ends: tuple[socket.socket, FrameSocket]) -> None:
    far, near = ends

    far.close()

    with pytest.raises(ConnectionResetError):
        near.recv(65_536)


def test_an_end_of_ours_is_none(ends: tuple[socket.socket, FrameSocket]) -> None:
    _, near = ends

    near.end()

    assert near.recv(65_536) == b""


class Torn:
    """A socket that gives so many bytes at a time."""

    def __init__(self, sent: bytes, most: int) -> None:
        self._left = sent
        self._most = most

    def recv(self, size: int) -> bytes:
        part, self._left = self._left[: self._most], self._left[self._most :]
        return part[:size]


@given(
    st.lists(st.sampled_from([0, 1, 125, 126, 300, 65_535, 65_536]), min_size=1, max_size=3),
    st.integers(min_value=1, max_value=65_536),
)
def test_frames_of_every_size_come_whole_however_they_are_torn(sizes: list[int], cut: int) -> None:
    frames = [frame("x" * size) for size in sizes]
    near = FrameSocket(Torn(b"".join(frames), max(cut, 16)))  # type: ignore[arg-type] # all it uses

    received = near.recv(65_536)
    boundaries = [received]
    while sum(map(len, boundaries)) < sum(map(len, frames)):
        boundaries.append(near.recv(65_536))

    ends = {sum(map(len, frames[: n + 1])) for n in range(len(frames))}
    assert b"".join(boundaries) == b"".join(frames)
    assert {sum(map(len, boundaries[: n + 1])) for n in range(len(boundaries))} <= ends
