"""Who gets a handoff that is passed on: the first named who is there to take it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from syncd.core.context import Context
from syncd.core.local_time import wall_clock
from syncd.core.views import known_value, living
from syncd.domain.calendar import Calendar
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import OWNER
from syncd.domain.policy import Policy, Segment


def successor(lead: Lead, handoff: Handoff, segment: Segment, ctx: Context) -> str | None:
    """The first of the ladder who has it not, is not away today, and is known and active where
    the lead is; a canonical owner or queue. None when there is nobody."""
    has_it = (handoff.owner, known_value(lead, OWNER))
    named = (x for x in segment.ladder.reassign_to if x not in has_it)
    return next((x for x in named if _can_take(x, lead, segment.calendar, ctx)), None)


def _can_take(owner: str, lead: Lead, calendar: Calendar, ctx: Context) -> bool:
    """The first side's word counts when it is asked who has the lead."""
    if is_away(owner, ctx.now, calendar, ctx.policy):
        return False
    books = [ctx.people[x.system].by_owner for x in living(lead) if x.system in ctx.people]
    known = [book[owner] for book in books if owner in book]
    return bool(books) and owner in books[0] and all(person.active for person in known)


def is_away(owner: str, now: datetime, calendar: Calendar, policy: Policy) -> bool:
    """Whether it is a day off of theirs, in the calendar's zone."""
    days = policy.away.get(owner)
    return days is not None and wall_clock(now, ZoneInfo(calendar.time_zone)).date() in days


def at_work(
    candidates: tuple[str | None, ...], now: datetime, calendar: Calendar, policy: Policy
) -> str | None:
    """The first of them who is not away; the first when all are."""
    named = [x for x in candidates if x]
    here = (x for x in named if not is_away(x, now, calendar, policy))
    return next(here, named[0] if named else None)
