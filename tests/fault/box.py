"""A world, a worker in front of it, and hands to act as the people in it.

The worker is the daemon's own, over HTTP, on the world's clock. Nothing here judges what it
does: tests do.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from box_home import source_at, write_config
from world_time import WorldTime

from syncd.adapters.slack.bot import keys_of
from syncd.app import Worker, open_worker
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, System
from syncd.jobs.cycle import CycleReport
from syncd.sandbox.clock import WorldClock
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT, NOTE
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.journal import Actor
from syncd.sandbox.journal import System as Front
from syncd.sandbox.request_log import RequestLog, Seen
from syncd.sandbox.serve import Fronts, serve_all
from syncd.sandbox.world import World
from syncd.store_ports import Story
from syncd.wiring import Source

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
_FRONTS = {System.SALESFORCE: Front.SALESFORCE, System.HUBSPOT: Front.HUBSPOT}


class Tripwire(RequestLog):
    """Notes requests, and acts once the n-th of a kind was carried out, before anybody has
    the answer."""

    def __init__(self, match: str, act: Callable[[], None], *, nth: int = 1) -> None:
        super().__init__()
        self._match = re.compile(match)
        self._act = act
        self._left = nth

    def note(self, seen: Seen) -> None:
        super().note(seen)
        if self._match.search(f"{seen.method} {seen.path}"):
            self._left -= 1
            if self._left == 0:
                self._act()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A lead, by its records in the two CRMs."""

    email: str
    sf: str
    hs: int


