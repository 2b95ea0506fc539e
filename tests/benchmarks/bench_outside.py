"""The outside of a benchmark: the sandbox and its people, in a process of their own.

Whoever measures holds a proxy (`start_outside`, `join_outside`), so that neither the CPU
nor the memory of the sandbox is ever counted as the daemon's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from multiprocessing import get_context
from multiprocessing.managers import BaseManager
from typing import Protocol, cast

_KEY = b"the benchmark's own"


@dataclass(frozen=True, slots=True)
class Pulled:
    """A stage that somebody moved and that was moved back."""

    system: str
    moved_at: datetime
    restored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the vendor saw it."""

    at: datetime
    endpoint: str
    status: int


class Outside(Protocol):
    """What a benchmark asks of `bench_world.PeopledWorld`, explained there."""

    def configuration(self) -> Mapping[str, str]: ...

    def secrets(self) -> Mapping[str, str]: ...

    def now(self) -> datetime: ...

    def advance(self, span: timedelta) -> datetime: ...

    def calls(self) -> Mapping[str, Mapping[str, int]]: ...

    def go_live(self, latency: float) -> None: ...

    def requests(self, system: str) -> list[Request]: ...

    def populate(self, count: int) -> None: ...

    def retitle(self, first: int, count: int, title: str, system: str) -> None: ...

    def qualify(self, first: int, count: int) -> None: ...

    def jump_later(self, number: int, system: str, delay: timedelta) -> None: ...

    def pulled(self) -> list[Pulled]: ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where an outside is reached from any process of this machine."""

    name: str | tuple[str, int]


@contextmanager
def start_outside() -> Iterator[tuple[Outside, Address]]:
    """A fresh outside in a process of its own, which ends with the block."""
    manager = _Manager(authkey=_KEY, ctx=get_context("spawn"))
    manager.start()
    try:
        name = cast("str | tuple[str, int]", manager.address)
        yield _outside(manager), Address(name)
    finally:
        manager.shutdown()


def join_outside(address: Address) -> Outside:
    manager = _Manager(address=address.name, authkey=_KEY)
    manager.connect()
    return _outside(manager)


class _Manager(BaseManager):
    pass


@cache
def _the_world() -> Outside:
    """Called where it is served: nobody else loads the sandbox."""
    from bench_world import PeopledWorld

    return PeopledWorld()


_Manager.register("outside", callable=_the_world)


class _Served(Protocol):
    def outside(self) -> Outside: ...


def _outside(manager: BaseManager) -> Outside:
    return cast("_Served", manager).outside()
