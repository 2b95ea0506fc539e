"""Failures below HTTP, whichever client met them, as TransientError.

Covers `requests`, `urllib3`, `http.client` and bare sockets. Unless nobody was reached it
cannot tell whether a request was carried out: whoever writes must look before writing again.
"""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3

from syncd.errors import LostAnswer, TransientError

_FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,  # sockets, time-outs and URLError
)

_NOBODY_REACHED = frozenset(
    {
        "ConnectionRefusedError",
        "ConnectTimeoutError",
        "NameResolutionError",
        "NewConnectionError",
        "gaierror",
    }
)


@contextmanager
def network_errors(what: str) -> Iterator[None]:
    """Turn a refused connection into TransientError, one that was reset, hung or half answered
    into LostAnswer.

    Only the kind of failure is told: the texts of these errors carry whole URLs.
    """
    try:
        yield
    except _FAILURES as error:
        kind = _kind(error)
        sort = TransientError if kind in _NOBODY_REACHED else LostAnswer
        raise sort(f"{what}: no answer ({kind})") from error


def _kind(error: BaseException) -> str:
    """The innermost reason's class name: MaxRetryError alone says nothing."""
    reason = getattr(error, "reason", None)
    if isinstance(reason, BaseException):
        return _kind(reason)
    inner = next((a for a in error.args if isinstance(a, BaseException)), None)
    return type(error).__name__ if inner is None else _kind(inner)
