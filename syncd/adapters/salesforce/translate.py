"""What Salesforce's error codes mean to syncd. Vendor errors end here.

Codes decide, never the HTTP status: which status a row lock comes with is disputed
even among recordings. Messages that quote record values are replaced by our own words.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson

from syncd.adapters.transport.answer import Answer, cut, error_for_status, retry_after
from syncd.domain.action import Failed, Refused, Vanished, WriteOutcome, Written
from syncd.domain.names import RecordId
from syncd.errors import AuthError, LimitError, PermanentError, SyncdError, TransientError


class NoSuchObject(PermanentError):
    """The org does not have this kind of object, or hides it from us."""


@dataclass(frozen=True, slots=True)
class Told:
    """One error as Salesforce tells it; `code` is errorCode (REST) or statusCode (collections),
    `similar` the records that a duplicate rule found."""

    code: str
    message: str
    fields: tuple[str, ...] = ()
    similar: tuple[RecordId, ...] = ()


GONE: Mapping[str, str] = {
    "ENTITY_IS_DELETED": "the record was deleted or merged",
    "CANNOT_UPDATE_CONVERTED_LEAD": "the lead was converted; converted leads are read-only",
    "NOT_FOUND": "there is no such record",
}

REFUSED: Mapping[str, str] = {
    # Both of these hold until a person changes the record or the rule.
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": "a validation rule refused it",
    "REQUIRED_FIELD_MISSING": "a required field of the record is empty",
    # The value never fits: the map or the org must change. Their messages quote the value.
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "not a value of this restricted picklist",
    "STRING_TOO_LONG": "the text is longer than the field",
    "INVALID_EMAIL_ADDRESS": "not an e-mail address",
    "NUMBER_OUTSIDE_VALID_RANGE": "the number does not fit the field",
    "INVALID_TYPE_ON_FIELD_IN_RECORD": "the value has the wrong type for the field",
    "JSON_PARSER_ERROR": "the value cannot be read as the field's type",
    "FIELD_INTEGRITY_EXCEPTION": "the value does not fit the rest of the record",
    "MALFORMED_ID": "a record id of the wrong kind",
    "INVALID_CROSS_REFERENCE_KEY": "it names a record that does not exist",
    # The map names a field the org does not let us write.
    "INVALID_FIELD": "the field does not exist or is hidden from the integration user",
    "INVALID_FIELD_FOR_INSERT_UPDATE": "the field cannot be written through the API",
    # Setting the org up.
    "DUPLICATE_DEVELOPER_NAME": "there is one of this name already, perhaps in the bin",
    # Our own query, and a bug in syncd.
    "MALFORMED_QUERY": "Salesforce cannot read the query",
    # Only an admin can give the right.
    "INSUFFICIENT_ACCESS_OR_READONLY": "the integration user may not write this record",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "the integration user may not use it",
    # Asking again finds the same other record; overriding it is a person's decision.
    "DUPLICATES_DETECTED": "a duplicate rule found a similar record",
    "DUPLICATE_VALUE": "another record already has this unique value",
    # The new owner cannot own leads.
    "INACTIVE_OWNER_OR_USER": "the owner is inactive",
    "OP_WITH_INVALID_USER_TYPE_EXCEPTION": "this kind of user cannot own the record",
    # The org's own Apex threw: it will again for the same values.
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "the org's own automation (Apex) refused it",
}

LATER: Mapping[str, str] = {
    "UNABLE_TO_LOCK_ROW": "somebody else is writing the record or its parent",
    "ENTITY_IS_LOCKED": "the record is locked by an approval",
    "REQUEST_LIMIT_EXCEEDED": "the org's API allowance is used up",
    "SERVER_UNAVAILABLE": "Salesforce is unavailable",
    "QUERY_TIMEOUT": "the query took too long",
    "UNKNOWN_EXCEPTION": "Salesforce failed inside",
    # The server forgets a cursor; the read begins again.
    "INVALID_QUERY_LOCATOR": "the query's cursor has expired",
    "ALL_OR_NONE_OPERATION_ROLLED_BACK": "rolled back with another record",
    "PROCESSING_HALTED": "not tried because an earlier part failed",
}

NEEDS_A_PERSON = frozenset(
    {
        "INVALID_SESSION_ID",
        "INVALID_AUTH_HEADER",
        "API_DISABLED_FOR_ORG",
        "API_CURRENTLY_DISABLED",
        "INVALID_LOGIN",
        "INSUFFICIENT_ACCESS",
        "FUNCTIONALITY_NOT_ENABLED",
    }
)

SPEAKS_FOR_ITSELF = frozenset(
    {
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",  # the admin's own text, which reps know
        "INVALID_FIELD",  # names the column
        "INVALID_TYPE",  # names the object
        "INSUFFICIENT_ACCESS",  # names the right
    }
)
"""Codes whose message is told: what it says holds no value of the record. All others may;
MALFORMED_QUERY quotes the query, in which people's addresses may be."""

