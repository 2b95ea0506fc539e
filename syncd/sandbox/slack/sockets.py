"""Socket Mode as Slack runs it: tickets to connect with, open lines, and envelopes that want an
answer. It sends what others make and knows no payload.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

Json = Mapping[str, Any]


class Line(Protocol):
    """One open WebSocket."""

    def say(self, message: Json) -> None:
        """OSError when the other end is gone."""
        ...

    def cut(self) -> None:
        """As a network that fails: without a word."""
        ...


@dataclass(slots=True, kw_only=True)
class Envelope:
    """`answer` is what the app acknowledged it with, handed to `then`; `sent` counts how often
    it went out."""

    id: str
    payload: Json
    then: Callable[[Json], None]
    sent: int = 0
    answer: Json | None = None
    answered: threading.Event = field(default_factory=threading.Event)


class Sockets:
    """Slack's end of all lines. Safe to use from several threads."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._guard = threading.Condition()
        self._tickets: set[str] = set()
        self._lines: list[Line] = []
        self.envelopes: dict[str, Envelope] = {}

    def issue(self) -> str:
        """A ticket that opens one line."""
        ticket = f"ticket-{next(self._numbers):04d}"
        self._tickets.add(ticket)
        return ticket

    def redeem(self, ticket: str) -> bool:
        with self._guard:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
            return known

    def join(self, line: Line) -> None:
        """OSError when the line is gone already."""
        number = len(self._lines) + 1
        line.say({"type": "hello", "num_connections": number, "connection_info": _APP})
        with self._guard:
            self._lines.append(line)
            self._guard.notify_all()

    def leave(self, line: Line) -> None:
        with self._guard:
            self._lines = [other for other in self._lines if other is not line]
            self._guard.notify_all()

    def wait_for_lines(self, number: int, *, seconds: float) -> bool:
        """Whether so many lines are open within so many real seconds."""
        with self._guard:
            return self._guard.wait_for(lambda: len(self._lines) == number, timeout=seconds)

    def send(self, payload: Json, then: Callable[[Json], None] = lambda _: None) -> Envelope:
        """To one of the open lines. With none open nobody ever hears of it: people see a
        warning beside the button."""
        envelope = Envelope(id=f"envelope-{next(self._numbers):04d}", payload=payload, then=then)
        self.envelopes[envelope.id] = envelope
        self.send_again(envelope)
        return envelope

    def send_again(self, envelope: Envelope) -> None:
        """As Slack does with what was not acknowledged in time."""
        message = {
            "type": "interactive",
            "envelope_id": envelope.id,
            "accepts_response_payload": True,
            "payload": envelope.payload,
        }
        for line in tuple(self._lines):
            try:
                line.say(message)
            except OSError:
                continue
            envelope.sent += 1
            return

    def acknowledged(self, envelope_id: str, payload: Json) -> None:
        envelope = self.envelopes[envelope_id]
        envelope.answer = payload
        envelope.then(payload)
        envelope.answered.set()

    def refresh(self) -> None:
        """Ask every app to connect anew, as Slack does every few hours. Nothing more is sent
        on the old lines; closing them is left to the app."""
        for line in tuple(self._lines):
            self.leave(line)
            line.say({"type": "disconnect", "reason": "refresh_requested"})

    def cut(self) -> None:
        """Every line breaks without a word."""
        for line in tuple(self._lines):
            line.cut()


_APP = {"app_id": "A0SANDBOX"}
