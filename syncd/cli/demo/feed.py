"""Turn what just happened in the world into lines people can follow. Words only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.journal import CONVERTED, CREATED, DELETED, MERGED, ActorKind, Entry, System
from syncd.sandbox.slack.things import Message
from syncd.sandbox.world import World

ZONE = ZoneInfo("America/New_York")

_STAGE = {
    System.SALESFORCE: ("Status",),
    System.HUBSPOT: ("lifecyclestage", "hs_lead_status"),
}
_VERDICT = "Syncd_Verdict__c"
_EVENTS = {
    CONVERTED: "converted",
    DELETED: "deleted",
    MERGED: "merged away",
}
_SHORT = {
    "Marketing Qualified": "MQL",
    "Sales Qualified": "SQL",
    "marketingqualifiedlead": "MQL",
    "salesqualifiedlead": "SQL",
    "IN_PROGRESS": "in progress",
    "BAD_TIMING": "bad timing",
    "UNQUALIFIED": "unqualified",
}
_WHERE = {System.SALESFORCE: "Salesforce", System.HUBSPOT: "HubSpot"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """`tone` is move, syncd, passes, fails or note."""

    at: datetime
    who: str
    what: str
    tone: str


def happenings(world: World, after: int) -> Iterator[Happening]:
    """Moves, verdicts and actions since journal entry number `after`."""
    for entry in world.journal.after(after):
        if entry.system is not System.SLACK and (found := _happening(world, entry)):
            yield found


def _happening(world: World, entry: Entry) -> Happening | None:
    by_syncd = entry.actor.kind is ActorKind.API
    who = "syncd" if by_syncd else entry.actor.name
    where = _WHERE[entry.system]
    if entry.field in _STAGE[entry.system] and entry.object in ("Lead", "contact"):
        tone = "syncd" if by_syncd else "move"
        what = f"{_name(world, entry)}: {_shown(entry.before)} → {_shown(entry.after)} in {where}"
    elif entry.field == _VERDICT and entry.after:
        tone = "fails" if "not" in str(entry.after) else "passes"
        what = f"{_name(world, entry)} {entry.after}"
    elif entry.field == CREATED and by_syncd and entry.object in ("Task", "note"):
        tone, what = "note", f"explains it on the record in {where}"
    elif entry.field in _EVENTS and entry.object == "Lead":
        tone, what = "move", f"{_name(world, entry)}: {_EVENTS[entry.field]} in {where}"
    else:
        return None
    return Happening(at=entry.at, who=who, what=what, tone=tone)


def _shown(value: object) -> str:
    return _SHORT.get(str(value), str(value)) if value else "–"


def _name(world: World, entry: Entry) -> str:
    if entry.system is System.SALESFORCE:
        row = world.salesforce.record(entry.record_id)
        return f"{row.get('Name')} ({row.get('Company')})"
    record = world.hubspot.tables[CONTACT].records.get(int(entry.record_id))
    if record is None:
        return entry.record_id
    values = record.values
    return f"{values.get('firstname')} {values.get('lastname')} ({values.get('company')})"


def clock_words(instant: datetime) -> str:
    return f"{instant.astimezone(ZONE):%a %H:%M}"


def message_words(world: World, message: Message) -> str:
    """The line a notification would show."""
    return f"#{world.slack.channels[message.channel].name}  {message.text}"
