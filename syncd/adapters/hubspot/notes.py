"""Notes on contacts: written once, and found again by the mark printed in them."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient, Reply
from syncd.adapters.hubspot.complaint import (
    Complaint,
    NotThere,
    RequestConflict,
    RequestRefused,
    complaint_of,
)
from syncd.adapters.hubspot.linked import linked_to
from syncd.adapters.hubspot.records import batches
from syncd.adapters.hubspot.translate import outcome_for
from syncd.domain.action import AddNote, Failed, WriteOutcome, Written
from syncd.domain.names import ActionKey

NOTE_TO_CONTACT = 202
CREATE_SIZE = 100
READ_SIZE = 100
LONGEST_BODY = 65_536

_CUT = "<p>…</p>"


def note_html(note: AddNote) -> str:
    """The note's body. Everything in it is text to HubSpot: CRM values cannot become markup.
    Lines that do not fit are left out, the mark never is."""
    head = f"<p><strong>{escape(note.title)}</strong></p>"
    foot = f"<p>{escape(note.mark)}</p>"
    room = LONGEST_BODY - len(head) - len(foot) - len(_CUT)
    body = ""
    for line in note.lines:
        paragraph = f"<p>{escape(line)}</p>"
        if len(body) + len(paragraph) > room:
            return head + body + _CUT + foot
        body += paragraph
    return head + body + foot


def add_notes(client: HubSpotClient, notes: Sequence[AddNote]) -> dict[ActionKey, WriteOutcome]:
    """TransientError, AuthError: which of the notes were made is not known; look for them."""
    outcomes: dict[ActionKey, WriteOutcome] = {}
    for batch in batches(notes, CREATE_SIZE):
        outcomes |= _create(client, batch)
    return outcomes


def find_notes(client: HubSpotClient, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
    """Which of the notes are on their contacts, by mark."""
    contacts = sorted({note.record_id for note in notes})
    attached = linked_to(client, contacts, plural="notes")
    wanted = {note_id for note_ids in attached.values() for note_id in note_ids}
    bodies = _bodies(client, sorted(wanted))
    return frozenset(
        note.key
        for note in notes
        if any(
            escape(note.mark) in bodies.get(note_id, "")
            for note_id in attached.get(note.record_id, ())
        )
    )


def _create(client: HubSpotClient, notes: list[AddNote]) -> dict[ActionKey, WriteOutcome]:
    """A refused batch is parted until the bad note is alone. Whether HubSpot makes some notes
    of a batch that it refuses is not documented, so it looks before it asks again."""
    try:
        reply = client.write(paths.NOTES_CREATE, {"inputs": [_input(note) for note in notes]})
    except (RequestRefused, NotThere, RequestConflict) as refusal:
        if len(notes) == 1:
            return {notes[0].key: outcome_for(refusal.complaint)}
        return _parted(client, notes)
    return _outcomes(notes, reply)


def _parted(client: HubSpotClient, notes: list[AddNote]) -> dict[ActionKey, WriteOutcome]:
    made = find_notes(client, notes)
    outcomes: dict[ActionKey, WriteOutcome] = dict.fromkeys(made, Written())
    rest = [note for note in notes if note.key not in made]
    half = (len(rest) + 1) // 2
    for part in (rest[:half], rest[half:]):
        if part:
            outcomes |= _create(client, part)
    return outcomes


def _input(note: AddNote) -> dict[str, Any]:
    """With a trace id on each, HubSpot answers per note instead of refusing them all."""
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": NOTE_TO_CONTACT}
    return {
        "properties": {
            "hs_timestamp": str(int(note.at.timestamp() * 1000)),
            "hs_note_body": note_html(note),
        },
        "associations": [{"to": {"id": note.record_id}, "types": [kind]}],
        "objectWriteTraceId": note.key,
    }


def _outcomes(notes: list[AddNote], reply: Reply) -> dict[ActionKey, WriteOutcome]:
    """Errors name their note by trace id. If made and refused ones do not add up, nobody
    knows which were made, and the next try looks first."""
    refused: dict[str, Complaint] = {}
    for error in reply.body.get("errors") or ():
        complaint = complaint_of(error)
        refused |= dict.fromkeys(complaint.traces, complaint)
    unsure = len(reply.items()) + len(refused) != len(notes)
    made: WriteOutcome = Failed(reason="HubSpot's answer does not add up") if unsure else Written()
    return {n.key: outcome_for(refused[n.key]) if n.key in refused else made for n in notes}


def _bodies(client: HubSpotClient, note_ids: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for batch in batches(note_ids, READ_SIZE):
        body = {"inputs": [{"id": i} for i in batch], "properties": ["hs_note_body"]}
        for raw in client.ask(paths.read_of("notes"), body).items():
            found[str(raw["id"])] = str(raw["properties"].get("hs_note_body") or "")
    return found
