"""Ask what became of records that are not found, and forget the people who were erased.

Only what both the living and the bin of a CRM do not know is erased. Before anybody is
forgotten the account is asked for: in another org nothing of ours is ever found.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import structlog

from syncd.core.alerting_ops import vanished_alert
from syncd.core.context import Context
from syncd.core.erasing import VANISHED, farewell, is_too_many, may_be_erased
from syncd.domain.lead import Lead, Side
from syncd.domain.names import LeadId, System
from syncd.domain.record import Fate, Record
from syncd.errors import TransientError
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.identity import check_accounts
from syncd.jobs.pair import Pair
from syncd.ports import Commit

log = structlog.get_logger()

Lost = Sequence[tuple[Lead, Side]]


@dataclass(slots=True, kw_only=True)
class Fates:
    """`binned` are records to be taken in as deleted; `erased` the sides of each lead."""

    binned: list[Record] = field(default_factory=list)
    erased: dict[LeadId, list[System]] = field(default_factory=dict)
    leads: dict[LeadId, Lead] = field(default_factory=dict)


def ask_fates(pair: Pair, lost: Lost) -> Fates:
    """Of records that a read by id did not show. SideDown when a CRM does not answer."""
    fates = Fates()
    for system, crm in pair.crms.items():
        sides = [(lead, side) for lead, side in lost if side.system is system]
        if not sides:
            continue
        with asking(system):
            told = crm.fates([side.record_id for _, side in sides])
        for lead, side in sides:
            _note(fates, lead, side, told[side.record_id])
    return fates


def _note(fates: Fates, lead: Lead, side: Side, fate: Fate) -> None:
    if fate is Fate.BINNED and not side.gone:
        fates.binned.append(_deleted(side))
    elif fate is Fate.ERASED and may_be_erased(side):
        fates.erased.setdefault(lead.id, []).append(side.system)
        fates.leads[lead.id] = lead


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


def say_farewell(pair: Pair, fates: Fates, ctx: Context, *, looked_at: int) -> int:
    """Forget them, all in one transaction; how many people. WrongAccount if another org answers,
    SideDown if one does not say which it is."""
    if not fates.erased:
        return 0
    if not check_accounts(pair, now=ctx.now):
        system = next(iter(fates.erased.values()))[0]
        raise SideDown(system, TransientError("it does not say which account it is"))
    doubted = _doubted(fates, looked_at)
    for system in doubted:
        _hold(pair, system, fates, ctx)
    certain = {
        lead_id: sure
        for lead_id, systems in fates.erased.items()
        if (sure := [s for s in systems if _is_certain(fates.leads[lead_id], s, doubted)])
    }
    _forget(pair, certain, fates.leads, ctx)
    return len(certain)


def _doubted(fates: Fates, looked_at: int) -> frozenset[System]:
    """CRMs in which too many vanished at once."""
    new = [
        system
        for lead_id, systems in fates.erased.items()
        for system in systems
        if fates.leads[lead_id].sides[system].gone != VANISHED
    ]
    return frozenset(s for s in System if is_too_many(new.count(s), looked_at))


def _is_certain(lead: Lead, system: System, doubted: Collection[System]) -> bool:
    return system not in doubted or lead.sides[system].gone == VANISHED


def _hold(pair: Pair, system: System, fates: Fates, ctx: Context) -> None:
    """Nothing is written to them, nothing forgotten: the next round decides."""
    leads = [fates.leads[i] for i, systems in fates.erased.items() if system in systems]
    log.warning("many_records_vanished", system=system, records=len(leads))
    pair.store.commit(
        Commit(
            now=ctx.now,
            leads=tuple(_without(lead, system) for lead in leads),
            actions=(vanished_alert(system, len(leads), now=ctx.now),),
        )
    )


def _without(lead: Lead, system: System) -> Lead:
    side = replace(lead.sides[system], gone=VANISHED, pending={})
    return replace(lead, sides={**lead.sides, system: side})


def _forget(
    pair: Pair,
    certain: Mapping[LeadId, Sequence[System]],
    leads: Mapping[LeadId, Lead],
    ctx: Context,
) -> None:
    if not certain:
        return
    goodbyes = [farewell(leads[i], systems, now=ctx.now) for i, systems in certain.items()]
    pair.store.commit(
        Commit(
            now=ctx.now,
            audit=tuple(chain.from_iterable(x.audit for x in goodbyes)),
            parked=tuple(chain.from_iterable(x.parked for x in goodbyes)),
            actions=tuple(chain.from_iterable(x.alerts for x in goodbyes)),
            erased=tuple(certain),
        )
    )
    log.info("people_erased", people=len(certain))
