"""The live board: every open handoff, by how its next promise stands."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter

from syncd.adapters.store.store import SqlStore
from syncd.adapters.web.views import OpenHandoff, Standing
from syncd.cli.handoff_page import due_by, first_due
from syncd.cli.wording import lead_name
from syncd.core.handoff_words import PROMISED
from syncd.domain.handoff import Clock, Rung
from syncd.domain.lead import Lead
from syncd.settings.load import Settings

_PART = 500


def board_of(store: SqlStore, settings: Settings, *, now: datetime) -> Sequence[OpenHandoff]:
    """Those due first come first. Of each lead no more is kept than a line shows."""
    found = [
        (due_by(lead), _handoff(lead, settings, now=now)) for part in _parts(store) for lead in part
    ]
    return [line for _, line in sorted(found, key=itemgetter(0))]


def standing_of(clock: Clock | None, *, now: datetime) -> Standing:
    """At risk from the warning on; where none is planned, in the last fifth of the time."""
    if clock is None:
        return Standing.ON_TRACK
    if now >= clock.due_at:
        return Standing.BREACHED
    warns = clock.step(Rung.WARN)
    at_risk = warns or clock.due_at - (clock.due_at - clock.started_at) / 5
    return Standing.AT_RISK if now >= at_risk else Standing.ON_TRACK


def _parts(store: SqlStore) -> Iterator[list[Lead]]:
    part = list(store.offered(None, _PART))
    while part:
        yield part
        part = list(store.offered(part[-1].id, _PART))


def _handoff(lead: Lead, settings: Settings, *, now: datetime) -> OpenHandoff:
    handoff, clock = lead.handoff, first_due(lead)
    assert handoff is not None  # the store was asked for these
    return OpenHandoff(
        lead_id=lead.id,
        name=lead_name(lead, settings),
        owner=handoff.owner or "",
        segment=handoff.segment,
        state=handoff.state.value,
        offered_at=handoff.opened_at,
        standing=standing_of(clock, now=now),
        promise=PROMISED[clock.name] if clock else "",
        due_at=clock.due_at if clock else None,
    )
