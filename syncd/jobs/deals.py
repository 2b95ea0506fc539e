"""Read what came of leads that sales has: their deals, of each once an hour, or as often as so
many an hour comes to.

A portion each cycle, and only while calls are plenty. What cannot be read is tried again in the
next hour; nothing waits for it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from syncd.domain.deal import Deal
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.errors import SyncdError
from syncd.jobs.pair import Pair
from syncd.jobs.recent import Recent
from syncd.ports import Deals

log = structlog.get_logger()

EACH_CYCLE = 500
"""So many leads are asked for at most in one cycle."""
EACH_HOUR = 5_000
"""And so many in an hour, which costs some 80 calls."""
EVERY = timedelta(hours=1)


def read_deals(
    pair: Pair,
    recent: Recent,
    *,
    now: datetime,
    down: Collection[System] = (),
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Returns how many leads have other deals than before. CRMs that are `down` are not asked."""
    if not pair.deals or stopping() or not _is_due(recent, now):
        return 0
    up = {x: crm for x, crm in pair.deals.items() if x not in down}
    crms = {x: crm for x, crm in up.items() if pair.may_sweep(x, now=now)}
    if not crms:
        return 0
    if _is_new_hour(recent, now):
        recent.deals_begun, recent.deals_asked = now, 0
    leads = pair.store.selling(recent.deals_after, EACH_CYCLE)
    recent.deals_asked += len(leads)
    recent.deals_after = leads[-1].id if len(leads) == EACH_CYCLE else None
    found: dict[LeadId, dict[System, tuple[Deal, ...]]] = {x.id: {} for x in leads}
    for system, crm in crms.items():
        for lead_id, deals in _told(system, crm, leads).items():
            found[lead_id][system] = deals
    return pair.store.save_deals(found) if leads else 0


def _is_due(recent: Recent, now: datetime) -> bool:
    under_way = recent.deals_after is not None and recent.deals_asked < EACH_HOUR
    return under_way or _is_new_hour(recent, now)


def _is_new_hour(recent: Recent, now: datetime) -> bool:
    return recent.deals_begun is None or now - recent.deals_begun >= EVERY


def _told(system: System, crm: Deals, leads: Sequence[Lead]) -> Mapping[LeadId, tuple[Deal, ...]]:
    """Of every lead that has a record there; of none where the CRM does not answer."""
    records = {x.id: x.sides[system].record_id for x in leads if system in x.sides}
    if not records:
        return {}
    try:
        deals = crm.deals([*records.values()])
    except SyncdError as error:
        log.warning("deals_unread", system=system.value, reason=str(error))
        return {}
    return {lead_id: deals.get(record, ()) for lead_id, record in records.items()}
