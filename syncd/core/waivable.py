"""What an exception can be made of, and until when it holds. Who may make one is decided where
it is made.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from syncd.domain.names import RuleId
from syncd.domain.stage import Stage
from syncd.domain.standard import Standard
from syncd.domain.verdict import COMEBACK_RULES, SCORE_RULE


def asked_at(stage: Stage, standard: Standard) -> tuple[RuleId, ...]:
    """Every rule that a lead may fail at this gate in any variant, those of the standard first.
    Which variant holds is no rule, and no exception can be made of it."""
    gates = [x.gates[stage] for x in standard.every_variant()]
    named = [rule for x in gates for rule in (*x.all, *(x.any.of if x.any else ()))]
    comeback = sorted(COMEBACK_RULES) if stage is Stage.MQL else ()
    return tuple(dict.fromkeys((*named, SCORE_RULE, *comeback)))


def end_of(day: date, zone: str) -> datetime:
    """The last instant of that day there."""
    return datetime.combine(day, time.max, tzinfo=ZoneInfo(zone)).astimezone(UTC)
