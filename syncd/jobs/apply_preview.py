"""Carry out a preview: one cycle for the leads in it alone, as far as they are to be treated as
was shown.

Only whoever holds the lease may do so. Of all other leads nothing is stored, the windows that
were read are not recorded, no order is carried out and nothing goes out: the next whole cycle
finds everything as though this one had not been. The brake holds here as always.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.decision import Plan
from syncd.domain.names import LeadId
from syncd.domain.preview import PlannedAction, PlannedLead, Preview
from syncd.jobs.approval import Only
from syncd.jobs.deliver import deliver
from syncd.jobs.due import decide_due
from syncd.jobs.identity import with_known_accounts
from syncd.jobs.pair import Pair
from syncd.jobs.read import Reading, read_changes
from syncd.jobs.recent import Recent
from syncd.jobs.respell import follow_map
from syncd.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """`leads` are those of which something was done, `left` what was shown and not done, and
    `otherwise` what is to be done instead with leads of the preview, or with others. `held` is
    what the brake stopped."""

    leads: int
    left: Sequence[PlannedLead]
    otherwise: Mapping[LeadId, tuple[PlannedAction, ...]]
    held: Sequence[Plan]
    down: tuple[str, ...]


def apply_preview(
    pair: Pair, preview: Preview, *, by: str, clock: Clock, lease: timedelta
) -> Applied:
    """LeaseLost when another worker took over; WrongAccount when the store is of another org."""
    now, only, recent = clock.now(), Only(preview), Recent()
    holding = partial(_hold_on, pair, clock, lease)
    pair = with_known_accounts(pair, recent, now=now)
    follow_map(pair, now=now)
    limited = replace(pair, approval=only)
    ctx = pair.context(now=now, fresh=None)
    reading = read_changes(limited, recent, ctx, stopping=holding, recorded=False)
    ctx = replace(ctx, fresh=_fresh(pair, reading, ctx))
    if not reading.down:
        decide_due(limited, ctx)
    only.stopped(pair.store.open_plans())
    pair.store.commit(Commit(now=now, audit=tuple(_entries(preview, only, by, now))))
    deliver(pair, ctx, stopping=holding, leads=only.done.keys())
    return Applied(
        leads=sum(bool(digests) for digests in only.done.values()),
        left=only.left(preview),
        otherwise=only.otherwise,
        held=pair.store.open_plans(),
        down=tuple(f"{system.label}: {why}" for system, why in reading.down.items()),
    )


def _fresh(pair: Pair, reading: Reading, ctx: Context) -> datetime | None:
    """Up to when both sides were read just now; deadlines are judged by it."""
    if reading.down:
        return None
    through = [reading.began[s] - ctx.crm.sides[s].overlap for s in pair.crms if s in reading.began]
    return min(through) if len(through) == len(pair.crms) else None


def _entries(preview: Preview, only: Only, by: str, now: datetime) -> Iterator[AuditEntry]:
    """One for the whole, and for each lead whose word it was."""
    done = [lead_id for lead_id, digests in only.done.items() if digests]
    whole = {"plan": preview.checksum, "applied": str(len(done)), "of": str(len(preview.leads))}
    yield AuditEntry(at=now, kind=AuditKind.APPLIED, lead_id=None, facts=whole, personal={})
    for lead_id in done:
        yield AuditEntry(
            at=now,
            kind=AuditKind.APPLIED,
            lead_id=lead_id,
            facts={"plan": preview.checksum},
            personal={"by": by},
        )


def _hold_on(pair: Pair, clock: Clock, lease: timedelta) -> bool:
    """Never to stop: between any two pages or batches the lease begins anew, however many."""
    pair.store.renew(now=clock.now(), span=lease)
    return False
