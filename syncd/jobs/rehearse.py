"""Rehearse a cycle: read both CRMs, decide and brake as always, but deliver nothing.

Meant for a copy of the store: what it commits there is thrown away with the copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.commit import OutboxRow
from syncd.domain.decision import Plan
from syncd.jobs.due import decide_due
from syncd.jobs.identity import with_known_accounts
from syncd.jobs.orders import carry_out_orders
from syncd.jobs.pair import Pair
from syncd.jobs.read import fresh_through, read_changes
from syncd.jobs.recent import Recent
from syncd.jobs.respell import follow_map

_MOST = 100_000
_LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a cycle would carry out now, what it would hold, and which CRM was unreadable."""

    rows: Sequence[OutboxRow]
    held: Sequence[Plan]
    down: tuple[str, ...]


def rehearse(pair: Pair, *, now: datetime) -> Rehearsal:
    """WrongAccount when the store is of another org or portal."""
    recent = Recent()
    pair = with_known_accounts(pair, recent, now=now)
    follow_map(pair, now=now)
    reading = read_changes(pair, recent, pair.context(now=now, fresh=None), stopping=lambda: False)
    ctx = pair.context(now=now, fresh=fresh_through(pair.store.sides(), pair.crms))
    carry_out_orders(pair, ctx)
    decide_due(pair, ctx)
    return Rehearsal(
        rows=pair.store.claim(now=now, until=now + _LONG, limit=_MOST),
        held=pair.store.open_plans(),
        down=tuple(f"{system.label}: {why}" for system, why in reading.down.items()),
    )
