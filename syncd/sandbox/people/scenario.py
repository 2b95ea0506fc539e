"""The demo's week: who arrives when, what becomes of them, and how it ends.

From a Monday morning to Thursday evening, in the demo over a public holiday. Everything follows
from the seed and the number of leads; nothing follows from what a synchronisation does, but
that people look at their records before they act.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.people import contacting, office, slack_stories, stories, weather
from syncd.sandbox.people import odd_stories as odd
from syncd.sandbox.people.cast import hire
from syncd.sandbox.people.clicking import Clicks
from syncd.sandbox.people.closing import close_deals
from syncd.sandbox.people.desk import Desk, Outage, Setting, Story, play
from syncd.sandbox.people.prospects import Short, invent
from syncd.sandbox.world import World

MONDAY = date(2026, 11, 9)
_OPENS, _CLOSES = time(8), time(18, 30)
_EARLIER = timedelta(days=14)

_WEIGHTS: tuple[tuple[Story, int], ...] = (
    (stories.by_the_book, 60),
    (stories.late_commit, 10),
    (stories.worked_in_hubspot, 20),
    (stories.demo_given, 14),
    (stories.straight_to_sql, 10),
    (stories.won_over, 20),
    (stories.never_ready, 18),
    (stories.slow, 14),
    (stories.late, 14),
    (stories.ignored, 26),
    (stories.boomerang, 5),
    (stories.turned_down, 18),
    (stories.completed_in_time, 10),
    (stories.repents, 14),
    (stories.gives_up, 12),
    (stories.stubborn, 2),
    (stories.jumps, 8),
    (stories.jumps_from_offer, 8),
    (stories.jumps_in_hubspot, 6),
    (stories.converts_early, 8),
    (stories.opens_a_deal, 4),
    (slack_stories.taken_in_slack, 12),
    (slack_stories.demo_wanted, 6),
    (slack_stories.demo_forgotten, 2),
    (slack_stories.given_back_in_slack, 5),
    (slack_stories.argued_for, 2),
    (odd.fast_track, 2),
    (odd.imported, 5),
    (odd.imported_complete, 2),
    (odd.agreed_on, 4),
    (odd.agreed_too_early, 4),
    (odd.at_odds, 3),
    (odd.both_type, 9),
    (odd.overtakes, 2),
    (odd.blanked, 3),
    (odd.merged, 2),
    (odd.deleted, 3),
)
_PROMPT = frozenset({stories.by_the_book, stories.worked_in_hubspot, stories.turned_down})
"""Stories short enough to begin on the last day."""
_EARLY = frozenset({stories.boomerang, stories.stubborn, slack_stories.demo_forgotten})
"""Stories so long that they begin on the first."""
_SHORT_SHARE = 0.08
_OLD_SHARE = 0.15
_OLD_STAGES = (
    "Open",
    "Marketing Qualified",
    "Working",
    "Sales Qualified",
    "Nurture",
    "Disqualified",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A world with everything in it scheduled; the daemon is to start at `start`."""

    world: World
    clicks: Clicks
    start: datetime
    end: datetime
    outages: tuple[Outage, ...]


def prepare(*, leads: int, seed: int, monday: date = MONDAY) -> Scenario:
    """The world on that Monday morning, with `leads` people in it by Thursday evening."""
    start = office.local(monday, _OPENS)
    world = World(WorldClock(start - _EARLIER), seed=seed)
    outages = weather.outages(monday + timedelta(days=1))
    clicks = Clicks(world)
    setting = Setting(world=world, cast=hire(world), clicks=clicks, start=start, outages=outages)
    old = round(leads * _OLD_SHARE)
    _history(setting, old, seed)
    for number, story in enumerate(_deck(leads - old, Random(seed)), start=old + 1):
        _arrival(setting, story, number, seed)
    close_deals(setting)
    world.advance_to(start)
    weather.brew(setting)
    end = office.local(monday + timedelta(days=3), _CLOSES)
    return Scenario(world=world, clicks=clicks, start=start, end=end, outages=outages)


def _deck(count: int, random: Random) -> list[Story]:
    """So many stories: each once, the rest by weight, shuffled."""
    known = [story for story, _ in _WEIGHTS]
    weights = [weight for _, weight in _WEIGHTS]
    deck = known + random.choices(known, weights, k=max(0, count - len(known)))
    random.shuffle(deck)
    return deck[:count]


def _history(setting: Setting, count: int, seed: int) -> None:
    """People who were there before, many in stages nobody would grant them today."""
    before = setting.start - _EARLIER
    for number in range(1, count + 1):
        random = Random(f"{seed}:{number}")
        desk = _desk(setting, random, number, before, _some_shorts(random, 0.5))
        status = random.choice(_OLD_STAGES)
        other = random.choice(_OLD_STAGES) if random.random() < 0.1 else status
        setting.world.at(
            before + timedelta(minutes=random.randrange(13 * 24 * 60)),
            _arriving(desk, status, other),
        )
        if number % 4 == 0:
            _start(setting, setting.start + timedelta(minutes=15), desk, odd.tidied)


def _arrival(setting: Setting, story: Story, number: int, seed: int) -> None:
    random = Random(f"{seed}:{number}")
    monday = setting.start.astimezone(office.ZONE).date()
    instant = _arrival_time(random, story, monday)
    shorts = _some_shorts(random, _SHORT_SHARE if story is not odd.imported_complete else 0)
    desk = _desk(setting, random, number, instant, shorts)
    _start(setting, desk.quiet(instant), desk, story)


def _arrival_time(random: Random, story: Story, monday: date) -> datetime:
    """Most arrive on the first two days, none while HubSpot is down or nobody could follow."""
    days = office.working_days(monday, 3)
    day = random.choices(days, (5, 4, 1 if story in _PROMPT else 0))[0]
    if story in _EARLY:
        day = days[0]
    first, last = (13.5, 16) if day == days[1] else (8.3, 16) if day == days[0] else (8.3, 11)
    if story is slack_stories.demo_forgotten:  # what becomes of it takes the day
        last = 11
    opening = datetime.combine(day, time(0), office.ZONE).astimezone(UTC)
    return opening + timedelta(hours=random.uniform(first, last))


def _some_shorts(random: Random, share: float) -> Sequence[Short]:
    return (random.choice(tuple(Short)),) if random.random() < share else ()


def _desk(
    setting: Setting, random: Random, number: int, instant: datetime, shorts: Sequence[Short]
) -> Desk:
    return Desk(
        setting=setting,
        random=random,
        prospect=invent(random, number, instant, shorts),
        rep=random.choice(setting.cast.reps),
        marketer=random.choice(setting.cast.marketers),
    )


def _arriving(desk: Desk, status: str, contact_status: str) -> Callable[[], None]:
    def arrive() -> None:
        desk.arrive(status, contact_status)
        contacting.follow_up(desk)

    return arrive


def _start(setting: Setting, instant: datetime, desk: Desk, story: Story) -> None:
    setting.world.at(instant, lambda: play(setting.world, story(desk)))
