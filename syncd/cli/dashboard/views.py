"""What the dashboard shows, out of the store: implements `adapters.web.views.Views`.

Reads with a connection of its own, also while the daemon writes. The one thing that it writes
is an order, as every command does.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

import polars as pl

from syncd.adapters.store.reconciliations import Place, Reconciliations
from syncd.adapters.store.store import open_store
from syncd.adapters.web.views import (
    Deed,
    Found,
    HealthState,
    LeadStory,
    OpenHandoff,
    Reconciled,
    ReconciledNumber,
    StandardState,
)
from syncd.cli.dashboard.board import board_of
from syncd.cli.dashboard.counting import FreshFacts
from syncd.cli.dashboard.deeds import place, what_of
from syncd.cli.dashboard.lead_page import story_page
from syncd.cli.dashboard.state import health_of, standard_of
from syncd.cli.wording import lead_name
from syncd.domain.names import LeadId, System
from syncd.domain.stage import Stage
from syncd.domain.targets import Targets
from syncd.measure.catalogue import LEDGER, MEASURES, SECTIONS
from syncd.measure.facts import Facts
from syncd.measure.reconciliation_table import SAID, records_of, table_of
from syncd.measure.tables import Measure
from syncd.settings.load import Settings
from syncd.wiring import Source


class StoreViews:
    """`clock` tells what time it is for those who look."""

    def __init__(
        self, source: Source, settings: Settings, clock: Callable[[], datetime] | None = None
    ) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._store = open_store(settings.store, read_only=True)
        self._fresh = FreshFacts(source, settings, self.now)

    @property
    def _settings(self) -> Settings:
        return self._fresh.settings

    @property
    def time_zone(self) -> str:
        return self._settings.policy.calendar.time_zone

    @property
    def targets(self) -> Targets:
        return self._settings.policy.targets

    @property
    def measures(self) -> Mapping[str, Measure]:
        return MEASURES

    @property
    def sections(self) -> Mapping[str, tuple[str, ...]]:
        return SECTIONS

    def now(self) -> datetime:
        return self._clock()

    @property
    def read_at(self) -> datetime:
        return self._fresh.read_at

    def facts(self) -> Facts:
        return self._fresh.latest

    def names(self, lead_ids: Sequence[str]) -> Mapping[str, str]:
        found = self._store.load(list(dict.fromkeys(map(LeadId, lead_ids))))
        return {lead_id: lead_name(x, self._settings) for lead_id, x in found.items()}

    @property
    def ledger(self) -> tuple[str, ...]:
        return LEDGER

    def board(self) -> Sequence[OpenHandoff]:
        return board_of(self._store, self._settings, now=self.now())

    def lead(self, lead_id: str) -> LeadStory | None:
        story = self._store.story(LeadId(lead_id))
        if story is None:
            return None
        plans = [x for x in self._store.standing([story.lead.id]) if x.leads]
        return story_page(story, self._settings, plans)

    def find(self, text: str) -> Sequence[Found]:
        found = self._store.load(self._store.look_up(text))
        return [Found(lead_id=x.id, name=lead_name(x, self._settings)) for x in found.values()]

    def standard(self) -> StandardState:
        return standard_of(self._settings, now=self.now())

    def reconciliations(self) -> Sequence[Reconciled]:
        return [
            Reconciled(period=x.period, stage=x.stage, table=table_of(x))
            for x in Reconciliations(self._store).sums()
        ]

    def reconciled(
        self, number: ReconciledNumber, *, offset: int = 0, limit: int | None = None
    ) -> pl.DataFrame:
        place = Place(
            period=number.period,
            stage=Stage(number.stage),
            system=System(number.column),
            place=None if number.row == SAID else number.row,
        )
        both, only = Reconciliations(self._store).records(place, offset=offset, limit=limit)
        return records_of(both, only, self._settings.crm).drop("email")

    def health(self) -> HealthState:
        return health_of(self._store, self._settings, now=self.now())

    def do(self, deed: Deed, target: str, *, by: str) -> None:
        store = open_store(self._settings.store)
        try:
            place(what_of(deed, target, store), store, self._settings, by=by, now=self.now())
        finally:
            store.close()

    def close(self) -> None:
        self._fresh.close()
        self._store.close()
