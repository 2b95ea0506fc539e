"""Making leads by our own id, so that a repeat finds the first one; and who is there already.

Duplicate rules are never overridden: what one of them finds similar is a Twin, not an error.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api
from syncd.adapters.salesforce.similar import SIMILAR, ask_which, columns
from syncd.adapters.salesforce.translate import outcome_of, read_errors
from syncd.core.ids import salesforce_id_18
from syncd.domain.action import (
    Created,
    CreateOutcome,
    Failed,
    RecordCreate,
    Refused,
    Twin,
    Vanished,
    Written,
)
from syncd.domain.mapping import SideMap
from syncd.domain.names import ActionKey, RecordId
from syncd.errors import PermanentError, TransientError

MOST_RECORDS = 200

_NAMED = re.compile(r"record with id: (\w{15,18})")
"""How DUPLICATE_VALUE names the other record."""

Outcomes = dict[ActionKey, CreateOutcome]


class Creating:
    def __init__(self, api: Api, side: SideMap) -> None:
        self._api = api
        self._kind = side.kind
        self._email = soql.path(side.email)
        self._external_id = None if side.external_id is None else soql.column(side.external_id)

    def with_emails(self, emails: Collection[str]) -> Mapping[str, tuple[RecordId, ...]]:
        """Leads and contacts alike; a converted lead answers with its contact."""
        queries = [
            *soql.having(self._kind, self._email, emails, "ConvertedContactId"),
            *soql.having("Contact", "Email", emails),
        ]
        found: dict[str, dict[RecordId, None]] = {}
        for row in self._api.rows(queries, what="Salesforce people by e-mail"):
            if row["IsDeleted"]:
                continue
            address = str(row.get(self._email) or row.get("Email") or "").lower()
            record_id = RecordId(row.get("ConvertedContactId") or row["Id"])
            found.setdefault(address, {})[record_id] = None
        return {address: tuple(ids) for address, ids in found.items()}

    def create(self, creates: Sequence[RecordCreate]) -> Mapping[ActionKey, CreateOutcome]:
        """What was made before is found and left as it is, though it may be in the bin now:
        what a person deleted is not made again."""
        if self._external_id is None:
            return {c.key: Refused(reason="no external_id is configured") for c in creates}
        made = self._made({c.external_id for c in creates}, self._external_id)
        outcomes: Outcomes = {
            c.key: Created(made[c.external_id]) for c in creates if c.external_id in made
        }
        missing = [c for c in creates if c.external_id not in made]
        for kind, group in groupby(sorted(missing, key=_kind), key=_kind):
            for part in _parts(list(group)):
                outcomes |= self._upsert(kind, part, self._external_id)
        return outcomes

    def _made(self, ids: Collection[str], field: str) -> Mapping[str, RecordId]:
        queries = soql.having(self._kind, field, ids)
        rows = self._api.rows(queries, what="Salesforce leads by our id")
        return {str(row[field]): RecordId(row["Id"]) for row in rows}

    def _upsert(self, kind: str, creates: Sequence[RecordCreate], field: str) -> Outcomes:
        """One collection. When Salesforce refuses it whole (nothing is made then), halves are
        sent until the record it cannot read stands alone."""
        path = f"{self._api.root}/composite/sobjects/{kind}/{field}"
        records = [
            {"attributes": {"type": kind}, field: c.external_id, **columns(c)} for c in creates
        ]
        body = {"allOrNone": False, "records": records}
        try:
            reply = self._api.write("PATCH", path, body, what="Salesforce create")
        except PermanentError as error:
            if len(creates) == 1:
                return {creates[0].key: Refused(reason=str(error))}
            middle = len(creates) // 2
            first, rest = creates[:middle], creates[middle:]
            return self._upsert(kind, first, field) | self._upsert(kind, rest, field)
        items = reply.body
        if not isinstance(items, list) or len(items) != len(creates):
            raise TransientError("Salesforce create: the answer does not match the request")
        outcomes = {c.key: _outcome(i, field) for c, i in zip(creates, items, strict=True)}
        similar = [c for c in creates if outcomes[c.key] == SIMILAR]
        return outcomes | ask_which(self._api, similar, field)


def _outcome(item: Mapping[str, Any], field: str) -> CreateOutcome:
    outcome = outcome_of(item)
    match outcome:
        case Written():
            return Created(RecordId(item["id"]))
        case Vanished(reason=reason):
            return Failed(reason=reason)
        case Failed():
            return outcome
        case Refused():
            return _twin(item, field) or outcome


def _twin(item: Mapping[str, Any], field: str) -> CreateOutcome | None:
    for told in read_errors(item.get("errors")):
        if told.code == "DUPLICATES_DETECTED":
            return SIMILAR
        if told.code == "DUPLICATE_VALUE" and f" {field} " in told.message:
            return Failed(reason="it was made meanwhile, and is looked up next time")
        if told.code == "DUPLICATE_VALUE":
            reason = "another record has the same value in a unique field"
            return Twin(reason=reason, records=tuple(_named(told.message)))
    return None


def _kind(create: RecordCreate) -> str:
    return create.record_kind


def _named(message: str) -> Iterator[RecordId]:
    for text in _NAMED.findall(message):
        if record_id := salesforce_id_18(text):
            yield record_id


def _parts(creates: Sequence[RecordCreate]) -> Iterator[Sequence[RecordCreate]]:
    for start in range(0, len(creates), MOST_RECORDS):
        yield creates[start : start + MOST_RECORDS]
