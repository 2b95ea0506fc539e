"""The HTTP session over a real socket: where requests go and what they carry."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from syncd.adapters.transport.answer import Answer
from syncd.adapters.transport.session import Timeouts, answer_of, open_session, require_safe
from syncd.errors import ConfigError
from syncd.sandbox.server import Dropped, Request, Response, serve


def vendor(request: Request) -> Response:
    match request.path:
        case "/moved":
            return Response(status=302, headers={"Location": "https://evil.example/"})
        case "/hang":
            return Response(fate=Dropped(seconds=0.5))
        case _:
            told = {"path": request.path, "query": request.query, "headers": request.headers}
            return Response(body=told)


@pytest.fixture
def url() -> Iterator[str]:
    front = serve(vendor, now=lambda: datetime(2026, 3, 2, 8, tzinfo=UTC))
    yield front.url
    front.stop()


@pytest.fixture
def session(url: str) -> Iterator[requests.Session]:
    with open_session(base_url=url, timeouts=Timeouts(read=0.1)) as opened:
        yield opened


def test_a_request_to_the_vendor_reaches_the_stand_in(session: requests.Session) -> None:
    told = session.get("https://acme.my.salesforce.com/services/x?q=a+b").json()

    assert (told["path"], told["query"]) == ("/services/x", [["q", "a b"]])


def test_compressed_answers_are_asked_for(session: requests.Session) -> None:
    told = session.get("https://vendor.example/").json()

    assert told["headers"]["accept-encoding"] == "gzip"


def test_a_redirect_is_an_answer_and_is_not_followed(session: requests.Session) -> None:
    assert session.get("https://vendor.example/moved").status_code == 302


def test_a_vendor_that_hangs_is_left_after_the_time_out(session: requests.Session) -> None:
    with pytest.raises(requests.ReadTimeout):
        session.get("https://vendor.example/hang")


def test_nothing_is_taken_from_the_environment(session: requests.Session) -> None:
    assert not session.trust_env


def test_an_answer_is_read_whole(session: requests.Session) -> None:
    answer = answer_of(session.get("https://vendor.example/moved"))

    assert isinstance(answer, Answer)
    assert (answer.status, answer.header("location"), answer.body) == (
        302,
        "https://evil.example/",
        b"",
    )


@pytest.mark.parametrize(
    "safe",
    ["https://crm.example", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:2"],
)
def test_https_and_loopback_are_safe(safe: str) -> None:
    require_safe(safe)


@pytest.mark.parametrize(
    "unsafe",
    [
        "http://crm.example",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "ftp://x",
        "https://",
        "",
    ],
)
def test_tokens_never_travel_in_the_clear(unsafe: str) -> None:
    with pytest.raises(ConfigError, match="loopback"):
        open_session(base_url=unsafe)
