"""A small language for scripts: at this time somebody does that, and by then these receivers have
seen exactly these messages.

The worker is the daemon's own, in front of the sandbox's CRMs and its Slack, on the world's
clock; people answer in Slack over its real socket. Times are UTC; `at` never goes back.
Nothing here knows when anything is due but the worker: whatever it tells too early or too often
is seen by the script.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from threading import Condition
from typing import Any

from box import HOUR, MINUTE, Box, Person, new_world, staff
from box_home import source_at, write_config
from world_time import WorldTime

from syncd.adapters.slack.bot import keys_of
from syncd.app import open_worker
from syncd.domain.alert import Act
from syncd.domain.handoff import Handoff
from syncd.domain.stage import Stage
from syncd.sandbox.clock import WorldClock
from syncd.sandbox.hubspot.hands import Hands
from syncd.sandbox.hubspot.owners import Owner
from syncd.sandbox.journal import Actor, Entry
from syncd.sandbox.serve import serve_all
from syncd.sandbox.slack.forms import Values
from syncd.sandbox.slack.things import Message, User
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN
from syncd.sandbox.world import World

CONFIG = Path(__file__).with_name("scripts_config")
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ROOMS = ("sales", "managers", "marketing", "revops")
RITA, MONA, VERA = "rita@example.com", "mona@example.com", "vera@example.com"
OTTO, PAUL = "otto@example.com", "paul@example.com"

_SHOWN: Mapping[Stage, tuple[str, ...]] = {
    Stage.LEAD: ("Open", "lead", ""),
    Stage.NURTURE: ("Nurture", "lead", "BAD_TIMING"),
    Stage.DISQUALIFIED: ("Disqualified", "lead", "UNQUALIFIED"),
    Stage.MQL: ("Marketing Qualified", "marketingqualifiedlead", ""),
    Stage.SAL: ("Working", "marketingqualifiedlead", "IN_PROGRESS"),
    Stage.SQL: ("Sales Qualified", "salesqualifiedlead"),  # whatever the lead status
}
_SEEN_AFTER = 3 * MINUTE
"""A deadline is judged once both CRMs were read past it: that long after, and no later."""
_LONGEST_STEP = 20 * MINUTE
"""The worker looks at least this often while something waits for it."""


class _Ear:
    """Hears what happens in the world, last at `last`; waits for it no longer than five real
    seconds."""

    def __init__(self, world: World) -> None:
        self.last = world.now()
        self._changed = Condition()
        world.journal.listen(self._note)

    def wait(self, seen: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(seen, timeout=5)

    def _note(self, entry: Entry) -> None:
        with self._changed:
            self.last = entry.at
            self._changed.notify_all()


@dataclass(slots=True, kw_only=True)
class Play(Box):
    """`colleagues` are reps beside Rita, in both CRMs and in Slack."""

    ear: _Ear
    colleagues: dict[str, tuple[Actor, Owner]] = field(default_factory=dict)
    told_to: dict[str, int] = field(default_factory=dict)

    # -- time

    def at(self, when: str) -> "Play":
        """Let time pass until then, the worker at work: `Mon 09:00` is the next such moment,
        `2026-04-07 09:00` a day by its date."""
        target = self._instant(when)
        while (now := self.world.now()) < target:
            self.world.advance_to(min(target, max(self._next_look(), now + MINUTE)))
            self.past.append(self.worker.cycle())
        return self

    def asleep_until(self, when: str) -> "Play":
        """Nobody works until then, the worker neither."""
        self.world.advance_to(self._instant(when))
        return self

    def _next_look(self) -> datetime:
        """When something happens that the worker waits for, or may happen unseen."""
        now, leads = self.world.now(), self.worker.store.after(None, 10_000)
        if any(lead.move for lead in leads) or now < self._busy_until():
            return now + MINUTE
        dues = [lead.handoff.next_due() for lead in leads if lead.handoff]
        looks = [due + _SEEN_AFTER for due in dues if due]
        ahead = min((x for x in looks if x > now), default=now + 6 * HOUR)
        stuck = any(x <= now for x in looks)
        return min(ahead, now + _LONGEST_STEP) if stuck else ahead

    def _busy_until(self) -> datetime:
        """After whatever people or programs did, the worker looks a few times in a row."""
        return self.ear.last + 4 * MINUTE

    def _instant(self, when: str) -> datetime:
        day, clock = when.split()
        hours, minutes = map(int, clock.split(":"))
        now = self.world.now()
        if day not in DAYS:
            return datetime.fromisoformat(f"{day}T{clock}:00+00:00")
        ahead = (DAYS.index(day) - now.weekday()) % 7
        target = now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
        target += timedelta(days=ahead)
        return target if target >= now else target + timedelta(days=7)

    # -- people in the CRMs

    def new(self, name: str, country: str = "Italy", **facts: Any) -> Person:
        """A lead known to the worker, of Rita's unless `OwnerId` says otherwise."""
        person = self.arrive(name, Country=country, **facts)
        self._look_twice()
        return person

    def offered(self, name: str, country: str = "Italy", **facts: Any) -> Person:
        """A lead that marketing qualified this very minute."""
        person = self.new(name, country, **facts)
        self.qualify(person)
        return person

    def qualify(self, *people: Person) -> None:
        for person in people:
            self.marketer_sets(person, lifecyclestage="marketingqualifiedlead", hs_lead_status="")

    def hire(self, email: str) -> None:
        """A colleague of Rita's, known in both CRMs and in Slack."""
        first = email.split("@", maxsplit=1)[0]
        actor = self.world.salesforce.add_user(f"{first.title()} Rep", email)
        owner = self.world.hubspot.hire(email, first.title(), "Rep")
        self.world.slack.add_user(first, email, f"{first.title()} Rep")
        self.colleagues[email] = (actor, owner)

    def give(self, person: Person, email: str) -> None:
        """Somebody in Salesforce makes them the owner; the HubSpot connector follows."""
        actor, owner = self.colleagues[email]
        self.rep_sets(person, OwnerId=actor.id)
        self.marketer_sets(person, hubspot_owner_id=str(owner.id))

    def call(self, person: Person, result: str | None = None) -> None:
        """Rita calls, and logs it in Salesforce."""
        with self.world.lock:
            self.world.salesforce.log_call(person.sf, "Call", self.rep, result)

    @property
    def rita_in_hubspot(self) -> Hands:
        return Hands(self.world.hubspot, self.rep_owner.actor)

    def _look_twice(self) -> None:
        self.past += [self.worker.cycle(), self.worker.cycle()]

    def _contact(self, lead: Mapping[str, Any], sf: str) -> dict[str, str]:
        told = super(Play, self)._contact(lead, sf)
        nobody = {"hubspot_owner_id": ""} if lead["OwnerId"] != self.rep.id else {}
        return {**told, "country": lead["Country"], **nobody}

    # -- people in Slack

    def clicks(self, email: str, act: Act, person: Person) -> None:
        """On the latest message about the lead that offers it. Returns when the app has said
        or shown something."""
        slack = self.world.slack
        before = (len(slack.whispers), len(slack.people.views))
        with self.world.lock:
            slack.click(self._user(email), self._offering(act, person), act.value)
        self.ear.wait(lambda: (len(slack.whispers), len(slack.people.views)) != before)

    def fills_in(self, **values: str | list[str]) -> None:
        """The form that opened last, sent by whoever it opened for."""
        view = list(self.world.slack.people.views.values())[-1]
        given: Values = values
        with self.world.lock:
            envelope = self.world.slack.submit(view, given)
        assert envelope.answered.wait(5)
        assert not view.errors, view.errors

    def _user(self, email: str) -> User:
        return self.world.slack.user_by_email(email)

    def _offering(self, act: Act, person: Person) -> Message:
        named = person.email.split("@", maxsplit=1)[0].title()
        for message in reversed(self.world.slack.messages):
            elements = chain.from_iterable(b.get("elements") or () for b in message.blocks)
            if named in headline(message) and any(e.get("action_id") == act for e in elements):
                return message
        raise AssertionError(f"no message about {named} offers {act}")

    # -- what was seen

    def sees(self, room: str, *titles: str) -> None:
        """Since it was last looked into, the room has seen exactly these, in this order. Of
        each the pieces between `…` are looked for."""
        seen = self._unread(room)
        self.told_to[room] = self.told_to.get(room, 0) + len(seen)
        fits = len(seen) == len(titles)
        fits = fits and all(_fits(title, line) for title, line in zip(titles, seen, strict=True))
        assert fits, f"#{room} saw {seen}, not {list(titles)}"

    def _unread(self, room: str) -> list[str]:
        channel = next(c for c in self.world.slack.channels.values() if c.name == room)
        told = [headline(m) for m in self.world.slack.said_in(channel.id) if not _is_digest(m)]
        return told[self.told_to.get(room, 0) :]

    def looked_away(self) -> None:
        """What was told so far is not what this script is about."""
        for room in ROOMS:
            self.told_to[room] = self.told_to.get(room, 0) + len(self._unread(room))

    def nobody_saw_more(self) -> None:
        left = {room: self._unread(room) for room in ROOMS}
        assert not any(left.values()), {room: told for room, told in left.items() if told}

    def shows(self, title: str, says: str) -> None:
        """The latest message of this title says so by now, somewhere in it."""
        found = [m for m in self.world.slack.messages if _fits(title, headline(m))]
        assert found, f"nobody was told {title!r}"
        assert says in text_of(found[-1]), text_of(found[-1])

    def whispered(self, says: str) -> None:
        """The last thing that only one person saw."""
        assert says in self.world.slack.whispers[-1].text

    def stands(self, person: Person, stage: Stage) -> None:
        """Both CRMs show this stage."""
        shown, wanted = self.stages(person), _SHOWN[stage]
        assert shown[: len(wanted)] == wanted, f"{shown}, not {wanted}"

    def handoff(self, person: Person) -> Handoff:
        known = self.known(person)
        assert known is not None
        assert known.handoff is not None
        return known.handoff


