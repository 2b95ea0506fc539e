"""What an exception can be made of, and until when it holds. Who may make one is decided where
it is made.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import Gate
from syncd.domain.verdict import COMEBACK_RULES, SCORE_RULE


def asked_by(gate: Gate) -> tuple[RuleId, ...]:
    """Every rule that a lead may fail at this gate, those of the standard first."""
    named = (*gate.all, *(gate.any.of if gate.any else ()))
    comeback = sorted(COMEBACK_RULES) if gate.stage is Stage.MQL else ()
    return tuple(dict.fromkeys((*named, SCORE_RULE, *comeback)))


def end_of(day: date, zone: str) -> datetime:
    """The last instant of that day there."""
    return datetime.combine(day, time.max, tzinfo=ZoneInfo(zone)).astimezone(UTC)
