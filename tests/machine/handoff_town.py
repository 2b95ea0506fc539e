"""A town of handoffs: leads are offered, change hands, are accepted or forgotten, while syncd is
killed and started again, CRMs and Slack fall silent, and somebody edits the calendar.

The CRMs are the fakes of the unit tests; the store is SQLite's own file, opened anew after each
death. What people do is in `handoff_deeds`. Nothing is judged here.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, cast

from answer_cases import AGREED
from decide_cases import AT_ONCE, HUBSPOT, SALESFORCE
from fakes import FakeMessenger, House, house
from handoff_case import Case

from syncd.adapters.store.store import SqlStore, open_store
from syncd.domain.action import SendAlert
from syncd.domain.calendar import BusinessHours, Calendar
from syncd.domain.names import ActionKey
from syncd.domain.policy import Ladder, Limit, Policy
from syncd.errors import LostAnswer, TransientError
from syncd.jobs.cycle import run_cycle
from syncd.jobs.recent import Recent
from syncd.ports import Messenger, Posted, Target
from syncd.store_ports import Store

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # a Monday
ACCEPT_WITHIN, RECYCLE_AFTER, SNOOZE = 240, 120, 60
"""Minutes of business; assigning has as long as accepting."""
_OFFICE = dict.fromkeys(range(5), ((9 * 60, 17 * 60),))
_HOTLINE = dict.fromkeys(range(6), ((8 * 60, 20 * 60),))
_DOWN = TransientError("503")


def _calendar(version: str, hours: Any, *closed: date) -> Calendar:
    return Calendar(
        name="team",
        time_zone="UTC",
        hours=hours,
        closed=dict.fromkeys(closed, "a holiday"),
        version=version,
    )


CALENDARS = (
    _calendar("office", _OFFICE),
    _calendar("hotline", _HOTLINE),
    _calendar("holiday", _OFFICE, date(2026, 3, 4)),
)


class Killed(BaseException):
    """SIGKILL, as far as one process can play it: nobody may catch it."""


@dataclass(slots=True)
class Doom:
    """Counts effects, and kills right after one of them. `stored` of the messages that were
    sent, the store knows of."""

    post: FakeMessenger
    left: int = 0
    stored: int = 0

    def after(self, name: str, effect: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **kwargs: Any) -> Any:
            result = effect(*args, **kwargs)
            if name == "commit":
                self.stored = len(self.post.sent)
            self.left -= 1
            if self.left == 0:
                raise Killed
            return result

        return done


@dataclass(slots=True)
class Mortal:
    """Any port, some of whose methods are effects."""

    inner: Any
    doom: Doom
    effects: frozenset[str]

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        return self.doom.after(name, found) if name in self.effects else found


class Post(FakeMessenger):
    """Slack as a bot sees it, or as a webhook does, which cannot be asked. `doubts`
    counts how often each alert arrived and its sender did not learn, or forgot, that it did;
    `kills` only how often it forgot."""

    def __init__(self, *, can_be_asked: bool) -> None:
        super().__init__()
        self.can_be_asked = can_be_asked
        self.doubts: Counter[ActionKey] = Counter()
        self.kills: Counter[ActionKey] = Counter()
        self.loses_next = False

    def send(self, channel: str, alerts: Any, *, thread: Posted | None = None) -> Posted | None:
        keys = {x.key for x in alerts}
        self.loses = LostAnswer("no answer") if self.loses_next else None
        if self.loses:
            self.loses_next = False
            self.doubts.update(keys)
        return super().send(channel, alerts, thread=thread)

    def told(self) -> Counter[ActionKey]:
        return Counter(x.key for _, alerts in self.sent for x in alerts)

    def alerts(self) -> list[SendAlert]:
        return [x for _, alerts in self.sent for x in alerts]


def rules(calendar: Calendar) -> Policy:
    """Acceptance within four business hours, a recycle two later."""
    promise = BusinessHours(ACCEPT_WITHIN * MINUTE)
    segment = replace(
        AT_ONCE.segments[-1],
        calendar=calendar,
        assign_within=promise,
        accept_within=promise,
        ladder=Ladder(
            warn_at=0.5,
            escalate_after=BusinessHours(HOUR),
            recycle_after=BusinessHours(RECYCLE_AFTER * MINUTE),
        ),
    )
    return replace(
        AT_ONCE,
        segments=(segment,),
        snooze=BusinessHours(SNOOZE * MINUTE),
        brake={kind: Limit(records=10_000, percent=100) for kind in AT_ONCE.brake},
        alerts=replace(AT_ONCE.alerts, alone=10_000),
    )


class Town:
    """`calendars` are all there were, and since when; `looks` the instants of cycles that surely
    saw what Salesforce showed; `deaths` counts kills."""

    def __init__(self, store: Path, seed: int, *, leads: int) -> None:
        self.random = Random(seed)
        self.path = store
        self.calendars = [(START, CALENDARS[0])]
        self.looks: list[datetime] = []
        self.deaths = 0
        self.post = Post(can_be_asked=self.random.random() < 0.5)
        self.doom = Doom(self.post)
        self.house = self._furnished()
        self.cases = [Case(number=number) for number in range(1, leads + 1)]
        for case in self.cases:
            email = f"person{case.number}@x.example"
            self.house.sf.add(case.sf, email=email)
            self.house.hs.add(case.hs, email=email)
        self.store: SqlStore = open_store(store)
        self.recent = Recent()
        self._open()

    def _furnished(self) -> House:
        made = house(rules=rules(self.calendars[-1][1]), gates=AGREED)
        made.time.instant = START
        return made

    @property
    def now(self) -> datetime:
        return self.house.time.now()

    # -- syncd

    def _open(self) -> None:
        self.store.acquire(holder="worker", now=self.now, span=HOUR)
        self.store.start(START)
        self.recent = Recent()
        made = self.house
        mortal_store = Mortal(self.store, self.doom, frozenset({"commit", "claim"}))
        crms = {SALESFORCE: made.sf, HUBSPOT: made.hs}
        made.pair = replace(
            made.pair,
            store=cast(Store, mortal_store),
            targets={
                system: cast(Target, Mortal(crm, self.doom, frozenset({"update"})))
                for system, crm in crms.items()
            },
            messenger=cast(Messenger, Mortal(self.post, self.doom, frozenset({"send"}))),
        )

    def cycle(self, *, dies_after: int = 0) -> None:
        """One cycle, killed after so many effects if it has as many; 0: it lives."""
        self.doom.left, self.doom.stored = dies_after, len(self.post.sent)
        try:
            self.store.renew(now=self.now, span=HOUR)
            run_cycle(self.house.pair, self.recent, now=self.now)
        except Killed:
            for _, alerts in self.post.sent[self.doom.stored :]:
                self.post.doubts.update(x.key for x in alerts)
                self.post.kills.update(x.key for x in alerts)
            self.deaths += 1
            self.store.close()
            self.store = open_store(self.path)
            self._open()
        else:
            if "poll" not in self.house.sf.fails:
                self.looks.append(self.now)

    def edit_calendar(self) -> None:
        """It becomes another one."""
        others = [x for x in CALENDARS if x is not self.calendars[-1][1]]
        self.adopt(self.random.choice(others))

    def adopt(self, calendar: Calendar) -> None:
        self.calendars.append((self.now, calendar))
        pair = self.house.pair
        self.house.pair = replace(
            pair, rules=replace(pair.rules, policy=rules(self.calendars[-1][1]))
        )

    def in_force(self, start: datetime, end: datetime) -> set[str]:
        """The calendars that were, at any time between the two."""
        until = [at for at, _ in self.calendars[1:]] + [datetime.max.replace(tzinfo=UTC)]
        spells = zip(self.calendars, until, strict=True)
        return {x.version for (since, x), over in spells if since <= end and over > start}

    def close(self) -> None:
        self.store.close()

    # -- the outside

    @property
    def is_out(self) -> bool:
        """Whether a CRM cannot be read."""
        return any("poll" in crm.fails for crm in (self.house.sf, self.house.hs))

    def toggle_outage(self) -> None:
        """One CRM cannot be read, or neither, and perhaps Slack is down as well; or all can
        again."""
        if self.is_out:
            self.calm()
            return
        sf, hs = self.house.sf, self.house.hs
        for crm in self.random.choice(((sf,), (hs,), (sf, hs))):
            crm.fails["poll"] = _DOWN
        self.post.fails = _DOWN if self.random.random() < 0.3 else None

    def calm(self) -> None:
        for crm in (self.house.sf, self.house.hs):
            crm.fails.clear()
        self.post.fails, self.post.loses_next = None, False
