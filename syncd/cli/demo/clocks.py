"""The clocks that run: leads offered to sales and not settled yet, nearest deadline first."""

import json
import re
from datetime import datetime, timedelta

from rich.table import Table

from syncd.cli.demo.feed import clock_words
from syncd.cli.demo.workbench import Workbench
from syncd.domain.handoff import Clock, Handoff, Rung
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, LeadId, RecordId, System
from syncd.sandbox.slack.things import Message

_LEAD = re.compile(r"\b00Q\w{15}\b")
_SOON = timedelta(hours=1)
_ENDS = {Rung.REASSIGN: "passed on", Rung.RECYCLE: "recycled"}


class Clocks:
    """Follows every lead that was offered, for as long as its handoff is open."""

    def __init__(self) -> None:
        self._open: dict[LeadId, tuple[str, Handoff]] = {}

    def follow(self, bench: Workbench, messages: list[Message]) -> None:
        """Add what the latest messages offer, and drop what has ended."""
        store = bench.worker.store
        offered = {record for message in messages for record in _offered(message)}
        found = store.find(System.SALESFORCE, offered).values() if offered else ()
        leads = store.load({*self._open, *found})
        self._open = {i: (_name(lead), lead.handoff) for i, lead in leads.items() if lead.handoff}

    def table(self, now: datetime, room: int) -> Table:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(width=22, no_wrap=True)
        clocks = [(name, clock) for name, x in self._open.values() if (clock := _next(x))]
        for name, clock in sorted(clocks, key=lambda each: each[1].due_at)[:room]:
            words, style = _deadline(clock, now)
            table.add_row(name, words, style=style)
        return table


def _offered(message: Message) -> set[RecordId]:
    payload = (message.metadata or {}).get("event_payload", {})
    if payload.get("kind") != "handoff":
        return set()
    return set(map(RecordId, _LEAD.findall(json.dumps(message.blocks))))


def _name(lead: Lead) -> str:
    values = next(iter(lead.sides.values())).seen.values
    parts = (values.get(FieldName(name)) for name in ("first_name", "last_name"))
    return " ".join(str(part) for part in parts if part)


def _next(handoff: Handoff) -> Clock | None:
    running = (clock for clock in handoff.clocks if clock.is_running)
    return min(running, key=lambda clock: clock.due_at, default=None)


def _deadline(clock: Clock, now: datetime) -> tuple[str, str]:
    ends = (f"{_ENDS[rung]} {clock_words(at)}" for rung, at in clock.left() if rung in _ENDS)
    if Rung.BREACH in clock.taken and (end := next(ends, None)):
        return end, "red"
    style = "red" if clock.due_at < now else "yellow" if clock.due_at - now < _SOON else ""
    return f"{clock.name} by {clock_words(clock.due_at)}", style
