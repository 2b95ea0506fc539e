"""Reconcile: read every known record again by its id, whatever polling said, part by part.

A round walks over all leads, a bounded number of them a cycle, so that no deadline waits for
it. How far it got is in the store: killed anywhere, it goes on there. What it finds goes the
normal path.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from syncd.commit import Commit
from syncd.core.context import Context
from syncd.core.drift import Drift
from syncd.domain.lead import Lead, Side
from syncd.domain.names import LeadId, System
from syncd.domain.record import Record
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.drifting import Key, drifted, put_right
from syncd.jobs.farewell import ask_fates, forget_the_erased, note_fates
from syncd.jobs.ingest import ingest
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.jobs.second_look import begin_second_look, second_look
from syncd.jobs.watch import watch_the_lost

log = structlog.get_logger()

_PART = 2_000
_HEAD_START = 0.75
"""A round begins when this much of the time between two looks is over, to be done in time."""
_AT_REST = "~"
"""Sorts after every lead: nothing is left to look at."""
FROM_THE_FIRST = LeadId("!")
"""Sorts before every lead: where a round stands that is to begin at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a part of a round came to: leads looked at, records that drifted, people forgotten."""

    leads: int = 0
    missed: int = 0
    silent: int = 0
    erased: int = 0


def sweep(
    pair: Pair,
    recent: Recent,
    ctx: Context,
    *,
    down: Collection[System] = (),
    part: int = _PART,
) -> Swept:
    """The next part of the round, if one is under way or due. A CRM that fails meanwhile
    leaves the part for the next cycle.

    It waits while a CRM is down or calls run short. When that goes on for hours, the other CRM
    is walked over alone, for those who were erased there; and what is known to be lost is
    asked for every hour whatever it costs.
    """
    able = [s for s in pair.crms if s not in down and pair.may_sweep(s, now=ctx.now)]
    whole = len(able) == len(pair.crms)
    try:
        if recent.may_sweep(ctx.now, whole=whole):
            walked = _walk(pair, recent, ctx, _Part(able=able, most=part))
            return _with_second_look(pair, recent, ctx, walked) if whole else walked
        if recent.may_watch(ctx.now):
            return Swept(erased=watch_the_lost(pair, recent, ctx, down=down))
    except SideDown as problem:
        log.warning("sweep_put_off", system=problem.system, reason=str(problem))
    return Swept()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Which CRMs may be asked, and how many leads are looked at."""

    able: Collection[System]
    most: int


def _with_second_look(pair: Pair, recent: Recent, ctx: Context, walked: Swept) -> Swept:
    counts = second_look(pair, recent, ctx)
    return replace(
        walked,
        missed=walked.missed + counts[Drift.MISSED],
        silent=walked.silent + counts[Drift.SILENT],
    )


def _walk(pair: Pair, recent: Recent, ctx: Context, part: _Part) -> Swept:
    mark = pair.store.sweep()
    if mark is None:  # a new store: all of it was only just read
        pair.store.commit(Commit(now=ctx.now, sweep=_at_rest(ctx.now)))
        return Swept()
    if _is_at_rest(mark):
        if not _is_due(mark, pair, ctx):
            return Swept()
        begin_second_look(pair, recent, ctx)
    leads = pair.store.after(None if _is_at_rest(mark) else mark, part.most)
    swept = _look_at(pair, leads, part.able, ctx)
    done = len(leads) < part.most
    if done:
        swept = replace(swept, erased=forget_the_erased(pair, ctx))
    pair.store.commit(Commit(now=ctx.now, sweep=_at_rest(ctx.now) if done else leads[-1].id))
    return swept


def _at_rest(now: datetime) -> LeadId:
    """Where a round that is complete has got to: past every lead, and when."""
    return LeadId(f"{_AT_REST}{now.isoformat()}")


def _is_at_rest(mark: LeadId) -> bool:
    return mark.startswith(_AT_REST)


def _is_due(mark: LeadId, pair: Pair, ctx: Context) -> bool:
    rested = ctx.now - datetime.fromisoformat(mark.removeprefix(_AT_REST))
    return rested >= pair.rules.reconcile_every * _HEAD_START


def _look_at(pair: Pair, leads: Sequence[Lead], able: Collection[System], ctx: Context) -> Swept:
    sides = [(x, side) for x in leads for side in x.sides.values() if side.system in able]
    shown = _read(pair, [side for _, side in sides])
    lost = [(lead, side) for lead, side in sides if (side.system, side.record_id) not in shown]
    fates = ask_fates(pair, lost, now=ctx.now)
    note_fates(pair, fates, ctx)
    if len(able) < len(pair.crms):  # nothing is decided while one side cannot be seen
        return Swept(leads=len(leads))
    known = {(side.system, side.record_id): lead for lead, side in sides}
    records = {(record.system, record.id): record for record in shown.values()}
    counts = put_right(pair, list(drifted(pair, records.values(), known, ctx)), ctx)
    if fates.binned:
        ingest(pair, fates.binned, (), ctx)
    return Swept(leads=len(leads), missed=counts[Drift.MISSED], silent=counts[Drift.SILENT])


def _read(pair: Pair, sides: Sequence[Side]) -> dict[Key, Record]:
    """By the id asked for: a record that carries on under another shows under both."""
    shown: dict[Key, Record] = {}
    for system, crm in pair.crms.items():
        ids = [side.record_id for side in sides if side.system is system]
        with asking(system):
            found = crm.read(ids) if ids else {}
        shown |= {(system, record_id): record for record_id, record in found.items()}
    return shown
