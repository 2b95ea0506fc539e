"""An office for command line tests: a world, its people, and a worker on the example configuration.

The configuration is the one in config/, pointed at the sandbox. Nothing here looks at what
the commands say: tests do.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from empty_store import put_store
from signing import sign
from world_time import WorldTime

from syncd.adapters.transport.session import Timeouts
from syncd.app import Worker, open_worker
from syncd.cli import main as entry
from syncd.sandbox.clock import WorldClock
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN as HUBSPOT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.journal import Actor
from syncd.sandbox.serve import Fronts, serve_all
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN as SLACK_APP_TOKEN
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as SLACK_TOKEN
from syncd.sandbox.world import World
from syncd.wiring import Source

EXAMPLE = Path(__file__).parents[2] / "config"
MINUTE = timedelta(minutes=1)
MONDAY_NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # in New York, where the example works


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    email: str
    sf: str
    hs: int


@dataclass(slots=True, kw_only=True)
class Office:
    """`rep` works in both CRMs, `marketer` in HubSpot; `environ` is what syncd is started with."""

    world: World
    fronts: Fronts
    home: Path
    rep: Actor
    rep_owner: Owner
    marketer: Hands
    _worker: Worker | None = field(default=None, repr=False)

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "STATE_DIRECTORY": str(self.home),
            "SYNCD_SALESFORCE_CLIENT_ID": "office",
            "SYNCD_SALESFORCE_CLIENT_SECRET": "office",
            "SYNCD_HUBSPOT_TOKEN": HUBSPOT_TOKEN,
            "SYNCD_SLACK_TOKEN": SLACK_TOKEN,
            "SYNCD_SLACK_APP_TOKEN": SLACK_APP_TOKEN,
        }

    def source(self) -> Source:
        return Source(
            config_dir=self.config,
            environ=self.environ,
            credentials_dir=None,
            timeouts=Timeouts(connect=1.0, read=5.0),
        )

    def cycles(self, count: int = 1, every: timedelta = 5 * MINUTE) -> None:
        """Let time pass and the worker work. It keeps the store until `go_home`."""
        for _ in range(count):
            self.world.advance(every)
            self.worker().cycle()

    def worker(self) -> Worker:
        if self._worker is None:
            self._worker = open_worker(self.source(), clock=WorldTime(self.world))
        return self._worker

    def go_home(self) -> None:
        """The worker ends and lets go of the store."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def arrive(self, name: str, **facts: Any) -> Person:
        """A new lead in both CRMs that meets the mql standard and misses most of the sql one;
        `facts` are by Salesforce's names."""
        email = f"{name}@acme.example"
        values = {
            "FirstName": name.title(),
            "LastName": "Lee",
            "Company": "Acme [Holding]",
            "Email": email,
            "Status": "Open",
            "OwnerId": self.rep.id,
            "NumberOfEmployees": 120,
            "Country": "US",
            **facts,
        }
        with self.world.lock:
            sf = self.world.salesforce.create_lead(values, self.rep)
            hs = self.marketer.create_contact(
                {
                    "email": email,
                    "firstname": values["FirstName"],
                    "lastname": values["LastName"],
                    "company": values["Company"],
                    "country": "US",
                    "lifecyclestage": "lead",
                    "hubspot_owner_id": str(self.rep_owner.id),
                    "employees": str(values["NumberOfEmployees"]),
                    "salesforceleadid": sf,
                }
            )
        return Person(email=email, sf=sf, hs=hs)

    def rep_sets(self, person: Person, **values: Any) -> None:
        with self.world.lock:
            self.world.salesforce.edit(person.sf, values, self.rep)

    def marketer_sets(self, person: Person, **values: str) -> None:
        with self.world.lock:
            self.marketer.edit(person.hs, values)

    def offer(self, *people: Person) -> None:
        for person in people:
            self.marketer_sets(person, lifecyclestage="marketingqualifiedlead")


@contextmanager
def office(
    home: Path,
    *,
    start: datetime = MONDAY_NOON,
    rate: float = 0.0,
    changes: Mapping[str, str] | None = None,
) -> Iterator[Office]:
    """`changes` are made to the text of the configuration files, wherever they fit."""
    world = World(WorldClock(start, rate=rate))
    world.hubspot.limits.enabled = False
    world.slack.settings.limited = False
    for channel in ("revops", "sales", "marketing"):
        world.slack.add_channel(channel)
    fronts = serve_all(world)
    marketer = world.hubspot.hire("mark@example.com", "Mark", "Keter")
    made = Office(
        world=world,
        fronts=fronts,
        home=home,
        rep=world.salesforce.add_user("Rita Rep", "rita@example.com"),
        rep_owner=world.hubspot.hire("rita@example.com", "Rita", "Rep"),
        marketer=Hands(world.hubspot, marketer.actor),
    )
    _write_config(made, changes or {})
    try:
        yield made
    finally:
        made.go_home()
        fronts.stop()


def _write_config(made: Office, changes: Mapping[str, str]) -> None:
    pointed = {
        "# base_url: http://127.0.0.1:8101": f"base_url: {made.fronts.salesforce_url}",
        "https://api.hubapi.com": made.fronts.hubspot_url,
        "https://slack.com/api": f"{made.fronts.slack_url}/api",
        "127.0.0.1:8321": "127.0.0.1:0",
    }
    if "path: syncd.db" not in changes:  # else the store is no file
        put_store(made.home)
    made.config.mkdir()
    for name in ("standard.yaml", "policy.yaml", "crm.yaml"):
        text = (EXAMPLE / name).read_text(encoding="utf-8")
        for before, after in {**pointed, **changes}.items():
            text = text.replace(before, after)
        (made.config / name).write_text(text, encoding="utf-8")
    if changes:
        sign(made.config)


def catch_up(made: Office) -> None:
    """To the real clock's time: the people's deeds are over when the command looks."""
    made.world.advance_to(datetime.now(UTC) + timedelta(seconds=2))


def syncd(made: Office, *words: str) -> Result:
    """The command as an admin of this office types it, in this process."""
    runner = CliRunner(env={**made.environ, "COLUMNS": "160", "CREDENTIALS_DIRECTORY": ""})
    return runner.invoke(entry.cli, [*words, "--config", str(made.config)])


def page(made: Office, *words: str) -> str:
    result = syncd(made, *words)
    assert result.exit_code == 0, result.output or result.exception
    return result.output
