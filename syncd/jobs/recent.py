"""Remembers what the overlap of the last windows showed, so that re-reading it is nearly free.

Only a digest a record is kept, and only as many as were read lately. Forgetting costs
work, never correctness: deciding twice on the same facts changes nothing.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

import orjson

from syncd.domain.names import RecordId, System
from syncd.domain.record import Record

_MOST = 50_000
_HOUR = timedelta(hours=1)


class Recent:
    """A bounded memory of record contents."""

    def __init__(self, most: int = _MOST) -> None:
        self._looked_again: datetime | None = None
        self._digests: OrderedDict[tuple[System, RecordId], bytes] = OrderedDict()
        self._most = most

    def news(self, records: Iterable[Record]) -> tuple[Record, ...]:
        """Those that are not as they were when last remembered."""
        return tuple(r for r in records if self._digests.get((r.system, r.id)) != digest(r))

    def remember(self, records: Iterable[Record]) -> None:
        """Call once what was decided on them is committed."""
        for record in records:
            key = (record.system, record.id)
            self._digests[key] = digest(record)
            self._digests.move_to_end(key)
        while len(self._digests) > self._most:
            self._digests.popitem(last=False)

    def may_look_again(self, now: datetime) -> bool:
        """Once an hour, and first an hour after the start: time to look at what was parked."""
        before = self._looked_again or now
        due = now - before >= _HOUR
        self._looked_again = now if due or self._looked_again is None else before
        return due

    def forget(self) -> None:
        """After the settings changed: everything is to be looked at anew."""
        self._digests.clear()


def digest(record: Record) -> bytes:
    content = (record.modified_at, record.deleted, record.merged_into, record.properties)
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2b(text, digest_size=16).digest()
