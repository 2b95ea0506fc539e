"""The socket that the dashboard answers on."""

import asyncio
import socket

from syncd.adapters.web.server import bound


def test_what_is_written_leaves_at_once_and_waits_for_nothing_written_before() -> None:
    assert asyncio.run(_accepted())


async def _accepted() -> int:
    """Whether a connection that it takes sends small packets without delay."""
    taken = bound("127.0.0.1", 0)
    told = asyncio.get_running_loop().create_future()

    class Told(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            connection = transport.get_extra_info("socket")
            told.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    async with await asyncio.get_running_loop().create_server(Told, sock=taken):
        _, writer = await asyncio.open_connection(*taken.getsockname())
        writer.close()
        await writer.wait_closed()
        return int(await told)
