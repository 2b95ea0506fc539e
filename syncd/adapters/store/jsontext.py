"""Write and read JSON text.

orjson does the work. It refuses text with half a surrogate pair, which vendors do
send; such a document takes the slower way through the standard library, because one
broken name must never keep a whole batch from being stored.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson


def dumps(doc: object) -> str:
    """Compact JSON; dates and instants in ISO 8601, enums by value."""
    return dumped(doc).decode()


def dumped(doc: object) -> bytes:
    """The same as bytes."""
    try:
        return orjson.dumps(doc)
    except orjson.JSONEncodeError:
        return json.dumps(doc, default=_iso, separators=(",", ":")).encode()


def canonical(facts: Mapping[str, str]) -> str:
    """The one JSON text of these facts, whatever their order: it is hashed."""
    try:
        return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:
        return dumps(dict(sorted(facts.items())))


def loads(text: str | bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not JSON: {type(value).__name__}")
