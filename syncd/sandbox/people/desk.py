"""One lead on somebody's desk: what its people do with it in either CRM, and when.

Stories are written on these few moves. People act on what a record shows them, at their
own pace, and never in the very moment a synchronisation looks: they keep to the middle
of each five minutes, so that who was first is never a matter of luck.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.source import CONNECTOR
from syncd.sandbox.journal import System
from syncd.sandbox.people import office
from syncd.sandbox.people.cast import Cast, Colleague
from syncd.sandbox.people.clicking import Clicks, Intent
from syncd.sandbox.people.prospects import Prospect
from syncd.sandbox.people.records import (
    HUBSPOT_STAGES,
    Facts,
    contact_of,
    in_hubspot,
    in_salesforce,
    lead_of,
)
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.errors import Refused
from syncd.sandbox.slack.forms import Values
from syncd.sandbox.world import World

Script = Generator[datetime, None, None]
"""What somebody does, yielding the instant to wait for before going on."""

WINDOW = timedelta(minutes=5)
_EARLIEST, _LATEST = 90, 200  # seconds into each window
_LAST_MINUTE = timedelta(seconds=245)
_LATE_COMMIT = timedelta(seconds=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A vendor that answers nobody, people included, for a while."""

    system: System
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every desk shares. Windows are counted from `start`."""

    world: World
    cast: Cast
    clicks: Clicks
    start: datetime
    outages: tuple[Outage, ...] = ()

    def window(self, instant: datetime) -> datetime:
        """The beginning of the five minutes that an instant is in."""
        return instant - (instant - self.start) % WINDOW


@dataclass(slots=True, kw_only=True)
class Desk:
    """One lead, and the rep and the marketer it belongs to."""

    setting: Setting
    random: Random
    prospect: Prospect
    rep: Colleague
    marketer: Colleague
    lead_id: str = ""
    contact_id: int = 0

    # -- time

    @property
    def now(self) -> datetime:
        return self.setting.world.now()

    def work(self, least: float, most: float, *, in_hubspot: bool = False) -> datetime:
        """After so many hours at work; when HubSpot is down, not before it has recovered."""
        instant = office.after(self.now, self.random.uniform(least, most))
        for outage in self.setting.outages if in_hubspot else ():
            recovered = outage.end + timedelta(minutes=50)
            if outage.start - WINDOW <= instant < recovered:
                instant = recovered + timedelta(minutes=self.random.uniform(0, 60))
        return self.quiet(instant)

    def minutes(self, count: float) -> datetime:
        """Exactly so many minutes from now."""
        return self.now + timedelta(seconds=round(count * 60))

    def quiet(self, instant: datetime) -> datetime:
        """A moment in the middle of the same five minutes."""
        seconds = self.random.randint(_EARLIEST, _LATEST)
        return self.setting.window(instant) + timedelta(seconds=seconds)

    def late(self, instant: datetime) -> datetime:
        """The end of the same five minutes: what is committed late shows up after a look."""
        return self.setting.window(instant) + _LAST_MINUTE

    def together(self) -> tuple[datetime, datetime]:
        """Two moments of the next five minutes, one after the other."""
        window = self.setting.window(self.now) + WINDOW
        return window + timedelta(seconds=_EARLIEST), window + timedelta(seconds=_LATEST)

    # -- looking

    @property
    def status(self) -> str:
        """What the lead shows in Salesforce; empty once it is gone or converted."""
        row = self.setting.world.salesforce.record(self.lead_id)
        return "" if row["IsDeleted"] or row["IsConverted"] else str(row["Status"])

    @property
    def owner(self) -> Colleague:
        """The rep whose lead it is in Salesforce."""
        owner_id = self.setting.world.salesforce.record(self.lead_id)["OwnerId"]
        return next(x for x in self.setting.cast.reps if x.salesforce.id == owner_id)

    def contact_shows(self, status: str) -> bool:
        """Whether HubSpot shows what Salesforce would call this status."""
        values = self.setting.world.hubspot.contact(self.contact_id)
        told = {"hs_lead_status": "", **HUBSPOT_STAGES[status]}
        return all(values.get(name, "") == text for name, text in told.items())

    # -- doing

    def arrive(self, status: str = "Open", contact_status: str | None = None) -> None:
        """Both CRMs get the lead at once, linked as the vendors' own connector would."""
        world = self.setting.world
        values = lead_of(self.prospect, status, self.rep.salesforce.id)
        self.lead_id = world.salesforce.create_lead(values, self.setting.cast.loader)
        shown = contact_of(self.prospect, contact_status or status, self.rep.hubspot_owner_id)
        connector = Hands(world.hubspot, CONNECTOR, via="connector")
        self.contact_id = connector.create_contact({**shown, "salesforceleadid": self.lead_id})

    def set_status(self, status: str, *, late: bool = False) -> None:
        """The rep moves the lead in Salesforce; `late`: the commit takes its time."""
        self._edit_lead({"Status": status}, late=late)

    def set_stage(self, status: str, by: Colleague | None = None) -> None:
        """Somebody (the marketer) moves the contact in HubSpot."""
        who = by or self.marketer
        who.hubspot.edit(self.contact_id, HUBSPOT_STAGES[status])

    def note_in_salesforce(self, facts: Facts) -> None:
        self._edit_lead(in_salesforce(facts))

    def note_in_hubspot(self, facts: Facts, by: Colleague | None = None) -> None:
        (by or self.rep).hubspot.edit(self.contact_id, in_hubspot(facts))

    def convert(self) -> None:
        world = self.setting.world
        convert_lead(world.salesforce, self.lead_id, self.rep.salesforce)

    def click(self, button: str, by: Colleague | None = None, form: Values | None = None) -> None:
        """Somebody (the rep) answers in Slack, the next time they look there."""
        who = by or self.rep
        self.setting.clicks.mean(Intent(who=who, lead_id=self.lead_id, button=button, form=form))

    def _edit_lead(self, values: Facts, *, late: bool = False) -> None:
        """A row somebody else has locked is tried again a window later, as people do."""
        salesforce = self.setting.world.salesforce
        try:
            delay = _LATE_COMMIT if late else None
            salesforce.edit(self.lead_id, values, self.rep.salesforce, commit_after=delay)
        except Refused as refusal:
            if refusal.problems[0].code != "UNABLE_TO_LOCK_ROW":
                raise
            self.setting.world.after(WINDOW, lambda: self._edit_lead(values))


def play(world: World, script: Script) -> None:
    """Let a script run: each part at the instant it waits for."""
    instant = next(script, None)
    if instant is not None:
        world.at(instant, lambda: play(world, script))


Story = Callable[[Desk], Script]
