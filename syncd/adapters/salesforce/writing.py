"""The Target role on Salesforce: sObject Collections of up to 200, judged record by record.

Never retries: after an error here the outbox asks what became of the writes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.notes import is_note, task_for
from syncd.adapters.salesforce.translate import outcome_of
from syncd.domain.action import AddNote, Failed, RecordWrite, Refused, WriteOutcome
from syncd.domain.names import ActionKey, RecordId
from syncd.errors import PermanentError, TransientError

T = TypeVar("T")

MOST_RECORDS = 200
MOST_NOTES_LOOKED_UP = 100
"""So many ids and LIKE patterns together still fit a URL."""

Body = dict[str, Any]
Send = Callable[[Sequence[T]], list[WriteOutcome]]


class Writing:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._collections = f"{api.root}/composite/sobjects"

    def update(self, writes: Sequence[RecordWrite]) -> Mapping[RecordId, WriteOutcome]:
        """Leads and contacts apart: a collection may change its type ten times at most.
        PermanentError, and nothing is written, for a property that cannot be."""
        for name in {name for write in writes for name in write.properties}:
            soql.column(name)
        writes = sorted(writes, key=lambda write: write.record_kind)
        bodies = [_patch(write) for write in writes]
        outcomes = _in_batches(bodies, lambda part: self._send("PATCH", part))
        return {w.record_id: o for w, o in zip(writes, outcomes, strict=True)}

    def add_notes(self, notes: Sequence[AddNote]) -> Mapping[ActionKey, WriteOutcome]:
        outcomes = self.add_rows([task_for(note) for note in notes])
        return {n.key: o for n, o in zip(notes, outcomes, strict=True)}

    def add_rows(self, rows: Sequence[Body]) -> list[WriteOutcome]:
        """New rows of any objects, each with its type; their outcomes in order."""
        return _in_batches(rows, lambda part: self._send("POST", part))

    def find_notes(self, notes: Sequence[AddNote]) -> frozenset[ActionKey]:
        """Deleted and archived tasks count: what was told once is not told again."""
        queries = [
            soql.notes_marked({n.record_id for n in part}, {n.mark for n in part})
            for part in _parts(notes, MOST_NOTES_LOOKED_UP)
        ]
        found = [
            (r["WhoId"], r["Subject"]) for r in self._api.rows(queries, what="Salesforce notes")
        ]
        return frozenset(
            note.key
            for note in notes
            if any(who == note.record_id and is_note(subject, note.mark) for who, subject in found)
        )

    def _send(self, method: str, records: Sequence[Body]) -> list[WriteOutcome]:
        """One collection. When Salesforce refuses it whole (nothing is written then), halves
        are sent until the record it cannot read stands alone."""
        body = {"allOrNone": False, "records": list(records)}
        try:
            reply = self._api.write(method, self._collections, body, what="Salesforce write")
        except PermanentError as error:
            if len(records) == 1:
                return [Refused(reason=str(error))]
            middle = len(records) // 2
            return [*self._send(method, records[:middle]), *self._send(method, records[middle:])]
        return _outcomes(reply.body, expected=len(records))


def _outcomes(body: Any, *, expected: int) -> list[WriteOutcome]:
    """Results stand in the order of the request."""
    if not isinstance(body, list) or len(body) != expected:
        raise TransientError("Salesforce write: the answer does not match the request")
    return [outcome_of(item) for item in body]


def _in_batches(items: Sequence[T], send: Send[T]) -> list[WriteOutcome]:
    """Outcomes in order. What earlier batches achieved is kept when a later one fails: its
    records and those not sent any more may work later."""
    outcomes: list[WriteOutcome] = []
    for part in _parts(items, MOST_RECORDS):
        try:
            outcomes += send(part)
        except TransientError as error:
            if not outcomes:
                raise
            return outcomes + [Failed(reason=str(error))] * (len(items) - len(outcomes))
    return outcomes


def _patch(write: RecordWrite) -> Body:
    return {
        "attributes": {"type": write.record_kind},
        "id": write.record_id,
        **write.properties,
    }


def _parts(items: Sequence[T], size: int) -> list[Sequence[T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
