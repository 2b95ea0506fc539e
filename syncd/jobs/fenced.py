"""The outside world behind the fence: nothing is written or sent once another worker took over.

A commit is fenced by the store itself. What goes out over the network cannot be: so the lease
is looked at right before, and what is left is a worker stopped for longer than its lease lasts
between this look and the requests of one batch. Nothing is decided here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from syncd.domain.action import (
    AddNote,
    CreateOutcome,
    Enlist,
    RecordCreate,
    RecordWrite,
    SendAlert,
    WriteOutcome,
)
from syncd.domain.names import ActionKey, RecordId
from syncd.ports import Messenger, Posted, Target
from syncd.store_ports import Lease


@dataclass(frozen=True, slots=True)
class FencedTarget:
    """A `Target`; LeaseLost in the place of a write that is no longer ours to make."""

    target: Target
    lease: Lease

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        self.lease.must_hold()
        return self.target.update(writes)

    def create(self, creates: Sequence[RecordCreate]) -> Mapping[ActionKey, CreateOutcome]:
        self.lease.must_hold()
        return self.target.create(creates)

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        self.lease.must_hold()
        return self.target.add_notes(notes)

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        return self.target.find_notes(notes)

    def enlist(self, wishes: Sequence[Enlist]) -> Mapping[ActionKey, WriteOutcome]:
        self.lease.must_hold()
        return self.target.enlist(wishes)


@dataclass(frozen=True, slots=True)
class FencedMessenger:
    """A `Messenger`, likewise."""

    messenger: Messenger
    lease: Lease

    def send(
        self, channel: str, alerts: Sequence[SendAlert], *, thread: Posted | None = None
    ) -> Posted | None:
        self.lease.must_hold()
        return self.messenger.send(channel, alerts, thread=thread)

    def find_sent(
        self, channel: str, keys: Collection[ActionKey], *, thread: Posted | None = None
    ) -> Mapping[ActionKey, Posted] | None:
        return self.messenger.find_sent(channel, keys, thread=thread)

    def update(self, posted: Posted, alert: SendAlert, status: str) -> None:
        self.lease.must_hold()
        self.messenger.update(posted, alert, status)
