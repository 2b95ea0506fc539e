"""A Slack workspace with people who act, and syncd listening: for tests of clicks and forms.

The store is a tray of lists, so that what was placed can be seen at once.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Event

from core_cases import lead
from world_time import WorldTime

from syncd.adapters.slack.bot import BotMessenger
from syncd.adapters.slack.connection import BotConnection, ListenConnection
from syncd.adapters.slack.listener import SlackListener
from syncd.adapters.slack.talk import Talk
from syncd.domain.action import SendAlert
from syncd.domain.alert import Act, Alert, AlertKind
from syncd.domain.lead import Lead
from syncd.domain.names import ActionKey, FieldName, LeadId, RuleId
from syncd.domain.order import Order
from syncd.domain.stage import Stage
from syncd.domain.standard import AfterRejection, RejectionReason
from syncd.errors import SyncdError
from syncd.sandbox.faults import Fault
from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import Entry, System
from syncd.sandbox.slack import rest
from syncd.sandbox.slack.forms import Values, View
from syncd.sandbox.slack.sockets import Envelope
from syncd.sandbox.slack.things import Message, User
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN, DEFAULT_TOKEN, Workspace
from syncd.sandbox.world import World

LEAD = lead()
TALK = Talk(
    reasons={
        x.id: x
        for x in (
            RejectionReason(id="wrong-fit", says="Not our kind", then=AfterRejection.DISQUALIFY),
            RejectionReason(id="bad-timing", says="Bad timing", then=AfterRejection.SLEEP),
            RejectionReason(id="no-need", says="No need shown", then=AfterRejection.NURTURE),
        )
    },
    fields=(FieldName("phone"), FieldName("budget")),
    rules={
        Stage.MQL: ((RuleId("company-size"), "The company is large enough"),),
        Stage.SQL: ((RuleId("budget-known"), "The budget is known"),),
    },
    zone="Europe/Berlin",
)


@dataclass(slots=True)
class Tray:
    """Implements `desk.Tray`."""

    placed: dict[str, Order] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    leads: dict[LeadId, Lead] = field(default_factory=lambda: {LEAD.id: LEAD})
    fails: SyncdError | None = None
    is_closed: bool = False
    free: Event = field(default_factory=Event)
    """While it is not set, an order takes for ever."""

    def __post_init__(self) -> None:
        self.free.set()

    def place(self, order: Order) -> None:
        assert self.free.wait(5)
        if self.fails:
            raise self.fails
        self.placed.setdefault(order.id, order)

    def waiting(self) -> list[Order]:
        return [x for x in self.placed.values() if x.id not in self.done]

    def load(self, ids: Collection[LeadId]) -> Mapping[LeadId, Lead]:
        return {x: self.leads[x] for x in ids if x in self.leads}

    def close(self) -> None:
        self.is_closed = True

    def carry_out(self) -> None:
        self.done |= self.placed.keys()


class Watch:
    """Waits for what happens in a world, and never longer than five real seconds."""

    def __init__(self, world: World) -> None:
        self._changed = Condition()
        world.journal.listen(self._note)

    def wait(self, seen: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(seen, timeout=5)

    def _note(self, entry: Entry) -> None:
        del entry
        with self._changed:
            self._changed.notify_all()


@dataclass(slots=True, kw_only=True)
class Room:
    """Ann has an address in Slack; a stranger is of another workspace."""

    world: World
    bot: BotMessenger
    tray: Tray
    listener: SlackListener
    ann: User
    stranger: User
    watch: Watch

    @property
    def workspace(self) -> Workspace:
        return self.world.slack

    def alert(self, *acts: Act, subject: str = "h-1", lead_id: LeadId | None = LEAD.id) -> Message:
        """What the bot posted about a lead."""
        alert = Alert(
            kind=AlertKind.HANDOFF,
            at=self.world.now(),
            title="Ada was handed to you",
            summary="Ada",
            acts=acts,
            subject=subject,
        )
        self.bot.send(
            "#general", [SendAlert(key=ActionKey(f"alert:{subject}"), lead_id=lead_id, alert=alert)]
        )
        return self.workspace.messages[-1]

    def click(self, message: Message, act: Act, *, by: User | None = None) -> Envelope:
        """Returns when the app has acknowledged it."""
        with self.world.lock:
            envelope = self.workspace.click(by or self.ann, message, act.value)
        assert envelope.answered.wait(5)
        return envelope

    def told(self, number: int = 1) -> str:
        """What the person who acted was whispered, once so many whispers were heard."""
        self.watch.wait(lambda: len(self.workspace.whispers) >= number)
        return self.workspace.whispers[number - 1].text

    def form(self, number: int = 1) -> View:
        views = self.workspace.people.views
        self.watch.wait(lambda: len(views) >= number)
        return list(views.values())[number - 1]

    def submit(self, view: View, values: Values) -> Envelope:
        with self.world.lock:
            envelope = self.workspace.submit(view, values)
        assert envelope.answered.wait(5)
        return envelope

    def arm(self, match: str, kind: str, **more: object) -> None:
        spec = {"match": match, "kind": kind, **more}
        self.world.faults[System.SLACK].arm(Fault.from_json(spec))

    def orders(self) -> list[Order]:
        return list(self.tray.placed.values())


@contextmanager
def listening_room(tray: Tray | None = None, *, late: bool = False) -> Iterator[Room]:
    """`late`: Slack is not well when syncd begins to listen."""
    world, tray = World(), tray or Tray()
    if late:
        spec = {"match": "apps.connections.open", "kind": "vendor", "name": "unavailable"}
        world.faults[System.SLACK].arm(Fault.from_json(spec))
    running = serve_front(rest.app(world), world, System.SLACK)
    clock = WorldTime(world)
    bot = BotConnection(bot_token=DEFAULT_TOKEN, base_url=f"{running.url}/api/", listens=True)
    listener = SlackListener(
        ListenConnection(app_token=DEFAULT_APP_TOKEN, bot=bot, notices_after=0.1, tries_again=0.1),
        TALK,
        tray=tray,
        clock=clock,
    )
    room = Room(
        world=world,
        bot=BotMessenger(bot, clock),
        tray=tray,
        listener=listener,
        ann=world.slack.add_user("ann", "Ann@Example.com", "Ann Lee"),
        stranger=world.slack.add_user("eve", "ann@example.com", "Eve", team_id="T0OTHER"),
        watch=Watch(world),
    )
    listener.start()
    assert world.slack.sockets.wait_for_lines(1, seconds=5)
    try:
        yield room
    finally:
        listener.stop()
        running.stop()
