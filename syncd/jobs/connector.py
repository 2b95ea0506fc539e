"""Look for the native HubSpot-Salesforce connector, at the start and once a day.

Costs two or three calls. What is found is kept with HubSpot's status; `core.connector` says
what comes of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import structlog

from syncd.commit import Commit
from syncd.core.alerting_budget import connector_alert
from syncd.core.connector import (
    LOOK_BACK,
    advice,
    detect_connector,
    is_installed,
    not_forgotten,
    quarrels,
    shared_properties,
)
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, RecordId, System
from syncd.jobs.blind import SideDown, asking
from syncd.jobs.pair import Pair

log = structlog.get_logger()

_SAMPLE = 100
_LATELY = timedelta(days=1)


def look_for_connector(pair: Pair, *, now: datetime) -> None:
    """For once a day (`Meter.may_look`), and before anything that was read is decided. While
    HubSpot cannot be asked, or nobody is linked whom to look at, nothing is concluded."""
    status = pair.store.sides().get(System.HUBSPOT)
    if status is None:
        return
    try:
        with asking(System.HUBSPOT):
            moved = _moved(pair, status.connector or {}, now)
    except SideDown as down:
        log.warning("connector_not_looked_for", reason=str(down))
        return
    if moved is None:
        return
    pair.meter.looked = now
    clash = quarrels(moved, pair.rules.crm)
    if clash:
        log.warning("fields_left_to_connector", change=[advice(spec) for spec in clash])
    pair.store.commit(
        Commit(
            now=now,
            sides={System.HUBSPOT: replace(status, connector=moved)},
            actions=(connector_alert(clash, now=now),) if clash else (),
        )
    )


def _moved(
    pair: Pair, known: Mapping[FieldName, datetime], now: datetime
) -> Mapping[FieldName, datetime] | None:
    hubspot, crm_map = pair.crms[System.HUBSPOT], pair.rules.crm
    if not is_installed(hubspot.schema()):
        return {}
    if not pair.store.linked():
        return None
    ids = _sample(pair, now)
    wanted = shared_properties(crm_map)
    histories = hubspot.history(ids, now - LOOK_BACK, wanted) if ids else {}
    found = detect_connector(histories.values(), crm_map, now=now)
    return not_forgotten(known, found, now=now)


def _sample(pair: Pair, now: datetime) -> list[RecordId]:
    """Contacts linked to a lead: first those changed lately, for the connector's writes count
    as changes, then any."""
    hubspot = pair.crms[System.HUBSPOT]
    page = next(iter(hubspot.poll(now - _LATELY)), None)
    lately = [record.id for record in page.records if not record.deleted] if page else []
    ids = pair.store.find(System.HUBSPOT, lately).values()
    leads = (*pair.store.load(set(ids)).values(), *pair.store.after(None, _SAMPLE))
    return [*islice(dict.fromkeys(_linked(leads)), _SAMPLE)]


def _linked(leads: Iterable[Lead]) -> Iterable[RecordId]:
    for lead in leads:
        side = lead.sides.get(System.HUBSPOT)
        if side and not side.gone and len(lead.sides) == len(System):
            yield side.record_id
