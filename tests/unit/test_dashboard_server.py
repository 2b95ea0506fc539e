"""What holds for a connection to the dashboard, whoever is at its other end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
import uvicorn
from click.testing import CliRunner
from dashboard_cases import client
from starlette.requests import Request
from starlette.types import Message
from uvicorn.server import ServerState

from syncd.adapters.web.access import Passwords, Role, role_by_password
from syncd.adapters.web.door import BadForm, form_of
from syncd.adapters.web.server import BusyConnection, bound, server_of
from syncd.cli.dashboard.command import web
from syncd.errors import SyncdError


@dataclass(slots=True)
class HandLoop:
    """Time passes when told to."""

    waiting: list[Callable[[], None]] = field(default_factory=list)

    def call_later(self, seconds: float, then: Callable[[], None]) -> "HandLoop":
        self.waiting.append(then)
        return self

    def cancel(self) -> None:
        self.waiting.clear()

    def pass_time(self) -> None:
        due, self.waiting = self.waiting, []
        for then in due:
            then()


@dataclass(slots=True)
class Wire:
    is_cut: bool = False

    def get_extra_info(self, name: str) -> None:
        return None

    def abort(self) -> None:
        self.is_cut = True

    close = abort


def connected() -> tuple[BusyConnection, HandLoop, Wire]:
    loop, wire = HandLoop(), Wire()
    config = uvicorn.Config(client().app, ws="none", log_config=None)
    made = BusyConnection(config, ServerState(), {}, cast(asyncio.AbstractEventLoop, loop))
    made.connection_made(cast(asyncio.Transport, wire))
    return made, loop, wire


def test_who_connects_and_asks_nothing_is_let_go() -> None:
    _, loop, wire = connected()

    loop.pass_time()

    assert wire.is_cut


def test_who_never_ends_a_request_is_let_go() -> None:
    made, loop, wire = connected()
    made.data_received(b"GET /leads HTTP/1.1\r\nHost: 127.0.0.1\r\n")

    loop.pass_time()

    assert wire.is_cut


def test_who_goes_on_asking_is_kept() -> None:
    made, loop, wire = connected()
    for _ in range(3):
        made.cycle = cast(Any, object())  # a request came whole
        loop.pass_time()
    kept = not wire.is_cut

    loop.pass_time()

    assert kept
    assert wire.is_cut


def test_nothing_waits_for_a_connection_that_is_gone() -> None:
    made, loop, _ = connected()

    made.connection_lost(None)

    assert loop.waiting == []


def test_the_server_holds_every_connection_to_it() -> None:
    config = server_of(client().app).config

    assert config.http is BusyConnection
    assert not config.proxy_headers
    assert not config.server_header


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_that_is_taken_is_said_so(host: str) -> None:
    with bound(host, 0) as taken, pytest.raises(SyncdError, match="stop what uses it"):
        bound(host, taken.getsockname()[1])


def test_a_password_that_is_short_is_not_hashed() -> None:
    with pytest.raises(SyncdError, match="at least 12 characters"):
        hashed("short-one-1")


def test_a_password_is_asked_for_twice_and_only_its_hash_is_shown() -> None:
    told = hashed("long-enough-1")

    only = Passwords(hashes={Role.VIEWER: told.strip().splitlines()[-1]})
    assert role_by_password(only, "long-enough-1") is Role.VIEWER
    assert "long-enough-1" not in told


def hashed(password: str) -> str:
    typed = f"{password}\n{password}\n"
    done = CliRunner().invoke(web, ["--hash-password"], input=typed, standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.stdout


def request_of(*parts: Message) -> Request:
    left = list(parts)

    async def receive() -> Message:
        if left:
            return left.pop(0)
        return await asyncio.Future()

    scope = {"type": "http", "method": "POST", "headers": [], "path": "/do", "query_string": b""}
    return Request(scope, receive)


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [{"type": "http.request", "body": b"deed=", "more_body": True}],
        [{"type": "http.disconnect"}],
        [{"type": "http.request", "body": b"a" * 9_000, "more_body": True}],
        [{"type": "http.request", "body": b"\xff=1"}],
        [{"type": "http.request", "body": b"&".join([b"a=1"] * 21)}],
    ],
    ids=["silent", "half", "cut off", "large", "no text", "many fields"],
)
def test_a_form_that_does_not_come_whole_and_small_is_refused(parts: list[Message]) -> None:
    with pytest.raises(BadForm):
        asyncio.run(form_of(request_of(*parts), "", patience=0.01))


def test_a_form_may_come_in_parts() -> None:
    first = {"type": "http.request", "body": b"dee", "more_body": True}

    read = form_of(request_of(first, {"type": "http.request", "body": b"d=a"}), "")

    assert asyncio.run(read) == {"deed": "a"}
