"""What the process remembers from cycle to cycle. Forgetting costs work, never correctness.

Of records read lately only a digest is kept, so that re-reading the overlap of the last
windows is nearly free: deciding twice on the same facts changes nothing.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson

from syncd.domain.mapping import CrmMap
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.policy import Policy
from syncd.domain.record import Record
from syncd.ports import Page, Touch

_MOST = 50_000
_DIGEST_BYTES = 16
_HOUR = timedelta(hours=1)
_PATIENCE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class News:
    """Records that are new or show something new, with the digest of each, and what was done
    with records that was not known yet."""

    shown: tuple[tuple[Record, bytes], ...]
    touched: tuple[tuple[System, Touch], ...] = ()

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple([record for record, _ in self.shown])

    @property
    def touched_keys(self) -> frozenset[tuple[System, RecordId]]:
        return frozenset((system, touch.record_id) for system, touch in self.touched)

    def but_touched(self) -> "News":
        """For what was done is only known once every CRM was asked."""
        return News(self.shown)


class Recent:
    """A bounded memory of record contents, and of what was done lately or is under way:
    `second_look` are the pages still to be held against what polling told, `looked_at_parked`
    is the last parked record that was looked at again, `watched` the last lead whose lost
    record was asked for, `followed` the field map and `promised` the policy that the store is
    in line with, `told_week` the last week whose alerts were counted, `told_month` the
    last month whose meeting was prepared, `reminded_on` the day the review was last looked at,
    `deals_begun` when this hour's asking for deals began, `deals_asked` of how many leads, and
    `deals_after` how far that walk over them is; None once it is through."""

    def __init__(self, most: int = _MOST) -> None:
        self._looked_again: datetime | None = None
        self._checked_accounts: datetime | None = None
        self._hindered: datetime | None = None
        self._watched_at: datetime | None = None
        self.watched: LeadId | None = None
        self._confirmed: frozenset[System] = frozenset()
        self._had_right_accounts = False
        self.followed: CrmMap | None = None
        self.promised: Policy | None = None
        self.told_week = ""
        self.told_month = ""
        self.reminded_on: date | None = None
        self.deals_begun: datetime | None = None
        self.deals_after: LeadId | None = None
        self.deals_asked = 0
        self.looked_at_parked: tuple[System, RecordId] | None = None
        self.second_look: dict[System, Iterator[Page]] = {}
        self._digests: OrderedDict[tuple[System, RecordId], bytes] = OrderedDict()
        self._touches: OrderedDict[tuple[System, Touch], None] = OrderedDict()
        self._most = most

    def news(self, pages: Mapping[System, Page]) -> News:
        """What of these is not as it was when last remembered."""
        shown = ((r, digest(r)) for page in pages.values() for r in page.records)
        done = ((system, x) for system, page in pages.items() for x in page.touched)
        return News(
            shown=tuple(x for x in shown if self._digests.get((x[0].system, x[0].id)) != x[1]),
            touched=tuple(x for x in done if x not in self._touches),
        )

    def remember(self, news: News) -> None:
        """Call once what was decided on them is committed."""
        for record, content in news.shown:
            key = (record.system, record.id)
            self._digests[key] = content
            self._digests.move_to_end(key)
        self._touches.update(dict.fromkeys(news.touched))
        for known in (self._digests, self._touches):
            while len(known) > self._most:
                known.popitem(last=False)

    def may_look_again(self, now: datetime) -> bool:
        """Once an hour, and first an hour after the start: time to look at what was parked."""
        before = self._looked_again or now
        due = now - before >= _HOUR
        self._looked_again = now if due or self._looked_again is None else before
        return due

    def may_sweep(self, now: datetime, *, whole: bool) -> bool:
        """With both CRMs always; with one alone once that has gone on for long."""
        self._hindered = None if whole else self._hindered or now
        return self._hindered is None or now - self._hindered >= _PATIENCE

    def may_watch(self, now: datetime) -> bool:
        """Once an hour."""
        due = self._watched_at is None or now - self._watched_at >= _HOUR
        self._watched_at = now if due else self._watched_at
        return due

    def may_check_accounts(self, now: datetime) -> bool:
        """At the start, after new settings, and once an hour."""
        return self._checked_accounts is None or now - self._checked_accounts >= _HOUR

    def accounts_checked(
        self, now: datetime, confirmed: Collection[System], *, again: bool = False
    ) -> None:
        """These said whose they are; `again` when another did not, and is to be asked soon."""
        self._checked_accounts = None if again else now
        self._confirmed |= frozenset(confirmed)
        self._had_right_accounts = True

    def knows_account(self, system: System) -> bool:
        """Whether it said whose it is since the start, or the last new settings."""
        return system in self._confirmed

    def accounts_are_wrong(self) -> bool:
        """Whether that is news: once after they had been right. They are checked again before
        anything else is done."""
        self._forget_accounts()
        is_news, self._had_right_accounts = self._had_right_accounts, False
        return is_news

    def _forget_accounts(self) -> None:
        self._checked_accounts, self._confirmed = None, frozenset()

    def forget(self) -> None:
        """After the settings changed: everything is to be looked at anew."""
        self._digests.clear()
        self._touches.clear()
        self.second_look.clear()
        self._forget_accounts()


def digest(record: Record) -> bytes:
    """Of what it shows, as told: the same properties in another order would cost work, too."""
    content = (
        record.modified_at,
        record.deleted,
        record.merged_into,
        record.former,
        record.properties,
    )
    return hashlib.sha256(orjson.dumps(content, default=str)).digest()[:_DIGEST_BYTES]
