"""People who act on what the app shows them: they click buttons and send forms.

Each act is an envelope for the app, with the payload Slack would make of it; whether
anybody listens is Slack's affair, not theirs.
"""

from datetime import datetime
from itertools import count
from typing import Any

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.journal import CREATED, Actor, ActorKind, Journal, Origin, Subject, System
from syncd.sandbox.slack.forms import TRIGGER_LIVES, Json, Trigger, Values, View
from syncd.sandbox.slack.limits import unfit_view
from syncd.sandbox.slack.sockets import Envelope, Sockets
from syncd.sandbox.slack.things import Channel, Message, SlackError, User

APP_ID = "A0SANDBOX"


class People:
    """Acts and forms of one team. `views` are all forms ever opened, by id."""

    def __init__(self, clock: WorldClock, journal: Journal, team_id: str, sockets: Sockets) -> None:
        self._clock = clock
        self._journal = journal
        self._team_id = team_id
        self._sockets = sockets
        self._numbers = count(1)
        self._triggers: dict[str, Trigger] = {}
        self.views: dict[str, View] = {}

    def click(self, user: User, message: Message, channel: Channel, action_id: str) -> Envelope:
        """ValueError when the message offers no such button."""
        found = message.button(action_id)
        if found is None:
            raise ValueError(f"the message offers no {action_id}")
        block, button = found
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": False,
        }
        if message.thread_ts is not None:
            container["thread_ts"] = message.thread_ts
        payload = {
            **self._act("block_actions", user),
            "container": container,
            "channel": {"id": channel.id, "name": channel.name},
            "message": {"ts": message.ts, "text": message.text, "blocks": message.blocks},
            "state": {"values": {}},
            "actions": [
                {
                    "type": "button",
                    "block_id": block.get("block_id", "row"),
                    "action_id": action_id,
                    "text": button["text"],
                    "value": button.get("value", ""),
                    "action_ts": f"{self._stamp(self._clock.now())}",
                }
            ],
        }
        return self._sockets.send(payload)

    def submit(self, user: User, view: View, values: Values) -> Envelope:
        """ValueError for what Slack's own form would not let through."""
        if not view.is_open:
            raise ValueError("the form is closed")
        shown = {**view.says, "id": view.id, "team_id": self._team_id, "app_id": APP_ID}
        state = {"values": view.filled(values)}
        payload = {
            **self._act("view_submission", user),
            "view": {**shown, "state": state, "hash": f"h{view.id}"},
            "response_urls": [],
        }
        return self._sockets.send(payload, view.take)

    def open_view(self, trigger_id: str, says: Json) -> View:
        """SlackError as views.open."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        del self._triggers[trigger_id]
        if self._clock.now() - trigger.at > TRIGGER_LIVES:
            raise SlackError("expired_trigger_id")
        if unfit_view(says):
            raise SlackError("invalid_arguments", unfit_view(says))
        view = View(id=f"V{next(self._numbers):08d}", user_id=trigger.user_id, says=says)
        self.views[view.id] = view
        app = Actor(kind=ActorKind.API, id=APP_ID, name="app")
        subject = Subject(System.SLACK, "view", view.id)
        said = {"title": says["title"]["text"], "user": view.user_id}
        self._journal.record(subject, CREATED, before=None, after=said, origin=Origin(app, "api"))
        return view

    def _act(self, kind: str, user: User) -> dict[str, Any]:
        trigger = Trigger(id=f"{next(self._numbers)}.tr", user_id=user.id, at=self._clock.now())
        self._triggers[trigger.id] = trigger
        return {
            "type": kind,
            "user": {
                "id": user.id,
                "username": user.name,
                "name": user.name,
                "team_id": user.team_id or self._team_id,
            },
            "api_app_id": APP_ID,
            "trigger_id": trigger.id,
            "team": {"id": self._team_id, "domain": "sandbox"},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _stamp(self, now: datetime) -> str:
        """Seconds and a number that tells acts of one instant apart."""
        return f"{int(now.timestamp())}.{next(self._numbers):06d}"
