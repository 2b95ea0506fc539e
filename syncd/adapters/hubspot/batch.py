"""Writing contacts in batches, so that one bad record never fails the others.

HubSpot answers per record (207) for what concerns one record, but refuses a whole batch
(400, 409) for one bad value without saying whose. Nothing of a refused batch was done, so
it is parted until the culprit is alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from syncd.adapters.hubspot import paths
from syncd.adapters.hubspot.client import HubSpotClient, Reply
from syncd.adapters.hubspot.complaint import (
    Complaint,
    RequestConflict,
    RequestRefused,
    complaint_of,
)
from syncd.adapters.hubspot.records import MODIFIED, instant
from syncd.adapters.hubspot.translate import outcome_for
from syncd.domain.action import Failed, WriteOutcome, Written
from syncd.domain.names import RecordId

BATCH_SIZE = 100

_WHATEVER_THE_VALUE = frozenset({"PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE"})

Properties = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """An outcome for every record written, and the properties HubSpot echoed."""

    outcomes: dict[RecordId, WriteOutcome] = field(default_factory=dict)
    shown: dict[RecordId, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, other: "Answered") -> None:
        self.outcomes.update(other.outcomes)
        self.shown.update(other.shown)


def write_contacts(client: HubSpotClient, writes: Mapping[RecordId, Properties]) -> Answered:
    """At most BATCH_SIZE of them. TransientError, AuthError: what became of them is not known."""
    return _write(client, writes) if writes else Answered()


def _write(client: HubSpotClient, writes: Mapping[RecordId, Properties]) -> Answered:
    inputs = [
        {"id": i, "objectWriteTraceId": i, "properties": properties}
        for i, properties in writes.items()
    ]
    try:
        reply = client.write(paths.CONTACTS_UPDATE, {"inputs": inputs})
    except (RequestRefused, RequestConflict) as refusal:
        return _parted(client, writes, refusal.complaint)
    return _answered(writes, reply)


def _parted(
    client: HubSpotClient, writes: Mapping[RecordId, Properties], complaint: Complaint
) -> Answered:
    """Refuse whom the complaint must mean, and write the others."""
    suspects = _suspects(writes, complaint)
    if len(suspects) == 1 or (complaint.codes and complaint.codes <= _WHATEVER_THE_VALUE):
        answered = Answered({i: outcome_for(complaint) for i in suspects})
        parts: Sequence[Sequence[RecordId]] = ([i for i in writes if i not in answered.outcomes],)
    else:
        half = len(suspects) // 2
        rest = [i for i in writes if i not in set(suspects)]
        answered, parts = Answered(), (rest, suspects[:half], suspects[half:])
    for part in parts:
        if part:
            answered.add(_write(client, {i: writes[i] for i in part}))
    return answered


def _suspects(writes: Mapping[RecordId, Properties], complaint: Complaint) -> list[RecordId]:
    """The writes that a complaint may be about; all of them if it names nothing known."""
    named = [
        i
        for i, properties in writes.items()
        if i in complaint.ids or complaint.properties & properties.keys()
    ]
    return named or list(writes)


def _answered(writes: Mapping[RecordId, Properties], reply: Reply) -> Answered:
    unheard: WriteOutcome = Failed(reason="HubSpot's answer does not name the record")
    answered = Answered(dict.fromkeys(writes, unheard))
    for error in reply.body.get("errors") or ():
        complaint = complaint_of(error)
        outcome = outcome_for(complaint)
        about = (RecordId(i) for i in complaint.ids | complaint.traces)
        answered.outcomes.update({i: outcome for i in about if i in writes})
    for result in reply.items():
        record_id = RecordId(str(result.get("id")))
        if record_id in writes:
            answered.shown[record_id] = shown = result.get("properties") or {}
            held = all((shown.get(k) or "") == v for k, v in writes[record_id].items())
            answered.outcomes[record_id] = Written(at=_stamp(result) if held else None)
    return answered


def _stamp(result: Mapping[str, Any]) -> datetime | None:
    """When the record was last modified, as the answer to a write tells; the later word
    counts, for one of them may still be that of the moment before."""
    told = {(result.get("properties") or {}).get(MODIFIED), result.get("updatedAt")}
    try:
        return max((instant(str(text)) for text in told if text), default=None)
    except (TypeError, ValueError):
        return None
