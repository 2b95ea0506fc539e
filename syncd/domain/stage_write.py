"""What became of a write that carried a lead's stage."""

from dataclasses import dataclass
from datetime import datetime

from syncd.domain.action import WriteKind
from syncd.domain.names import System


@dataclass(frozen=True, slots=True, kw_only=True)
class StageWrite:
    """A write of syncd's that brought a stage to a CRM, or took it back there. `state` is the
    outbox's, `reason` why it was given up, cancelled or put off."""

    kind: WriteKind
    system: System
    state: str
    reason: str
    at: datetime
