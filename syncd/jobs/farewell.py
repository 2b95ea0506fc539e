"""Ask what became of records that are not found, and forget the people who were erased.

Only what both the living and the bin of a CRM do not know has vanished. It is marked, nothing
is written to it, and it is forgotten when the round of reconciliation is over; when too many
vanished, a person says so first. Before anybody is forgotten the account is asked for: in
another org nothing of ours is ever found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

import structlog

from syncd.commit import Commit
from syncd.core.alerting_ops import vanished_alert
from syncd.core.context import Context
from syncd.core.erasing import (
    counts_for_its_losers,
    farewell,
    found_again,
    has_only_left_the_bin,
    is_vanished,
    may_be_erased,
    most_erased,
    never_empties_its_bin,
    vanish,
    vanished_of,
    winner_of,
    without_record,
)
from syncd.domain.audit import AuditEntry
from syncd.domain.lead import Lead, Lost, Side
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Fate, Record
from syncd.jobs.blind import asking
from syncd.jobs.identity import insist_on_accounts
from syncd.jobs.pair import Pair

log = structlog.get_logger()

Sides = Sequence[tuple[Lead, Side]]


@dataclass(slots=True, kw_only=True)
class Fates:
    """`binned` are records to be taken in as deleted, `erased` the sides of each lead that no
    CRM knows, `found` those that had vanished and are there again."""

    binned: list[Record] = field(default_factory=list)
    erased: dict[LeadId, list[System]] = field(default_factory=dict)
    found: list[tuple[LeadId, System, Fate]] = field(default_factory=list)
    leads: dict[LeadId, Lead] = field(default_factory=dict)


def ask_fates(pair: Pair, lost: Sides, *, now: datetime) -> Fates:
    """Of records that a read by id did not show. SideDown when a CRM does not answer."""
    fates = Fates()
    for system, crm in pair.crms.items():
        asked = list(_asked(pair, system, [x for x in lost if x[1].system is system], now))
        if not asked:
            continue
        with asking(system):
            told = crm.fates([record for _, _, record in asked])
        for lead, side, record in asked:
            _note(fates, lead, side, told[record])
    return fates


def _asked(
    pair: Pair, system: System, lost: Sides, now: datetime
) -> Iterator[tuple[Lead, Side, RecordId]]:
    """The record whose fate is the side's: of one merged away that of its winner, while that
    is somebody's, or was until they were erased. One that is nobody's waits for a person, or
    did until it was erased: what it tells depends on the CRM."""
    winners = {winner for _, side in lost if (winner := winner_of(side))}
    known = pair.store.find(system, winners) if winners else {}
    erased = pair.store.ignored(system, winners) if winners else frozenset()
    leads = pair.store.load(set(known.values())) if known else {}
    for lead, side in lost:
        winner = winner_of(side)
        if winner is None:
            yield lead, side, side.record_id
            continue
        holder = leads.get(known.get(winner, LeadId("")))
        theirs = holder.sides.get(system) if holder else None
        counts = bool(theirs and counts_for_its_losers(theirs, winner, now=now))
        nobodys = winner not in known and never_empties_its_bin(system)
        if winner in erased or counts or nobodys:
            yield lead, side, winner


def _note(fates: Fates, lead: Lead, side: Side, fate: Fate) -> None:
    fates.leads[lead.id] = lead
    if fate is Fate.ERASED:
        if may_be_erased(side) or winner_of(side):
            fates.erased.setdefault(lead.id, []).append(side.system)
    elif is_vanished(side):
        fates.found.append((lead.id, side.system, fate))
    elif fate is Fate.BINNED and not side.gone:
        fates.binned.append(_deleted(side))


def _deleted(side: Side) -> Record:
    """What a CRM that shows no deleted records would have shown."""
    return Record(
        system=side.system,
        kind=side.seen.kind,
        id=side.record_id,
        properties={},
        created_at=side.seen.created_at,
        modified_at=side.seen.modified_at,
        deleted=True,
    )


def note_fates(pair: Pair, fates: Fates, ctx: Context) -> None:
    """Mark what vanished, unmark what is there again, and let go of records that have merely
    left the recycle bin; all in one transaction."""
    changed: dict[LeadId, Lead] = {}
    audit: list[AuditEntry] = []
    for lead_id, systems in fates.erased.items():
        lead = fates.leads[lead_id]
        left_the_bin = has_only_left_the_bin(lead, systems, now=ctx.now)
        for system in systems:
            if left_the_bin:
                lead, entry = without_record(lead, system, now=ctx.now)
                audit.append(entry)
            elif not is_vanished(lead.sides[system]):
                lead = vanish(lead, system, now=ctx.now)
        if lead is not fates.leads[lead_id]:
            changed[lead_id] = lead
    for lead_id, system, fate in fates.found:
        lead = changed.get(lead_id) or fates.leads[lead_id]
        changed[lead_id] = found_again(lead, system, fate)
    if changed:
        log.info("records_lost_or_found", leads=len(changed))
        pair.store.commit(Commit(now=ctx.now, leads=tuple(changed.values()), audit=tuple(audit)))


def forget_the_erased(pair: Pair, ctx: Context) -> int:
    """Forget the people whose records vanished; how many. When there are too many nobody is
    forgotten: a person is told, and says so. WrongAccount, SideDown: see `forget`."""
    most = most_erased(pair.store.linked())
    leads = pair.store.lost(Lost.VANISHED, None, most + 1)
    if len(leads) <= most:
        return forget(pair, leads, ctx)
    systems = sorted({system for lead in leads for system in vanished_of(lead)})
    log.warning("many_records_vanished", more_than=most, systems=[s.value for s in systems])
    alerts = tuple(vanished_alert(system, most, now=ctx.now) for system in systems)
    pair.store.commit(Commit(now=ctx.now, actions=alerts))
    return 0


def forget(pair: Pair, leads: Sequence[Lead], ctx: Context) -> int:
    """Forget these people, all in one transaction; how many. WrongAccount if another org
    answers, SideDown if one does not say which it is."""
    if not leads:
        return 0
    systems = {system for lead in leads for system in vanished_of(lead)}
    insist_on_accounts(pair, now=ctx.now, of=systems)
    goodbyes = [farewell(lead, vanished_of(lead), now=ctx.now) for lead in leads]
    pair.store.commit(
        Commit(
            now=ctx.now,
            audit=tuple(chain.from_iterable(x.audit for x in goodbyes)),
            parked=tuple(chain.from_iterable(x.parked for x in goodbyes)),
            actions=tuple(chain.from_iterable(x.alerts for x in goodbyes)),
            erased=tuple(lead.id for lead in leads),
        )
    )
    log.info("people_erased", people=len(leads))
    return len(leads)
