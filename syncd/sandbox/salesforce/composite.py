"""composite: several calls in one request, counted as one.

Each is answered on its own; the whole is 200 once it could be read.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import Problem, Refused
from syncd.sandbox.server import Request, Response

MOST_CALLS = 25
MOST_HEAVY = 5

_HEAVY = re.compile(r"/services/data/v\d+\.\d/(query|queryAll|composite/sobjects)([/?]|$)")


def composite(call: Call, answer: Callable[[Request], Response]) -> Response:
    """Carry out the subrequests in order through `answer`."""
    body = call.body()
    asked = body.get("compositeRequest") or []
    _require_legal(asked, all_or_none=bool(body.get("allOrNone")))
    return Response(body={"compositeResponse": [_answered(each, answer) for each in asked]})


def _answered(asked: dict[str, Any], answer: Callable[[Request], Response]) -> dict[str, Any]:
    response = answer(_request(asked))
    return {
        "body": response.body,
        "httpHeaders": dict(response.headers),
        "httpStatusCode": response.status,
        "referenceId": asked["referenceId"],
    }


def _request(asked: dict[str, Any]) -> Request:
    target = urlsplit(asked["url"])
    given = asked.get("httpHeaders") or {}
    headers = {name.lower(): str(value) for name, value in given.items()}
    return Request(
        method=asked["method"],
        path=target.path,
        query=parse_qsl(target.query, keep_blank_values=True),
        headers=headers,
        body=orjson.dumps(asked["body"]) if asked.get("body") is not None else b"",
    )


def _is_call(given: Any) -> bool:
    needed = ("method", "url", "referenceId")
    if not isinstance(given, dict) or not isinstance(given.get("httpHeaders") or {}, dict):
        return False
    return all(isinstance(given.get(name), str) for name in needed)


def _require_legal(asked: Any, *, all_or_none: bool) -> None:
    if all_or_none:
        # A half-done rollback would be worse than none: say so instead.
        raise _refused("the sandbox cannot roll a composite back; send allOrNone false")
    if not asked:
        raise _refused("compositeRequest is required")
    if not isinstance(asked, list) or not all(_is_call(each) for each in asked):
        raise _refused("every subrequest needs a method, a url and a referenceId of its own")
    if len(asked) > MOST_CALLS:
        raise _refused(f"a composite may hold up to {MOST_CALLS} subrequests, not {len(asked)}")
    if sum(bool(_HEAVY.match(each["url"])) for each in asked) > MOST_HEAVY:
        raise _refused(f"a composite may hold up to {MOST_HEAVY} queries or collections")
    names = [each["referenceId"] for each in asked]
    if len(set(names)) < len(names):
        raise _refused("every subrequest needs a referenceId of its own")


def _refused(message: str) -> Refused:
    return Refused(Problem(code="INVALID_INPUT", message=message))
