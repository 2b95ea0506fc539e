"""How many calls of a pair's connections were already put down, and when the native
connector was last looked for.

It lives and dies with the connections whose calls it counts; the sums are in the store.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncd.domain.names import System
from syncd.ports import Usage

_DAY = timedelta(days=1)


@dataclass(slots=True)
class Meter:
    noted: dict[System, Usage] = field(default_factory=dict)
    looked: datetime | None = None

    def calls_since(self, system: System, usage: Usage) -> int:
        """Calls made but not yet put down."""
        before = self.noted.get(system)
        return usage.calls - (before.calls if before else 0)

    def limited_since(self, system: System, usage: Usage) -> int:
        before = self.noted.get(system)
        return usage.limited - (before.limited if before else 0)

    def may_look(self, now: datetime) -> bool:
        """At the start and once a day: time to look for the native connector."""
        return self.looked is None or now - self.looked >= _DAY
