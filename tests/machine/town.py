"""The machine's world: two CRMs with people in them, and the real worker in front of them.

Everything of the product is as it ships: settings, adapters over HTTP, a SQLite store in a
file. Nothing here judges.
"""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from socket import gethostname
from typing import cast

from model_map import BY_NAME, HS, ONLY_HUBSPOT, SF, Mapped
from streets import ReadOnce, Streets, WorldTime
from watched import Attempt, Deal, DealtCrm, Killed, MortalStore, WatchedTarget

from syncd.adapters.store.store import SqlStore, open_store
from syncd.app import Worker, lock_store
from syncd.domain.names import System as Side
from syncd.jobs.pair import Pair
from syncd.ports import Crm, Target
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN as HUBSPOT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.hubspot.properties import Option
from syncd.sandbox.hubspot.source import CONNECTOR
from syncd.sandbox.journal import CREATED, Actor, ActorKind, System
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as SLACK_TOKEN
from syncd.sandbox.world import World
from syncd.wiring import LEASE, Source

_CONFIG = Path(__file__).with_name("machine_config")


SECOND = timedelta(seconds=1)


MINUTE = timedelta(minutes=1)


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody in the world, by the records that are theirs. `name` tells persons apart for
    ever; merges make two of them one (`model.Kin`). `mixed` people were merged with others in
    Salesforce, or had an address that others had, too; whose contacts were merged have one."""

    name: str
    email: str
    lead: str | None
    contact: int | None
    mixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """When a cycle began, and the last that had happened by then."""

    at: datetime
    seq: int


@dataclass(slots=True, kw_only=True)
class Town:
    """One script's world. `rep` works in Salesforce, `marketer` in HubSpot."""

    home: Path
    streets: Streets
    deal: Deal = field(default_factory=Deal)
    world: World = field(default_factory=World)
    people: list[Person] = field(default_factory=list)
    fields: Mapping[str, Mapped] = field(default_factory=lambda: dict(BY_NAME))
    edits: int = 0
    looks: list[Look] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    """Ids of contacts erased as a person may demand."""
    escaped: list[str] = field(default_factory=list)
    rep: Actor = field(init=False)
    marketer: Owner = field(init=False)
    store: MortalStore = field(init=False)
    worker: Worker = field(init=False)
    _dealt: Pair | None = None

    def __post_init__(self) -> None:
        world = self.world
        world.hubspot.limits.enabled = False
        world.slack.settings.limited = False
        world.slack.add_channel("revops")
        roles = world.hubspot.tables[CONTACT].properties["buying_role"]
        extra = Option(value=ONLY_HUBSPOT, label="Gatekeeper")
        world.hubspot.define(replace(roles, options=(*roles.options, extra)))
        self.rep = world.salesforce.add_user("Rita Rep", "rita@example.com")
        self.marketer = world.hubspot.hire("rita@example.com", "Rita", "Rep")
        self.streets.now_serving(world)
        self._configure()
        self.open()

    # -- hands

    @property
    def portal(self) -> Hands:
        return Hands(self.world.hubspot, self.marketer.actor)

    @property
    def connector(self) -> Hands:
        return Hands(self.world.hubspot, CONNECTOR, via="connector")

    def person(self, number: int) -> Person:
        return self.people[number % len(self.people)]

    def record_of(self, person: Person) -> str:
        """Where the person is in Salesforce by now: a lead, or the contact it became. Empty
        for somebody Salesforce does not have."""
        lead = self.world.salesforce.store.row(person.lead) if person.lead else None
        contact = lead.get("ConvertedContactId") if lead else None
        return str(contact) if contact else person.lead or ""

    def kind_of(self, person: Person) -> str:
        return "Contact" if self.record_of(person).startswith("003") else "Lead"

    # -- the worker's life

    def cycle(self) -> None:
        """One cycle; killed in the middle, another worker takes over at once."""
        self.looks.append(Look(at=self.world.now(), seq=len(self.world.journal)))
        self.worker._reload_if_changed(self.world.now())
        self._watch()
        try:
            self.worker.cycle()
        except Killed:
            self._bury()
            self.open()
        except Exception as error:  # noqa: BLE001 - as the daemon: the next cycle may do better
            self.escaped.append(f"a cycle raised {type(error).__name__}: {error}")
        self._meet()

    def _meet(self) -> None:
        """People begin to work with the records that syncd has made."""
        for entry in self.world.journal.after(self.looks[-1].seq):
            if entry.field != CREATED or entry.actor.kind is not ActorKind.API:
                continue
            for person in self.people:
                if entry.object == "Lead" and entry.after.get("Email") == person.email:
                    person.lead = person.lead or entry.record_id
                elif entry.object == "contact" and entry.after.get("email") == person.email:
                    person.contact = person.contact or int(entry.record_id)

    def _bury(self) -> None:
        """The dead lose their lock and their open files, and give nothing back."""
        self.store.living.close()
        self.worker._lock.release()

    def open(self) -> None:
        """As `open_worker` does it, on a store that can kill."""
        source, clock = self._source(), WorldTime(self.world)
        settings = source.load()
        lock = lock_store(settings.store)
        self.store = MortalStore(open_store(settings.store))
        store = cast(SqlStore, self.store)
        assert store.acquire(holder=gethostname(), now=clock.now(), span=LEASE)
        store.start(clock.now())
        self.worker = Worker(source, settings, store=store, clock=clock, lock=lock)
        self._watch()

    def close(self) -> None:
        self.worker.close()

    def _watch(self) -> None:
        """Wrap the ports of the worker's present pair."""
        pair = self.worker._pair
        if pair is self._dealt:
            return
        self._dealt = replace(
            pair,
            crms={s: cast(Crm, DealtCrm(crm, self.deal)) for s, crm in pair.crms.items()},
            targets={
                s: cast(Target, WatchedTarget(target, partial(self.note, System(s.value))))
                for s, target in pair.targets.items()
            },
        )
        self.worker._pair = self._dealt

    # -- what is true of a record

    def note(self, system: System, record_id: str, properties: Collection[str]) -> None:
        self.attempts.append(
            Attempt(
                at=self.world.now(),
                system=system,
                record_id=record_id,
                properties=properties,
                dead=self.dead(system, record_id),
            )
        )

    def dead(self, system: System, record_id: str) -> str:
        """Why this record takes no more writes; empty for one that lives."""
        with self.world.lock:
            return self._dead_lead(record_id) if system is SF else self._dead_contact(record_id)

    def _dead_lead(self, record_id: str) -> str:
        org = self.world.salesforce
        org.store.settle()
        row = org.store.row(record_id)
        if row is None:
            return "erased"
        if row["IsDeleted"]:
            return "merged" if row.get("MasterRecordId") else "deleted"
        return "converted" if row.get("IsConverted") else ""

    def _dead_contact(self, record_id: str) -> str:
        portal, number = self.world.hubspot, int(record_id)
        if portal.surviving(number) != number:
            return "merged"
        return "" if portal.tables[CONTACT].live(number) else "archived"

    # -- configuration

    def change_config(self, name: str, before: str, after: str) -> None:
        """An admin changes the one line of the field map that names a field."""
        path = self.home / "config" / "crm.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        start = next(n for n, line in enumerate(lines) if line.startswith(f"  {name}:"))
        end = start + 1
        while end < len(lines) and lines[end].startswith("    "):
            end += 1
        for number in range(start, end):
            lines[number] = lines[number].replace(before, after)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _configure(self) -> None:
        config = self.home / "config"
        shutil.copytree(_CONFIG, config)
        text = (config / "crm.yaml").read_text(encoding="utf-8")
        portal = str(self.world.hubspot.settings.portal_id)
        for before, after in {**self.streets.urls(), "@portal@": portal}.items():
            text = text.replace(before, after)
        (config / "crm.yaml").write_text(text, encoding="utf-8")

    def _source(self) -> Source:
        return ReadOnce(
            library=self.streets.library,
            config_dir=self.home / "config",
            environ={
                "STATE_DIRECTORY": str(self.home),
                "SYNCD_SALESFORCE_CLIENT_ID": "machine",
                "SYNCD_SALESFORCE_CLIENT_SECRET": "machine",
                "SYNCD_HUBSPOT_TOKEN": HUBSPOT_TOKEN,
                "SYNCD_SLACK_TOKEN": SLACK_TOKEN,
            },
            credentials_dir=None,
        )


SIDES = {SF: Side.SALESFORCE, HS: Side.HUBSPOT}
