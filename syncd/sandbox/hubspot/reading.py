"""Taking values out of a JSON body whose shape nobody has checked yet.

What is missing or misshapen is the caller's mistake and raises NotSet or
Misshapen; it must never look like a bug of the portal.
"""

from collections.abc import Mapping
from typing import Any

from syncd.sandbox.hubspot.properties import text_of
from syncd.sandbox.hubspot.refusals import Misshapen, NotSet

LONGEST_NUMBER = 18  # digits; ids and epoch milliseconds are shorter

Json = dict[str, Any]


def is_number(text: str) -> bool:
    """Digits only, and few enough to be an id, an offset or an instant."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def objects(given: Mapping[str, Any], name: str, *, required: bool = False) -> list[Json]:
    """A list of JSON objects; empty if it may be missing and is."""
    items = _present(given, name) if required else given.get(name)
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Misshapen(name)
    return items


def required_object(given: Mapping[str, Any], name: str) -> Json:
    value = _present(given, name)
    if not isinstance(value, dict):
        raise Misshapen(name)
    return value


def scalars(given: Mapping[str, Any], name: str) -> list[str]:
    """A list of strings or what goes for them; empty if missing."""
    items = given.get(name)
    if items is None:
        return []
    if not isinstance(items, list):
        raise Misshapen(name)
    return [_text(item, name) for item in items]


def scalar(given: Mapping[str, Any], name: str) -> str:
    """One value as text; empty if missing or null."""
    return _text(given.get(name), name)


def required(given: Mapping[str, Any], name: str) -> str:
    """One value as text that must be there."""
    return _text(_present(given, name), name)


def number(given: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """An integer, also as text; required unless there is a default."""
    text = required(given, name) if default is None else scalar(given, name)
    if not text and default is not None:
        return default
    if not is_number(text):
        raise Misshapen(name)
    return int(text)


def properties(given: Mapping[str, Any]) -> dict[str, str]:
    """The `properties` of a write as the strings HubSpot makes of them."""
    values = given.get("properties")
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise Misshapen("properties")
    return {name: _text(value, name) for name, value in values.items()}


def _present(given: Mapping[str, Any], name: str) -> Any:
    value = given.get(name)
    if value is None:
        raise NotSet(name)
    return value


def _text(value: Any, name: str) -> str:
    if isinstance(value, dict | list):
        raise Misshapen(name)
    return text_of(value)
