"""Every error answer of the HubSpot API, one function each, worded as recorded or documented."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

import orjson

from syncd.sandbox.hubspot.query import CONFUSED
from syncd.sandbox.hubspot.refusals import (
    BadRequest,
    Duplicate,
    NotFound,
    NotValid,
    Problem,
    Required,
)
from syncd.sandbox.server import Response

_numbers = count(1)  # only makes correlation ids differ; nothing depends on it


class Refused(Exception):
    """An error answer on its way out."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def correlation_id() -> str:
    return f"{next(_numbers):08x}-5a4d-4000-8000-000000000000"


def error(
    status: int,
    message: str,
    category: str = "VALIDATION_ERROR",
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    correlation = correlation_id()
    body = {"status": "error", "message": message, "correlationId": correlation, **more}
    if category:
        body["category"] = category
    marked = {"X-HubSpot-Correlation-Id": correlation, **(headers or {})}
    return Response(status=status, body=body, headers=marked)


def answer_to(refusal: Exception) -> Response:
    """The answer to something the portal refused; anything else is a bug and raised again."""
    match refusal:
        case NotValid(problems=problems):
            return not_valid(problems)
        case Duplicate():
            return error(409, str(refusal), "CONFLICT")
        case NotFound():
            return error(404, "resource not found", "OBJECT_NOT_FOUND")
        case Required(names=names):
            return error(400, str(refusal), context={"properties": list(names)})
        case BadRequest():
            text = str(refusal)
            return error(400, text, "" if text == CONFUSED else "VALIDATION_ERROR")
        case _:
            raise refusal


def not_valid(problems: Sequence[Problem]) -> Response:
    listed = [
        {"isValid": False, "message": p.message, "error": p.code, "name": p.name} for p in problems
    ]
    return error(
        400,
        f"Property values were not valid: {orjson.dumps(listed).decode()}",
        errors=[
            {"message": p.message, "code": p.code, "context": {"propertyName": [p.name]}}
            for p in problems
        ],
    )


def unknown_kind(text: str) -> Response:
    return error(400, f"Unable to infer object type from: {text}", "")


def unauthenticated() -> Response:
    return error(
        401,
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you "
        "can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        "INVALID_AUTHENTICATION",
        headers={"X-HubSpot-Auth-Failure": "401 Unauthorized"},
    )


def missing_scope(scope: str) -> Response:
    return error(
        403,
        "One or more of the following scopes are required.",
        "MISSING_SCOPES",
        context={
            "requiredGranularScopes": [scope],
            "links": ["https://developers.hubspot.com/scopes"],
        },
    )


def too_many_inputs(most: int, *, history: bool) -> Response:
    what = "a batch request for property histories" if history else "a batch request"
    return error(
        400,
        f"The maximum number of inputs supported in {what} is {most}. "
        "Please reduce the number of items and try again",
    )


def duplicate_ids(ids: Iterable[str]) -> Response:
    doubled = list(ids)
    return error(
        400,
        f"Duplicate IDs found in batch input: [{', '.join(doubled)}]. IDs must be unique",
        context={"ids": doubled},
    )
