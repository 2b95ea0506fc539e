"""How far a bulk job is: the state it shows, and when its work is done."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class State(StrEnum):
    OPEN = "Open"
    UPLOADED = "UploadComplete"
    RUNNING = "InProgress"
    COMPLETE = "JobComplete"
    FAILED = "Failed"
    ABORTED = "Aborted"


ENDED = frozenset({State.COMPLETE, State.FAILED, State.ABORTED})


@dataclass(slots=True, kw_only=True)
class Progress:
    """A job is complete once its time has come and it was seen unfinished often enough."""

    due: datetime
    polls_left: int

    def seen(self) -> None:
        self.polls_left = max(0, self.polls_left - 1)

    def is_complete(self, now: datetime) -> bool:
        return not self.polls_left and now >= self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What every job says of itself."""

    id: str
    operation: str
    object: str
    user_id: str
    created: str
    version: str  # "v59.0"
    key_field: str | None = None

    def told(self, state: State, stamp: str) -> dict[str, Any]:
        key = {} if self.key_field is None else {"externalIdFieldName": self.key_field}
        return {
            "id": self.id,
            "operation": self.operation,
            "object": self.object,
            "createdById": self.user_id,
            "createdDate": self.created,
            "systemModstamp": stamp,
            "state": state,
            **key,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": float(self.version.removeprefix("v")),
        }
