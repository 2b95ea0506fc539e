"""What was asked of each front: the latest requests and a counter per endpoint.

Counters are what the benchmark reads; ids in paths are folded into one name.
"""

import re
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from syncd.sandbox.journal import System

KEPT = 10_000
_IDS = re.compile(r"/(?:[a-zA-Z0-9]{15}(?:[A-Z0-5]{3})?|\d+|0r8[^/]*)(?=/|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    at: datetime
    system: System
    method: str
    path: str
    status: int  # 0 when no answer was sent

    @property
    def endpoint(self) -> str:
        return f"{self.method} {_IDS.sub('/{id}', self.path)}"


class RequestLog:
    def __init__(self) -> None:
        self._latest: deque[Seen] = deque(maxlen=KEPT)
        self._counts: Counter[tuple[System, str]] = Counter()

    def note(self, seen: Seen) -> None:
        self._latest.append(seen)
        self._counts[seen.system, seen.endpoint] += 1

    def latest(self, system: System) -> list[Seen]:
        return [seen for seen in self._latest if seen.system is system]

    def count(self, system: System, endpoint: str | None = None) -> int:
        """Requests to one endpoint ("GET /path/{id}"), or to the whole system."""
        if endpoint is not None:
            return self._counts[system, endpoint]
        return sum(n for (owner, _), n in self._counts.items() if owner is system)

    def clear(self) -> None:
        self._latest.clear()
        self._counts.clear()

    def as_json(self, system: System) -> dict[str, Any]:
        counts = {name: n for (owner, name), n in self._counts.items() if owner is system}
        return {
            "total": sum(counts.values()),
            "counters": counts,
            "requests": [asdict(seen) for seen in self.latest(system)],
        }
