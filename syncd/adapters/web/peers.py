"""Who sends a request: the address that connects, or the one a trusted proxy speaks for.

Headers that anybody can send are read here and in `sessions` alone.
"""

from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

_TRACES = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_ONE_VISITOR = 64
"""Bits of an IPv6 address: whoever has one has all that begin so."""


def peer_of(request: HTTPConnection) -> str:
    """The address that connects; an IPv4 one as such, also where it came by IPv6."""
    told = request.client.host if request.client else ""
    return _address(told) or told


def client_of(request: HTTPConnection, proxies: Collection[str]) -> str:
    """Whose request it is: the last address told that is none of the proxies, where one of them
    connects. What is no address stands for the proxy itself."""
    peer = peer_of(request)
    if peer not in proxies:
        return _visitor(peer)
    headers = request.headers.getlist("x-forwarded-for")
    told = [_address(x) for x in ",".join(headers).split(",")]
    return _visitor(next((x for x in reversed(told) if x not in proxies), "") or peer)


def came_by_proxy(request: HTTPConnection) -> bool:
    """Whether a proxy says that it stands between."""
    return any(x in request.headers for x in _TRACES)


def _address(text: str) -> str:
    """Without port, brackets and quotes; "" for what is no address."""
    host = text.strip().strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        found = ip_address(host)
    except ValueError:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def _visitor(address: str) -> str:
    """What counts as one: an IPv4 address, or the network that one IPv6 visitor has."""
    if ":" not in address:
        return address
    return str(ip_network((address, _ONE_VISITOR), strict=False))
