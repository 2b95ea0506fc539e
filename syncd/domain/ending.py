"""How a round ended that sales did not make its own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syncd.domain.stage import Stage


class Road(StrEnum):
    """Where the lead goes: back to marketing for a while, out after its last round, or out at
    once, because sales turned it down for good."""

    NURTURE = "nurture"
    RETIRED = "retired"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """`why` is said in words that both teams agreed on, `notes` are what somebody wrote about
    this very lead. `owner` is who has it from now on (None: whoever has it now). It can be an
    MQL again from `cool_off_until` on."""

    road: Road
    stage: Stage
    why: str
    notes: str = ""
    owner: str | None = None
    cool_off_until: datetime | None = None
    late: bool = False
