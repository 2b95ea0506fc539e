"""Rehearse a cycle: read both CRMs, decide and brake as always, but deliver nothing.

Meant for a copy of the store: what it commits there is thrown away with the copy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syncd.commit import OutboxRow
from syncd.core.context import Context
from syncd.core.decide import decide
from syncd.core.preview import planned
from syncd.domain.decision import Plan
from syncd.domain.names import LeadId
from syncd.domain.preview import PlannedAction, PlannedLead
from syncd.jobs.approval import Noting
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
class Waiting:
    """A move in its grace, and what follows if nothing changes until that is over."""

    lead_id: LeadId
    until: datetime
    then: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a cycle would carry out now: `leads` is what it would decide, `rows` all that would
    go out, `known` of them what was decided before or ordered by a person. `held` is what the
    brake would stop, and which CRM was unreadable."""

    leads: tuple[PlannedLead, ...]
    rows: Sequence[OutboxRow]
    known: Sequence[OutboxRow]
    held: Sequence[Plan]
    waiting: tuple[Waiting, ...]
    down: tuple[str, ...]


def rehearse(pair: Pair, *, now: datetime) -> Rehearsal:
    """WrongAccount when the store is of another org or portal."""
    recent, noting = Recent(), Noting()
    pair = with_known_accounts(pair, recent, now=now)
    follow_map(pair, now=now)
    noted = replace(pair, approval=noting)
    reading = read_changes(noted, recent, pair.context(now=now, fresh=None), stopping=_never)
    ctx = pair.context(now=now, fresh=fresh_through(pair.store.sides(), pair.crms))
    carry_out_orders(pair, ctx)
    decide_due(noted, ctx)
    rows = pair.store.claim(now=now, until=now + _LONG, limit=_MOST)
    return Rehearsal(
        leads=noting.leads(),
        rows=rows,
        known=tuple(row for row in rows if row.action.key not in noting.keys),
        held=pair.store.open_plans(),
        waiting=tuple(_in_grace(pair, ctx)),
        down=tuple(f"{system.label}: {why}" for system, why in reading.down.items()),
    )


def _in_grace(pair: Pair, ctx: Context) -> Iterator[Waiting]:
    due = pair.store.due(ctx.now, _MOST)
    for lead_id, lead in sorted(pair.store.load(due).items()):
        if lead.move and lead.move.grace_ends > ctx.now:
            until = lead.move.grace_ends
            decision = decide(lead, {}, replace(ctx, now=until, blind=False))
            yield Waiting(lead_id=lead_id, until=until, then=planned(decision))


def _never() -> bool:
    return False
