"""What every role of the store in memory stands on: the contents, and the fence of the lease."""

from dataclasses import dataclass, field

from syncd.adapters.memory.contents import Contents
from syncd.errors import LeaseLost


@dataclass(slots=True)
class Memory:
    """What several stores share."""

    contents: Contents = field(default_factory=Contents)


class Role:
    def __init__(self, memory: Memory | None = None) -> None:
        self._memory = memory or Memory()
        self._token: int | None = None

    @property
    def _now(self) -> Contents:
        return self._memory.contents

    def _check_fence(self) -> None:
        if self._token is None:
            raise LeaseLost("this worker holds no lease: it must acquire one before it writes")
        if self._now.lease.token != self._token:
            raise LeaseLost("another worker holds the lease now: this one stops writing")
