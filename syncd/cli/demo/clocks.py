"""The clocks that run: leads offered to sales and not accepted yet, nearest deadline first."""

import json
import re
from datetime import datetime, timedelta

from rich.table import Table

from syncd.cli.demo.feed import clock_words
from syncd.cli.demo.workbench import Workbench
from syncd.domain.handoff import Handoff
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, LeadId, RecordId, System
from syncd.sandbox.slack.things import Message

_LEAD = re.compile(r"\b00Q\w{15}\b")
_SOON = timedelta(hours=1)


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
        waiting = sorted(self._open.values(), key=lambda each: each[1].next_due())
        for name, handoff in waiting[:room]:
            words, style = _deadline(handoff, now)
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


def _deadline(handoff: Handoff, now: datetime) -> tuple[str, str]:
    if handoff.breached_at is not None:
        return f"recycled {clock_words(handoff.expires_at)}", "red"
    style = "yellow" if handoff.due_at - now < _SOON else ""
    return f"accept by {clock_words(handoff.due_at)}", style
