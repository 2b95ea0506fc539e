"""Who may see the dashboard, and who may act on it.

Three ways in: from this machine alone, where nobody signs in and nobody can act; by password,
one for viewers and one for operators; or by the header of a reverse proxy that is trusted.
Passwords are known as argon2 hashes only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"

    @property
    def may_act(self) -> bool:
        return self is Role.OPERATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """`name` is what is kept of them in the audit; "" for whoever sits at this machine."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class ThisMachine:
    """Nobody signs in: the address answers this machine alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """Argon2 hashes. A proxy at one of `proxies` tells whom it speaks for."""

    hashes: Mapping[Role, str]
    proxies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedHeader:
    """`name` is the header in which the proxy at one of `proxies` names who signed in there;
    `operators` (in lower case) may act, everybody else may read."""

    name: str
    proxies: frozenset[str]
    operators: frozenset[str]


Access = ThisMachine | Passwords | TrustedHeader

_HASHER = PasswordHasher()


def hash_of(password: str) -> str:
    return _HASHER.hash(password)


def role_by_password(access: Passwords, password: str) -> Role | None:
    """The role the password opens, or None. Every hash is tried, so that the time it takes
    does not tell which there are."""
    opened = [role for role, known in access.hashes.items() if _fits(known, password)]
    return max(opened, key=lambda x: x.may_act, default=None)


def _fits(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
