"""The ports of the worker, wrapped: what is written is noted, pages are dealt anew, and the store
can kill. Everything is passed on as it is.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from syncd.adapters.store.store import SqlStore
from syncd.domain.action import AddNote, RecordWrite, WriteOutcome
from syncd.domain.names import ActionKey, RecordId
from syncd.ports import Crm, Page, Target
from syncd.sandbox.journal import System


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """How the records of a poll are dealt into pages: as they come, or so many a page and
    the other way round."""

    size: int = 0
    reverse: bool = False


class DealtCrm:
    """A CRM whose polls are dealt anew; everything else is passed on."""

    def __init__(self, crm: Crm, deal: Deal) -> None:
        self._crm = crm
        self._deal = deal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._crm, name)

    def poll(self, since: datetime | None) -> Iterator[Page]:
        for page in self._crm.poll(since):
            yield from self._dealt(page)

    def _dealt(self, page: Page) -> Iterator[Page]:
        records = page.records[::-1] if self._deal.reverse else page.records
        size = self._deal.size or len(records) or 1
        yield replace(page, records=records[:size])
        for start in range(size, len(records), size):
            yield replace(page, records=records[start : start + size], touched=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A record that the product asked a CRM to change, and what was true of it just then."""

    at: datetime
    system: System
    record_id: str
    properties: Collection[str]
    dead: str
    """Why nobody should write to it any more; empty while one may."""


class WatchedTarget:
    """Notes each record on the way out, and what is written to it."""

    def __init__(self, target: Target, note: Callable[[str, Collection[str]], None]) -> None:
        self._target = target
        self._note = note

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        for write in writes:
            self._note(write.record_id, tuple(write.properties))
        return self._target.update(writes)

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        for note in notes:
            self._note(note.record_id, ("note",))
        return self._target.add_notes(notes)


class Killed(BaseException):
    """The process is dead at this very point: nothing may catch it."""


class MortalStore:
    """The store, and death right after its n-th write from now on."""

    def __init__(self, store: SqlStore) -> None:
        self.living = store
        self.left = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.living, name)
        return self._counted(found) if name in ("claim", "commit") else found

    def _counted(self, write: Any) -> Any:
        def written(*args: Any, **kwargs: Any) -> Any:
            result = write(*args, **kwargs)
            self.left -= 1
            if self.left == 0:
                raise Killed
            return result

        return written
