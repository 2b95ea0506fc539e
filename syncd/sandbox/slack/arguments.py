"""What a call to the Web API says: its arguments, or the refusal of one that cannot be read."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from syncd.sandbox.slack.things import Post, SlackError

Json = dict[str, Any]

_STAMP = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?")
LONGEST_NUMBER = 18


def post_of(given: Json) -> Post:
    return Post(
        text=str(given.get("text") or ""),
        blocks=_blocks(given.get("blocks") or []),
        metadata=_metadata(given.get("metadata")),
        thread_ts=str(given["thread_ts"]) if given.get("thread_ts") else None,
    )


def _blocks(given: Any) -> list[Mapping[str, Any]]:
    blocks = nested(given, "invalid_blocks_format") or []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    return blocks


def _metadata(given: Any) -> Json | None:
    metadata = nested(given, "invalid_metadata_format")
    return object_of(metadata, "invalid_metadata_format") if metadata else None


def object_of(value: Any, error: str) -> Json:
    if not isinstance(value, dict):
        raise SlackError(error)
    return value


def number(given: Json, name: str, default: int, error: str) -> int:
    text = str(given.get(name) or default)
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise SlackError(error)
    return int(text)


def nested(value: Any, error: str) -> Any:
    return parsed(value, error) if isinstance(value, str) else value


def parsed(text: str | bytes, error: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as bad:
        raise SlackError(error) from bad


def required(given: Json, name: str) -> str:
    value = given.get(name)
    if not value:
        raise SlackError("invalid_arguments" if name != "channel" else "channel_not_found")
    return str(value)


def stamp(given: Json, name: str, default: str) -> str:
    """A message's ts, or any number of seconds."""
    text = str(given.get(name) or default)
    if text and not _STAMP.fullmatch(text):
        raise SlackError(f"invalid_ts_{name}")
    return text


def truth(value: Any) -> bool:
    return str(value).lower() in ("1", "true")
