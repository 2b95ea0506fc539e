"""What goes out to a CRM or to Slack is held back once the lease is somebody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from core_cases import NOW
from fakes import FakeCrm, FakeMessenger, Time

from syncd.adapters.memory.role import Memory
from syncd.adapters.memory.store import MemoryStore
from syncd.domain.names import System
from syncd.errors import LeaseLost
from syncd.jobs.fenced import FencedMessenger, FencedTarget
from syncd.store_ports import Lease

HOUR = timedelta(hours=1)
Deed = Callable[[Lease], object]


def _crm(lease: Lease) -> FencedTarget:
    return FencedTarget(FakeCrm(System.HUBSPOT, Time()), lease)


DEEDS: dict[str, Deed] = {
    "update": lambda lease: _crm(lease).update([]),
    "create": lambda lease: _crm(lease).create([]),
    "add_notes": lambda lease: _crm(lease).add_notes([]),
    "enlist": lambda lease: _crm(lease).enlist([]),
    "send": lambda lease: FencedMessenger(FakeMessenger(), lease).send("#sales", []),
}


@pytest.fixture
def lease() -> Lease:
    """Held by somebody else by now."""
    memory = Memory()
    ours = MemoryStore(memory)
    ours.acquire(holder="ours", now=NOW, span=HOUR)
    MemoryStore(memory).acquire(holder="theirs", now=NOW + HOUR, span=HOUR)
    return ours


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_goes_out_without_the_lease(deed: str, lease: Lease) -> None:
    with pytest.raises(LeaseLost):
        DEEDS[deed](lease)


def test_asking_is_always_allowed(lease: Lease) -> None:
    assert _crm(lease).find_notes([]) == frozenset()
    assert FencedMessenger(FakeMessenger(), lease).find_sent("#sales", []) == {}