@dataclass(slots=True, kw_only=True)
class Box:
    """One test's world. `rep` works in both CRMs, `marketer` in HubSpot."""

    home: Path
    world: World
    fronts: Fronts
    source: Source
    worker: Worker
    rep: Actor
    rep_owner: Owner
    marketer: Hands
    past: list[CycleReport] = field(default_factory=list)

    # -- time

    def cycle(self, after: timedelta = MINUTE) -> CycleReport:
        """Let some time pass, then let the worker do one cycle."""
        self.world.advance(after)
        report = self.worker.cycle()
        self.past.append(report)
        return report

    def cycles(self, count: int, every: timedelta = MINUTE) -> None:
        for _ in range(count):
            self.cycle(every)

    def restart(self, down_for: timedelta = timedelta()) -> None:
        """Stop the worker and start another on the same store, some time later."""
        self.worker.close()
        self.world.advance(down_for)
        self.take_over()

    def take_over(self) -> None:
        """Start a worker where another one has ended."""
        self.worker = open_worker(self.source, clock=WorldTime(self.world))

    def start_over(self, after: timedelta) -> None:
        """A new installation, some time later: with no memory of this world."""
        self.worker.close()
        (self.home / "syncd.db").unlink()
        self.world.advance(after)
        self.take_over()

    # -- people

    def arrive(self, name: str, **facts: Any) -> Person:
        """A new lead, put into both CRMs by the vendors' own connector. It meets the mql
        standard, and the sql one not, unless `facts` (Salesforce's names) say otherwise."""
        email = f"{name}@acme.example"
        values = {
            "FirstName": name.title(),
            "LastName": "Acme",
            "Company": f"Acme {name.title()}",
            "Email": email,
            "Status": "Open",
            "OwnerId": self.rep.id,
            "NumberOfEmployees": 120,
            **facts,
        }
        with self.world.lock:
            sf = self.world.salesforce.create_lead(values, self.rep)
            hs = self.marketer.create_contact(self._contact(values, sf))
        return Person(email=email, sf=sf, hs=hs)

    def _contact(self, lead: Mapping[str, Any], sf: str) -> dict[str, str]:
        return {
            "email": lead["Email"],
            "firstname": lead["FirstName"],
            "lastname": lead["LastName"],
            "company": lead["Company"],
            "lifecyclestage": "lead",
            "hubspot_owner_id": str(self.rep_owner.id),
            "employees": str(lead["NumberOfEmployees"]),
            "salesforceleadid": sf,
        }

    def rep_sets(self, person: Person, **values: Any) -> None:
        """The rep edits the lead in Salesforce."""
        with self.world.lock:
            self.world.salesforce.edit(person.sf, values, self.rep)

    def marketer_sets(self, person: Person, **values: str) -> None:
        """The marketer edits the contact in HubSpot."""
        with self.world.lock:
            self.marketer.edit(person.hs, values)

    def offered(self, name: str) -> Person:
        """A lead marketing has made an mql, known to the worker and handed to sales."""
        person = self.arrive(name)
        self.cycle()
        self.marketer_sets(person, lifecyclestage="marketingqualifiedlead")
        self.cycle()
        self.cycle()
        return person

    # -- what the CRMs show

    def lead(self, person: Person) -> Mapping[str, Any]:
        return self.world.salesforce.record(person.sf)

    def contact(self, person: Person) -> Mapping[str, str]:
        return self.world.hubspot.contact(person.hs)

    def stages(self, person: Person) -> tuple[str, str, str]:
        """Salesforce's status, HubSpot's lifecycle stage and its lead status."""
        contact = self.contact(person)
        return (
            str(self.lead(person)["Status"]),
            contact.get("lifecyclestage", ""),
            contact.get("hs_lead_status", ""),
        )

    def notes(self, person: Person) -> tuple[int, int]:
        """How many explanations stand on the lead and on the contact."""
        tasks = [t for t in self.world.salesforce.rows("Task") if t["WhoId"] == person.sf]
        near = self.world.hubspot.web.neighbours(CONTACT, person.hs)
        return len(tasks), sum(kind is NOTE for kind, _, _ in near)

    # -- what the worker knows and told

    def known(self, person: Person) -> Lead | None:
        story = self.story_of(person)
        return story.lead if story else None

    def story(self, person: Person) -> Story:
        story = self.story_of(person)
        assert story is not None, f"the worker does not know {person.email}"
        return story

    def story_of(self, person: Person) -> Story | None:
        found = self.worker.store.look_up(person.email)
        return self.worker.store.story(LeadId(found[0])) if found else None

    def told(self, kind: str) -> list[str]:
        """The keys of all alerts of a kind that Slack shows, doubles included."""
        return [key for key in self.all_told() if key.startswith(f"alert:{kind}:")]

    def all_told(self) -> list[str]:
        shown = ({"metadata": message.metadata} for message in self.world.slack.messages)
        return [key for message in shown for key in keys_of(message)]

    # -- bad days

    def arm(self, system: System | Front, match: str, kind: Kind, **given: Any) -> None:
        front = _FRONTS[system] if isinstance(system, System) else system
        self.world.faults[front].arm(Fault(match=re.compile(match), kind=kind, **given))

    def during(self, match: str, act: Callable[[], None], *, nth: int = 1) -> None:
        """Let something happen in the middle of a cycle: right after the n-th such request
        was carried out."""
        self.world.requests = Tripwire(match, act, nth=nth)

    def calm(self) -> None:
        for faults in self.world.faults.values():
            faults.disarm()


@contextmanager
def box(
    home: Path, *, changes: Mapping[str, str] | None = None, patience: float = 5.0
) -> Iterator[Box]:
    """`changes` are made to the text of the configuration; a silent CRM is given up after
    `patience` real seconds. The worker has done its first cycle."""
    world = new_world()
    fronts = serve_all(world)
    write_config(home, fronts, changes or {})
    source = source_at(home, patience=patience)
    worker = open_worker(source, clock=WorldTime(world))
    made = Box(
        home=home,
        world=world,
        fronts=fronts,
        source=source,
        worker=worker,
        **staff(world),
    )
    made.cycle()
    try:
        yield made
    finally:
        made.worker.close()
        fronts.stop()


def new_world(clock: WorldClock | None = None) -> World:
    """One with no request limits of its own: those that matter are armed."""
    world = World(clock)
    world.hubspot.limits.enabled = False
    world.slack.settings.limited = False
    world.slack.add_channel("revops")
    return world


def staff(world: World) -> dict[str, Any]:
    marketer = world.hubspot.hire("mark@example.com", "Mark", "Keter")
    return {
        "rep": world.salesforce.add_user("Rita Rep", "rita@example.com"),
        "rep_owner": world.hubspot.hire("rita@example.com", "Rita", "Rep"),
        "marketer": Hands(world.hubspot, marketer.actor),
    }
