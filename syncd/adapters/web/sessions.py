"""Who a request is from: the signed cookie of a sign-in, a proxy's header, or this machine.

A session is in its cookie alone, signed with a key made of the password hashes: a changed
password ends every session. Each has a secret of its own that every form must carry.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import assert_never

from itsdangerous import BadData, URLSafeSerializer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from syncd.adapters.web.access import Access, Passwords, Role, ThisMachine, TrustedHeader, Visitor
from syncd.adapters.web.peers import came_by_proxy, peer_of

LASTS = timedelta(hours=12)
"""After which somebody signs in again."""
_COOKIE = "syncd"
_SAFE_COOKIE = "__Host-syncd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`secret` is what a form of this visitor carries; `ends_here` where signing out ends it."""

    visitor: Visitor
    secret: str
    ends_here: bool


class Sessions:
    def __init__(self, access: Access, now: Callable[[], datetime], *, is_https: bool) -> None:
        """`is_https`: how browsers reach it, a proxy between them and us or not."""
        self._access = access
        self._now = now
        self._is_https = is_https
        self._key = _key_of(access)
        self._signer = URLSafeSerializer(self._key, salt="session")

    def of(self, request: HTTPConnection) -> Session | None:
        """None where the visitor must sign in first, or may not come in at all."""
        match self._access:
            case ThisMachine():
                if came_by_proxy(request):
                    return None  # whoever is behind it is not at this machine
                return self._known(Visitor(name="", role=Role.VIEWER))
            case TrustedHeader() as trusted:
                return self._by_header(request, trusted)
            case Passwords():
                return self._by_cookie(request)
            case _:
                assert_never(self._access)

    def begin(self, response: Response, visitor: Visitor) -> None:
        content = {
            "name": visitor.name,
            "role": visitor.role.value,
            "secret": token_urlsafe(24),
            "ends": (self._now() + LASTS).timestamp(),
        }
        self._set(response, self._signer.dumps(content), LASTS)

    def end(self, response: Response) -> None:
        self._set(response, "", timedelta())

    def _set(self, response: Response, content: str, lasts: timedelta) -> None:
        response.set_cookie(
            self._cookie,
            content,
            max_age=int(lasts.total_seconds()),
            path="/",
            secure=self._is_https,
            httponly=True,
            samesite="lax",  # a link in Slack leads in; whatever changes something needs a form
        )

    @property
    def _cookie(self) -> str:
        return _SAFE_COOKIE if self._is_https else _COOKIE

    def _by_cookie(self, request: HTTPConnection) -> Session | None:
        try:
            content = self._signer.loads(request.cookies.get(self._cookie, ""))
        except BadData:
            return None
        if self._now().timestamp() >= content["ends"]:
            return None
        return Session(
            visitor=Visitor(name=content["name"], role=Role(content["role"])),
            secret=content["secret"],
            ends_here=True,
        )

    def _by_header(self, request: HTTPConnection, trusted: TrustedHeader) -> Session | None:
        told = request.headers.getlist(trusted.name)
        if peer_of(request) not in trusted.proxies:
            return None
        if len(told) != 1 or not told[0].strip():
            return None  # two headers: one of them is not the proxy's
        name = told[0].strip()[:200]
        is_operator = name.casefold() in trusted.operators
        return self._known(Visitor(name=name, role=Role.OPERATOR if is_operator else Role.VIEWER))

    def _known(self, visitor: Visitor) -> Session:
        secret = hmac.new(self._key, visitor.name.encode(), sha256).hexdigest()
        return Session(visitor=visitor, secret=secret, ends_here=False)


def is_own_form(session: Session, told: str) -> bool:
    """Whether a form was made for this very visitor."""
    return hmac.compare_digest(session.secret.encode(), told.encode())


def _key_of(access: Access) -> bytes:
    if isinstance(access, Passwords):
        return sha256("\n".join(sorted(access.hashes.values())).encode()).digest()
    return token_urlsafe(32).encode()
