"""What the audit is given: the world itself, and when the daemon looked at it.

Nothing in this package may import the daemon's own code: the oracle judges by the
sandbox's records and by the demo's standard as somebody else wrote it down by hand.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.sandbox.journal import System
from syncd.sandbox.people.clicking import Deed
from syncd.sandbox.people.desk import Outage
from syncd.sandbox.world import World

POLL = timedelta(minutes=5)
GRACE = timedelta(minutes=5)
SLACK_TIME = 3 * POLL
"""How long a decided effect may take: a lost answer or a locked row costs a look or two."""
FOUND_LATE = GRACE + timedelta(minutes=30)
"""A move found later than this starts its clock when it was found."""
RECOVERY = timedelta(minutes=45)
"""How long after an outage an effect may wait, and whatever stands behind it in line."""
_UNSEEN = {System.HUBSPOT: timedelta(seconds=5), System.SALESFORCE: timedelta()}

Overruled = Callable[[str], Collection[str]]
"""By Salesforce id: the fields of which the daemon's own audit names both rival values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`looks` are the instants at which cycles began, in order; `modes` are by gate. A read
    counts as far as its start, less the vendor's overlap for what is committed late."""

    world: World
    start: datetime
    looks: tuple[datetime, ...]
    outages: tuple[Outage, ...]
    modes: Mapping[str, str]
    overlaps: Mapping[System, timedelta]
    overruled: Overruled
    deeds: Sequence[Deed] = ()
    """What people did in Slack, just before the look of that instant."""

    @property
    def end(self) -> datetime:
        return self.looks[-1]

    def down(self, system: System, instant: datetime) -> bool:
        return any(x.system is system and x.start <= instant < x.end for x in self.outages)

    def seen(self, system: System, instant: datetime) -> int | None:
        """The number of the first look that could show what happened then."""
        for number in range(self._after(instant + _UNSEEN[system]), len(self.looks)):
            if not self.down(system, self.looks[number]):
                return number
        return None

    def decided(self, number: int, wait: timedelta) -> int | None:
        """The first look at which a wait that began with look `number` is over. While a CRM
        cannot be read it goes on: what is lacking may have been filled in there."""
        over = self.looks[number] + wait
        looks = enumerate(self.looks[number:], start=number)
        return next((n for n, at in looks if at >= over and not self._is_blind(at)), None)

    def _is_blind(self, instant: datetime) -> bool:
        return any(self.down(system, instant) for system in self.overlaps)

    def past(self, deadline: datetime) -> int | None:
        """The first look by which both CRMs had been read beyond a deadline, and could be asked
        what was done about it."""
        found = [self._read_past(system, deadline) for system in self.overlaps]
        ripe = [number for number in found if number is not None]
        if len(ripe) < len(found):
            return None
        looks = enumerate(self.looks[max(ripe) :], start=max(ripe))
        return next((number for number, at in looks if not self._is_blind(at)), None)

    def _read_past(self, system: System, deadline: datetime) -> int | None:
        first = self._after(deadline + self.overlaps[system])
        looks = range(first, len(self.looks))
        return next((n for n in looks if not self.down(system, self.looks[n])), None)

    def latest(self, system: System | None, decided_at: datetime) -> datetime:
        """By when an effect decided then must be there (in Slack, if no system is named)."""
        latest = decided_at + SLACK_TIME
        for outage in self.outages:
            recovered = outage.end + RECOVERY
            if outage.system is system and outage.start < latest and decided_at < recovered:
                latest = max(latest, recovered)
        return latest

    def _after(self, instant: datetime) -> int:
        """The number of the first look later than an instant."""
        low, high = 0, len(self.looks)
        while low < high:
            middle = (low + high) // 2
            if self.looks[middle] > instant:
                high = middle
            else:
                low = middle + 1
        return low
