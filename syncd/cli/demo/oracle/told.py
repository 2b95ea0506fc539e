"""What people were told: messages in Slack, notes in either CRM, read from the sandbox."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from syncd.cli.demo.oracle.fields import HUBSPOT, SALESFORCE
from syncd.cli.demo.oracle.trails import Person
from syncd.sandbox.journal import ASSOCIATED, CREATED, ActorKind, System
from syncd.sandbox.slack.things import Message
from syncd.sandbox.world import World

_EVENT = "syncd_alert"
_RECORD = re.compile(r"\b(00Q\w{15}|2\d{10})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fact told in Slack. `leads` is None where a long list no longer names them;
    `text` is empty unless the message tells this fact alone."""

    kind: str
    key: str
    channel: str
    at: datetime
    leads: frozenset[str] | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    system: System
    record_id: str
    at: datetime
    text: str


def lines(world: World, people: list[Person]) -> list[Line]:
    """Every fact of every message, one by one."""
    owners = {trail.record_id: person.id for person in people for trail in person.sides.values()}
    return [line for message in world.slack.messages for line in _lines(world, message, owners)]


def _lines(world: World, message: Message, owners: dict[str, str]) -> Iterator[Line]:
    metadata = message.metadata or {}
    if metadata.get("event_type") != _EVENT:
        return
    payload = metadata["event_payload"]
    keys = payload["keys"]
    whole = json.dumps(message.blocks, ensure_ascii=False)
    shares = [whole] if len(keys) == 1 else _bullets(message)
    for place, key in enumerate(keys):
        share = shares[place] if place < len(shares) else None
        yield Line(
            kind=payload["kind"],
            key=key,
            channel=world.slack.channels[message.channel].name,
            at=message.at,
            leads=None if share is None else _leads(share, owners),
            text=unescape(whole) if len(keys) == 1 else "",
        )


def _bullets(message: Message) -> list[str]:
    texts = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    return [line for text in texts for line in text.split("\n") if line.startswith("•")]


def _leads(text: str, owners: dict[str, str]) -> frozenset[str]:
    return frozenset(owners[i] for i in _RECORD.findall(text) if i in owners)


def notes(world: World) -> list[Note]:
    """Every note syncd put on a lead or a contact."""
    found, bodies = [], dict[str, str]()
    for entry in world.journal:
        if entry.actor.kind is not ActorKind.API:
            continue
        if (entry.system, entry.object, entry.field) == (SALESFORCE, "Task", CREATED):
            text = f"{entry.after.get('Subject')}\n{entry.after.get('Description')}"
            who = str(entry.after.get("WhoId"))
            found.append(Note(system=SALESFORCE, record_id=who, at=entry.at, text=text))
        elif (entry.system, entry.object) == (HUBSPOT, "note"):
            if entry.field == CREATED:
                bodies[entry.record_id] = unescape(str(entry.after.get("hs_note_body")))
            elif entry.field == ASSOCIATED:
                contact = str(entry.after).removeprefix("contact:")
                text = bodies[entry.record_id]
                found.append(Note(system=HUBSPOT, record_id=contact, at=entry.at, text=text))
    return found
