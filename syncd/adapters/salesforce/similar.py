"""Which records a duplicate rule found similar. A collection does not say; the same upserts one
by one do, and many of them ride in one `composite`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from syncd.adapters.salesforce import soql
from syncd.adapters.salesforce.api import Api, part_of
from syncd.adapters.salesforce.translate import LATER, in_words, read_errors
from syncd.domain.action import Created, CreateOutcome, Failed, RecordCreate, Twin
from syncd.domain.names import ActionKey, RecordId
from syncd.errors import TransientError

SIMILAR = Twin(reason="a duplicate rule found similar records")

_UPSERTS_PER_CALL = 25
_WHAT = "Salesforce similar records"


def ask_which(
    api: Api, creates: Sequence[RecordCreate], field: str
) -> dict[ActionKey, CreateOutcome]:
    """`field` is that of our own id. A record nothing is similar to by now is made."""
    outcomes: dict[ActionKey, CreateOutcome] = {}
    for start in range(0, len(creates), _UPSERTS_PER_CALL):
        some = creates[start : start + _UPSERTS_PER_CALL]
        body = {"allOrNone": False, "compositeRequest": [*_subrequests(api, some, field)]}
        reply = api.write("POST", f"{api.root}/composite", body, what=_WHAT)
        parts = part_of(reply.body, "compositeResponse", _WHAT)
        if len(parts) != len(some):
            raise TransientError(f"{_WHAT}: the composite answer is incomplete")
        outcomes |= {c.key: _outcome(part) for c, part in zip(some, parts, strict=True)}
    return outcomes


def columns(create: RecordCreate) -> dict[str, Any]:
    return {soql.column(name): value for name, value in create.properties.items()}


def _subrequests(
    api: Api, creates: Sequence[RecordCreate], field: str
) -> Iterator[Mapping[str, Any]]:
    for number, create in enumerate(creates):
        key = quote(create.external_id, safe="")
        yield {
            "method": "PATCH",
            "url": f"{api.root}/sobjects/{create.record_kind}/{field}/{key}",
            "referenceId": f"c{number}",
            "body": columns(create),
        }


def _outcome(part: Mapping[str, Any]) -> CreateOutcome:
    if int(part.get("httpStatusCode") or 500) < 300:
        return Created(RecordId(part_of(part.get("body"), "id", _WHAT)))
    told = read_errors(part.get("body"))
    similar = [record for error in told for record in error.similar]
    if not similar and told and told[0].code in LATER:
        return Failed(reason=in_words(told[0]))
    return Twin(reason=SIMILAR.reason, records=tuple(similar))
