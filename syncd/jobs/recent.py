"""What the process remembers from cycle to cycle. Forgetting costs work, never correctness.

Of records read lately only a digest is kept, so that re-reading the overlap of the last
windows is nearly free: deciding twice on the same facts changes nothing.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import orjson

from syncd.domain.names import RecordId, System
from syncd.domain.record import Record
from syncd.ports import Page

_MOST = 50_000
_HOUR = timedelta(hours=1)


class Recent:
    """A bounded memory of record contents, and of what was done lately or is under way:
    `second_look` are the pages still to be held against what polling told."""

    def __init__(self, most: int = _MOST) -> None:
        self._looked_again: datetime | None = None
        self._checked_accounts: datetime | None = None
        self._had_right_accounts = False
        self.second_look: dict[System, Iterator[Page]] = {}
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

    def may_check_accounts(self, now: datetime) -> bool:
        """At the start, after new settings, and once an hour."""
        return self._checked_accounts is None or now - self._checked_accounts >= _HOUR

    def accounts_checked(self, now: datetime) -> None:
        self._checked_accounts = now
        self._had_right_accounts = True

    def accounts_are_wrong(self) -> bool:
        """Whether that is news: once after they had been right. They are checked again before
        anything else is done."""
        self._checked_accounts = None
        is_news, self._had_right_accounts = self._had_right_accounts, False
        return is_news

    def forget(self) -> None:
        """After the settings changed: everything is to be looked at anew."""
        self._digests.clear()
        self.second_look.clear()
        self._checked_accounts = None


def digest(record: Record) -> bytes:
    content = (
        record.modified_at,
        record.deleted,
        record.merged_into,
        record.former,
        record.properties,
    )
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2b(text, digest_size=16).digest()
