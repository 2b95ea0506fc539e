"""Salesforce record ids: a prefix per object, base-62 counting, the 18-character checksum form.

Ids of one object sort in the order they were given, as an org's do within one pod.
"""

from itertools import count

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_POD = "bx0"


class IdMint:
    """Gives the next id of an object by its three-character prefix."""

    def __init__(self) -> None:
        self._counters: dict[str, count[int]] = {}

    def next(self, prefix: str) -> str:
        counter = self._counters.setdefault(prefix, count(1))
        return with_checksum(f"{prefix}{_POD}{_base62(next(counter), width=9)}")


def with_checksum(short: str) -> str:
    """The 18-character form of a 15-character id."""
    return short + "".join(_check(short[start : start + 5]) for start in (0, 5, 10))


def canonical(given: str) -> str | None:
    """The 18-character form of a well-formed id of 15 or 18 characters, else None."""
    if not (given.isascii() and given.isalnum()):
        return None
    if len(given) == 15:
        return with_checksum(given)
    return given if len(given) == 18 and with_checksum(given[:15]) == given else None


def _check(chunk: str) -> str:
    return _CHECK[sum(1 << place for place, char in enumerate(chunk) if char.isupper())]


def _base62(number: int, *, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    return digits.rjust(width, "0")
