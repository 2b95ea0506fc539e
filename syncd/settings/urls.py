"""Addresses of other services: https, or plain http to this very machine only."""

import ipaddress
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import PlainValidator, WithJsonSchema

from syncd.settings.problem import Mistake, shown


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_base_url(value: object) -> str:
    """An absolute URL without its trailing slash. Raises Mistake."""
    parts = _split(value)
    host = parts.hostname or ""
    if parts.username or parts.password:
        raise Mistake("the address holds a user name or password", "remove everything before the @")
    if parts.scheme not in ("http", "https") or not host:
        raise Mistake(f"{shown(value)} is not a web address", "write it as https://host.example")
    if parts.scheme == "http" and not is_loopback(host):
        raise Mistake(
            f'plain http to "{host}" would show every token on the way',
            "write https:// (http is for 127.0.0.1 and localhost only)",
        )
    if parts.query or parts.fragment:
        raise Mistake("a base address has no ? or #", "remove what follows the path")
    return str(value).rstrip("/")


def _split(value: object) -> SplitResult:
    try:
        parts = urlsplit(str(value).strip()) if isinstance(value, str) else urlsplit("")
        _ = parts.port  # a port that is no number only shows itself when asked for
    except ValueError:
        raise Mistake(f"{shown(value)} is not a web address", "check host and port") from None
    return parts


BaseUrl = Annotated[
    str,
    PlainValidator(parse_base_url),
    WithJsonSchema({"title": "web address", "type": "string", "format": "uri"}),
]