_QUERY_QUOTED = re.compile(r"\A.*^ERROR at Row:\d+:Column:\d+\s*", re.DOTALL | re.MULTILINE)
"""The piece of our query that stands before what Salesforce has to say of it."""


def outcome_of(item: Mapping[str, Any]) -> WriteOutcome:
    """One element of a collections answer. A code nobody knows may pass: the outbox gives up
    in the end, and nothing is buried out of ignorance."""
    if item.get("success"):
        return Written()
    told = read_errors(item.get("errors"))
    first = told[0] if told else Told("UNKNOWN_EXCEPTION", "")
    if first.code in GONE:
        return Vanished(GONE[first.code])
    if first.code == "INVALID_CROSS_REFERENCE_KEY" and not first.fields:
        return Vanished("there is no such record")  # the id itself, not a field's
    if first.code in REFUSED:
        return Refused(reason=in_words(first))
    return Failed(reason=in_words(first))


def error_of(answer: Answer, *, what: str, now: datetime) -> SyncdError:
    """The error a whole answer stands for, by its first code, else by its status."""
    told = read_errors(_parsed(answer.body))
    if not told:
        return error_for_status(answer, what=what, now=now)
    first = told[0]
    words = f"{what}: {in_words(first)}"
    if first.code == "REQUEST_LIMIT_EXCEEDED" and "Concurrent" not in first.message:
        return LimitError(f"{words} (see Setup, System Overview)")
    if first.code == "INVALID_TYPE":
        return NoSuchObject(words)
    if first.code in NEEDS_A_PERSON:
        return AuthError(words)
    if first.code in LATER:
        return TransientError(words, retry_after=retry_after(answer, now=now))
    if first.code in REFUSED or first.code in GONE:
        return PermanentError(words)
    return error_for_status(replace(answer, body=in_words(first).encode()), what=what, now=now)


def read_errors(body: Any) -> tuple[Told, ...]:
    """The errors of a REST or collections body; empty when it has another shape."""
    if not isinstance(body, list):
        return ()
    return tuple(_told(e) for e in body if isinstance(e, dict) and _code(e))


def in_words(told: Told) -> str:
    """Code, fields and words; never a value of the record."""
    known = REFUSED.get(told.code) or GONE.get(told.code) or LATER.get(told.code)
    says = cut(_QUERY_QUOTED.sub("", told.message)) if told.code in SPEAKS_FOR_ITSELF else known
    words = says or "no words for this"
    where = f" ({', '.join(told.fields)})" if told.fields else ""
    return f"{told.code}{where}: {words}"


def _told(error: Mapping[str, Any]) -> Told:
    fields: Sequence[Any] = error.get("fields") or ()
    return Told(
        _code(error),
        str(error.get("message") or ""),
        tuple(str(f) for f in fields),
        tuple(_similar(error)),
    )


def _similar(error: Mapping[str, Any]) -> Iterator[RecordId]:
    """The records a duplicate rule names. The key is misspelt in answers recorded so far."""
    result = error.get("duplicateResut") or error.get("duplicateResult") or {}
    for match in result.get("matchResults") or ():
        for found in match.get("matchRecords") or ():
            yield RecordId(found["record"]["Id"])


def _code(error: Mapping[str, Any]) -> str:
    return str(error.get("errorCode") or error.get("statusCode") or "")


def _parsed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
