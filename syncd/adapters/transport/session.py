"""A `requests` session that cannot hang, wander off or be led astray.

For clients built on `requests`. Time-outs live in the mounted adapter because such
clients do not let one be given to every call.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter

from syncd.adapters.transport.answer import Answer
from syncd.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds to get a connection, and seconds of silence while an answer is read."""

    connect: float = 5.0
    read: float = 60.0


def open_session(
    *, base_url: str | None = None, timeouts: Timeouts | None = None
) -> requests.Session:
    """A session with time-outs, gzip, no redirects and nothing taken from the environment
    (proxies and CA variables would override what is configured).

    With `base_url` every request goes to that scheme, host and port instead of the one
    it names, so that a stand-in takes the vendor's place. ConfigError for plain http to
    anything but loopback: tokens would travel in the clear.
    """
    if base_url is not None:
        require_safe(base_url)
    session = _Session()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "gzip"
    adapter = _Adapter(base_url, timeouts or Timeouts())
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def answer_of(response: requests.Response) -> Answer:
    return Answer(status=response.status_code, headers=response.headers, body=response.content)


def require_safe(base_url: str) -> None:
    """ConfigError unless the URL is https, or http to this very machine."""
    parts = urlsplit(base_url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and _is_loopback(parts.hostname or ""):
        return
    raise ConfigError((f"base URL {base_url!r}: use https, or http to loopback only",))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - inherited
        """No API redirects; following one could carry a token elsewhere."""
        return None


class _Adapter(HTTPAdapter):
    def __init__(self, base_url: str | None, timeouts: Timeouts) -> None:
        self._base = urlsplit(base_url) if base_url else None
        self._timeouts = (timeouts.connect, timeouts.read)
        super().__init__(max_retries=0)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        if self._base is not None and request.url:
            asked = urlsplit(request.url)
            request.url = urlunsplit(
                asked._replace(scheme=self._base.scheme, netloc=self._base.netloc)
            )
        return super().send(request, stream, timeout or self._timeouts, verify, cert, proxies)
