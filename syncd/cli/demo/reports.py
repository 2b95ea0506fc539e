"""What a week in the box leaves behind: the report and the assessment as pages, and for whoever
wants to look around, the dashboard over the store of that week.

Imports tables, drawings and a server: only once the week is over.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from syncd.adapters.store.reconciliations import Reconciliations
from syncd.adapters.web.access import ThisMachine
from syncd.adapters.web.dashboard import dashboard
from syncd.adapters.web.server import bound, server_of
from syncd.app_assess import Address, sight_of
from syncd.cli.assess_page import page as assessment_page
from syncd.cli.dashboard.views import StoreViews
from syncd.cli.demo.workbench import Workbench, WorldTime
from syncd.cli.measured import facts_in
from syncd.cli.report_files import write_page
from syncd.cli.report_page import page as report_page
from syncd.domain.stage import Stage
from syncd.jobs.gap import Desks, reconcile
from syncd.measure.assess.examine import assess
from syncd.measure.catalogue import MEASURES, SECTIONS
from syncd.measure.period import month_of, period_of
from syncd.measure.report import Catalogue, report_of
from syncd.measure.scope import Scope
from syncd.wiring import open_crms


def write_report(bench: Workbench, home: Path) -> Path:
    """The month of the week, as it stood at its end; where the page is."""
    settings, now = bench.source.load(), bench.world.now()
    zone = settings.policy.calendar.time_zone
    month = period_of(month_of(now, zone), zone)
    scope = Scope(
        start=month.start,
        end=month.end,
        label=month.label,
        time_zone=zone,
        now=now,
        targets=settings.policy.targets,
    )
    facts = facts_in(bench.worker.store, settings)
    catalogue = Catalogue(measures=MEASURES, sections=SECTIONS)
    place = home.absolute() / "report.html"
    write_page(place, report_page(report_of(catalogue, facts, scope)))
    return place


def keep_reconciliations(bench: Workbench) -> None:
    """What both CRMs count of that month, for the dashboard: as `syncd reconcile` does."""
    settings, now = bench.source.load(), bench.world.now()
    month = month_of(now, settings.policy.calendar.time_zone)
    crms = open_crms(bench.source, settings, clock=WorldTime(bench.world))
    desks = Desks(crms=crms, crm=settings.crm, book=bench.worker.store)
    kept = Reconciliations(bench.worker.store)
    for stage in (Stage.SQL, Stage.MQL):
        found = reconcile(desks, stage, month)
        kept.keep(found, found.sums(now=now))


def write_assessment(bench: Workbench, home: Path) -> Path:
    """Of both CRMs as the week left them; where the page is."""
    sight = sight_of(
        bench.source, Address(), clock=WorldTime(bench.world), told=lambda _system, _read: None
    )
    place = home.absolute() / "assessment.html"
    write_page(place, assessment_page(assess(sight), sight))
    return place


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The dashboard at a free port of this machine."""

    views: StoreViews
    place: socket
    month: str

    @property
    def address(self) -> str:
        port = self.place.getsockname()[1]
        return f"http://127.0.0.1:{port}/?period={self.month}"

    def serve(self) -> None:
        """Until somebody ends it (Ctrl-C)."""
        app = dashboard(self.views, ThisMachine())
        asyncio.run(server_of(app).serve(sockets=[self.place]))


@contextmanager
def dashboard_of(bench: Workbench) -> Iterator[Served]:
    """Time stands still on it: it shows the week's last moment."""
    settings = bench.source.load()
    views = StoreViews(bench.source, settings, clock=bench.world.now)
    try:
        with bound("127.0.0.1", 0) as taken:
            yield Served(views=views, place=taken, month=month_of(views.now(), views.time_zone))
    finally:
        views.close()
