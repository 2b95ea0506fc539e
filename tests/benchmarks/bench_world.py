"""The world of a benchmark and what its people do; lives in the process that serves it.

Only `bench_outside` names it, and only there: whoever measures must not load the sandbox.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from bench_outside import Pulled, Request

from syncd.cli.demo.workbench import configuration
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN as HUBSPOT_TOKEN
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.stamps import iso, to_ms
from syncd.sandbox.journal import Actor, System
from syncd.sandbox.people.prospects import invent
from syncd.sandbox.people.records import contact_of, lead_of
from syncd.sandbox.serve import serve_all
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as SLACK_TOKEN
from syncd.sandbox.world import World

CHANNELS = ("revops", "sales", "marketing")
_STAGES = {"Status", "lifecyclestage"}


class PeopledWorld:
    """A world with reps and leads in it. Its clock moves only when it is told to."""

    def __init__(self) -> None:
        self._world = World(seed=1)
        self._world.hubspot.limits.enabled = False  # the daemon's own governor is what we see
        self._world.slack.settings.limited = False
        for channel in CHANNELS:
            self._world.slack.add_channel(channel)
        self._rep = self._world.salesforce.add_user("Rita Rep", "rita@example.com")
        self._owner = self._world.hubspot.hire("rita@example.com", "Rita", "Rep")
        self._hands = Hands(self._world.hubspot, self._owner.actor)
        self._people: list[tuple[str, int]] = []
        self._moves: dict[str, tuple[str, datetime]] = {}
        self._fronts = serve_all(self._world)

    def configuration(self) -> Mapping[str, str]:
        """The demo's own three files, pointed at this world."""
        return configuration(self._fronts, None)

    def secrets(self) -> Mapping[str, str]:
        return {
            "SYNCD_SALESFORCE_CLIENT_ID": "bench",
            "SYNCD_SALESFORCE_CLIENT_SECRET": "bench",
            "SYNCD_HUBSPOT_TOKEN": HUBSPOT_TOKEN,
            "SYNCD_SLACK_TOKEN": SLACK_TOKEN,
        }

    def now(self) -> datetime:
        return self._world.now()

    def advance(self, span: timedelta) -> datetime:
        self._world.advance(span)
        return self._world.now()

    def calls(self) -> dict[str, dict[str, int]]:
        """Requests since the last time this was asked, by system and endpoint."""
        with self._world.lock:
            counted = {
                str(system): dict(self._world.requests.as_json(system)["counters"])
                for system in System
            }
            self._world.requests.clear()
        return counted

    # -- what people do

    def go_live(self, latency: float) -> None:
        """From now on time is real, answers take so many seconds, and limits are enforced."""
        delay = Fault(match=re.compile("."), kind=Kind.DELAY, times=None, seconds=latency)
        with self._world.lock:
            for system in (System.SALESFORCE, System.HUBSPOT):
                self._world.faults[system].arm(delay)
            self._world.hubspot.limits.enabled = True
            self._world.requests.clear()
            self._world.clock.run(1.0)

    def requests(self, system: str) -> list[Request]:
        """The latest ones, oldest first."""
        with self._world.lock:
            seen = self._world.requests.latest(System(system))
        return [Request(at=x.at, endpoint=x.endpoint, status=x.status) for x in seen]

    def populate(self, count: int) -> None:
        """So many linked leads: each a Salesforce lead and the contact that names it."""
        random = Random(len(self._people))
        with self._world.lock:
            for number in range(len(self._people), len(self._people) + count):
                prospect = invent(random, number, self.now())
                values = lead_of(prospect, "Open", self._rep.id)
                lead = self._world.salesforce.create_lead(values, self._rep)
                contact = contact_of(prospect, "Open", str(self._owner.id))
                known = self._hands.create_contact({**contact, "salesforceleadid": lead})
                self._people.append((lead, known))

    def retitle(self, first: int, count: int, title: str, system: str) -> None:
        """Give people another job title, in one CRM."""
        with self._world.lock:
            for number, (lead, contact) in enumerate(self._people[first : first + count]):
                if System(system) is System.HUBSPOT:
                    self._hands.edit(contact, {"jobtitle": f"{title} {number}"})
                else:
                    values = {"Title": f"{title} {number}"}
                    self._world.salesforce.edit(lead, values, self._rep)

    def qualify(self, first: int, count: int) -> None:
        """Marketing offers people to sales, who have just been with us."""
        values = {
            "lifecyclestage": "marketingqualifiedlead",
            "last_engaged_at": iso(to_ms(self.now())),
        }
        with self._world.lock:
            for _, contact in self._people[first : first + count]:
                self._hands.edit(contact, values)

    def jump_later(self, number: int, system: str, delay: timedelta) -> None:
        """Somebody moves a lead straight to SQL, which its gate will not have."""
        move = partial(self._jump, number, System(system))
        self._world.after(delay, move)

    def _jump(self, number: int, system: System) -> None:
        lead, contact = self._people[number]
        if system is System.SALESFORCE:
            self._moves[lead] = (system.value, self.now())
            self._world.salesforce.edit(lead, {"Status": "Sales Qualified"}, self._rep)
        else:
            self._moves[str(contact)] = (system.value, self.now())
            self._hands.edit(contact, {"lifecyclestage": "salesqualifiedlead"})

    def pulled(self) -> list[Pulled]:
        """Every move that was moved back since the last time this was asked."""
        people: set[Actor] = {self._rep, self._owner.actor}
        back: dict[str, Pulled] = {}
        with self._world.lock:
            for entry in self._world.journal:
                move = self._moves.get(entry.record_id)
                if move and entry.field in _STAGES and entry.actor not in people:
                    system, moved_at = move
                    back[entry.record_id] = Pulled(system, moved_at, entry.at)
        for record_id in back:
            del self._moves[record_id]
        return list(back.values())