def _fits(title: str, line: str) -> bool:
    return all(piece.strip() in line for piece in title.split("…"))


def headline(message: Message) -> str:
    header = message.blocks[0] if message.blocks else {}
    return str((header.get("text") or {}).get("text") or message.text)


def text_of(message: Message) -> str:
    """All its words, one part a line."""
    return "\n".join(_words(message.blocks))


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from ([part["text"]] if isinstance(part.get("text"), str) else ())
        yield from chain.from_iterable(_words(x) for x in part.values() if not isinstance(x, str))
    elif isinstance(part, list):
        yield from chain.from_iterable(map(_words, part))


def _is_digest(message: Message) -> bool:
    return any(key.startswith("alert:digest") for key in keys_of({"metadata": message.metadata}))


@contextmanager
def play(
    home: Path, *, start: datetime = MONDAY, changes: Mapping[str, str] | None = None
) -> Iterator[Play]:
    """`changes` are made to the text of the configuration. At the end nobody may have seen
    more than the script looked at."""
    world = _world(start)
    fronts = serve_all(world)
    write_config(home, fronts, changes or {}, folder=CONFIG)
    source = source_at(home)
    source = replace(source, environ={**source.environ, "SYNCD_SLACK_APP_TOKEN": DEFAULT_APP_TOKEN})
    worker = open_worker(source, clock=WorldTime(world))
    made = Play(
        home=home,
        world=world,
        fronts=fronts,
        source=source,
        worker=worker,
        ear=_Ear(world),
        **staff(world),
    )
    made.hire(OTTO)
    made.hire(PAUL)
    made._look_twice()
    try:
        yield made
        made.nobody_saw_more()
    finally:
        made.worker.stop_listening()
        made.worker.close()
        fronts.stop()


def listening(made: Play) -> Play:
    """From now on the worker hears what people answer in Slack."""
    made.worker.listen()
    assert made.world.slack.sockets.wait_for_lines(1, seconds=5)
    return made


def _world(start: datetime) -> World:
    world = new_world(WorldClock(start))
    for room in ROOMS[:-1]:
        world.slack.add_channel(room)
    for email in (RITA, MONA, VERA):
        first = email.split("@", maxsplit=1)[0]
        world.slack.add_user(first, email, first.title())
    return world
