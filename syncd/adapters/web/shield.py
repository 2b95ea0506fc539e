"""What holds for every answer: which names the dashboard answers to, and what a browser may do
with its pages. A request for another name is refused: a page elsewhere that points its own name
here would otherwise read along.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Shield:
    def __init__(self, app: ASGIApp, *, url: str) -> None:
        """`url`: how browsers reach it where that is not this machine's own address."""
        self.app = app
        self._hosts = {*LOOPBACK, host_name(urlsplit(url).netloc)} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if host_name(Headers(scope=scope).get("host", "")) not in self._hosts:
            words = "This address is not served here; `dashboard.url` in crm.yaml names it.\n"
            await PlainTextResponse(words, status_code=421)(scope, receive, sent)
            return
        await self.app(scope, receive, sent)


def host_name(address: str) -> str:
    """What a `Host` header or an address names, without the port; brackets stay."""
    host = address.casefold()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
