"""What people do in Slack: they click a button under a message, and fill in the form it opens.

Time stands still while they do: an app has three seconds to open a form. What was done is
kept, with what the message read like. Nobody here knows what the app makes of it.
"""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Condition

from syncd.sandbox.journal import Entry
from syncd.sandbox.people.cast import Colleague
from syncd.sandbox.slack.forms import Values, View
from syncd.sandbox.slack.sockets import Envelope
from syncd.sandbox.slack.things import Message
from syncd.sandbox.world import World

PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Somebody means to click `button` under the latest message about a lead that has it; and
    what they will fill in if a form comes up."""

    who: Colleague
    lead_id: str
    button: str
    form: Values | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An intent as carried out: `read` is the message as it was then, `view` the form that came
    up, `heard` what the app said for their eyes only, `after` what the message said when they
    looked again."""

    intent: Intent
    at: datetime
    read: Message
    view: View | None
    heard: str
    after: Message | None = None


class Clicks:
    """Everybody's, in the order in which they are meant. `patience` is in real seconds: an app
    that says nothing for so long is broken."""

    def __init__(self, world: World, *, patience: float = PATIENCE) -> None:
        self._world = world
        self._patience = patience
        self._meant: list[Intent] = []
        self._news = Condition()
        self.done: list[Deed] = []
        world.journal.listen(self._wake)

    def mean(self, intent: Intent) -> None:
        self._meant.append(intent)

    def carry_out(self) -> None:
        """All that is meant, each once the app has dealt with the one before. The caller must
        not hold the world's lock."""
        meant, self._meant = self._meant, []
        if meant and not self._world.slack.sockets.wait_for_lines(1, seconds=self._patience):
            raise TimeoutError("nobody listens to what people do in Slack")
        for intent in meant:
            message = _offering(self._world, intent)
            if message is not None:
                self.done.append(self._do(intent, message))

    def look_again(self) -> None:
        """Whoever did something reads what the app has made of it."""
        for place, deed in enumerate(self.done):
            if deed.after is None:
                now = next(x for x in self._world.slack.messages if _same(x, deed.read))
                self.done[place] = replace(deed, after=_copy(now))

    def _do(self, intent: Intent, message: Message) -> Deed:
        slack, read = self._world.slack, _copy(message)
        whispers, views = len(slack.whispers), set(slack.people.views)
        with self._world.lock:
            user = slack.user_by_email(intent.who.email)
            envelope = slack.click(user, message, intent.button)
        self._wait(
            envelope, lambda: len(slack.whispers) > whispers or set(slack.people.views) > views
        )
        view = next((view for key, view in slack.people.views.items() if key not in views), None)
        if view is not None:
            self._fill_in(view, intent.form or {})
        return Deed(
            intent=intent,
            at=self._world.now(),
            read=read,
            view=view,
            heard=slack.whispers[-1].text,
        )

    def _fill_in(self, view: View, form: Values) -> None:
        slack = self._world.slack
        whispers = len(slack.whispers)
        with self._world.lock:
            envelope = slack.submit(view, form)
        self._wait(envelope, lambda: view.is_open is False or bool(view.errors))
        if view.errors:
            raise ValueError(f"the form was not taken: {dict(view.errors)}")
        self._wait(envelope, lambda: len(slack.whispers) > whispers)

    def _wait(self, envelope: Envelope, until: Callable[[], bool]) -> None:
        if not envelope.answered.wait(self._patience):
            raise TimeoutError("the app does not answer a click")
        with self._news:
            if not self._news.wait_for(until, timeout=self._patience):
                raise TimeoutError("the app says nothing to whoever clicked")

    def _wake(self, entry: Entry) -> None:
        del entry
        with self._news:
            self._news.notify_all()


def _offering(world: World, intent: Intent) -> Message | None:
    """The latest message that names the lead and has such a button."""
    for message in reversed(world.slack.messages):
        if _has(message, intent.button) and intent.lead_id in json.dumps(message.blocks):
            return message
    return None


def _copy(message: Message) -> Message:
    return replace(message, blocks=deepcopy(message.blocks))


def _same(one: Message, other: Message) -> bool:
    return (one.channel, one.ts) == (other.channel, other.ts)


def _has(message: Message, button: str) -> bool:
    elements = (x for block in message.blocks for x in _elements(block))
    return any(element.get("action_id") == button for element in elements)


def _elements(block: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = block.get("elements")
    return found if isinstance(found, list) else []
