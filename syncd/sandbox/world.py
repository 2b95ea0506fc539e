"""Everything outside the daemon in one place: two CRMs, Slack, their clock and their journal.

It wires the vendors together and moves time; it holds no vendor's behaviour
and knows no standard. Whoever touches a vendor's tables from another thread
holds `lock`.
"""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.faults import Faults
from syncd.sandbox.hubspot.portal import Portal
from syncd.sandbox.journal import Entry, Journal, System
from syncd.sandbox.request_log import RequestLog
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.schedule import Happening, Schedule
from syncd.sandbox.slack.workspace import Workspace

Automation = Callable[["World", Entry], None]


@dataclass(slots=True, kw_only=True)
class WorldSettings:
    """Behaviour that tests switch; every default is what a real tenant would do."""

    salesforce_commit_delay: timedelta = field(default_factory=timedelta)


class World:
    """A Salesforce org, a HubSpot portal and a Slack workspace on one clock."""

    def __init__(
        self,
        clock: WorldClock | None = None,
        *,
        seed: int = 1,
        settings: WorldSettings | None = None,
    ) -> None:
        self.clock = clock or WorldClock()
        self.random = random.Random(seed)
        self.lock = threading.RLock()
        self.journal = Journal(self.clock)
        self.requests = RequestLog()
        self.faults: Mapping[System, Faults] = {system: Faults() for system in System}
        self.salesforce = Org(self.clock, self.journal)
        self.hubspot = Portal(self.clock, self.journal)
        self.slack = Workspace(self.clock, self.journal)
        self._schedule = Schedule()
        self.salesforce.commit_delay = (settings or WorldSettings()).salesforce_commit_delay

    def now(self) -> datetime:
        return self.clock.now()

    def at(self, instant: datetime, happening: Happening) -> None:
        """Let something happen once the clock has reached `instant`."""
        with self.lock:
            self._schedule.add(instant, happening)

    def after(self, delay: timedelta, happening: Happening) -> None:
        self.at(self.now() + delay, happening)

    def automation(self, automation: Automation) -> None:
        """Wake `automation` after each change, once the change is complete.

        It may change records itself, at once or later through `after`, so an
        automation can fight back; what it changes wakes automations again.
        """
        self.journal.listen(lambda entry: self.at(self.now(), lambda: automation(self, entry)))

    def settle(self) -> None:
        """Let everything already due happen."""
        with self.lock:
            self._run_until(self.now())

    def advance_to(self, instant: datetime) -> None:
        """Move the clock, stopping at each due happening on the way."""
        with self.lock:
            self._run_until(instant)
            self.clock.advance_to(instant)

    def advance(self, span: timedelta) -> None:
        self.advance_to(self.now() + span)

    def _run_until(self, instant: datetime) -> None:
        while (due := self._schedule.pop_due(instant)) is not None:
            moment, happening = due
            self.clock.advance_to(moment)
            happening()
