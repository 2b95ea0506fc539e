"""The health pages over real HTTP, as a probe or a scraper sees them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse

import pytest

from syncd.adapters.web.health import Answer, HealthPages


@dataclass(slots=True)
class Pages:
    """What the daemon would answer, to be changed by a test, and a way to ask."""

    alive: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()
    port: int = 0

    def ask(self, path: str, method: str = "GET") -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request(method, path)
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body


@pytest.fixture
def pages() -> Iterator[Pages]:
    told = Pages()
    served = HealthPages(
        ("127.0.0.1", 0),
        alive=lambda: Answer(told.alive),
        ready=lambda: Answer(told.ready),
        metrics=lambda: b"syncd_cycles_total 1.0\n",
    )
    told.port = served.port
    served.start()
    yield told
    served.stop()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_page_says_ok_when_nothing_is_wrong(pages: Pages, path: str) -> None:
    response, body = pages.ask(path)

    assert response.status == 200
    assert json.loads(body) == {"ok": True, "problems": []}


def test_a_daemon_that_is_not_ready_is_still_alive(pages: Pages) -> None:
    pages.ready = ("HubSpot cannot be read: 401",)

    alive, _ = pages.ask("/healthz")
    ready, body = pages.ask("/readyz")

    assert (alive.status, ready.status) == (200, 503)
    assert json.loads(body) == {"ok": False, "problems": ["HubSpot cannot be read: 401"]}


def test_a_silent_daemon_is_not_healthy(pages: Pages) -> None:
    pages.alive = ("no sign of life for 300 s",)

    assert pages.ask("/healthz")[0].status == 503


def test_the_daemon_is_asked_anew_each_time(pages: Pages) -> None:
    pages.ready = ("no cycle has finished yet",)
    before = pages.ask("/readyz")[0].status
    pages.ready = ()

    assert (before, pages.ask("/readyz")[0].status) == (503, 200)


def test_metrics_are_in_the_format_prometheus_reads(pages: Pages) -> None:
    response, body = pages.ask("/metrics")

    assert response.getheader("Content-Type") == "text/plain; version=0.0.4"
    assert body == b"syncd_cycles_total 1.0\n"


@pytest.mark.parametrize("path", ["/", "/healthz/", "/../etc/passwd", "/metrics?x=1"])
def test_there_is_no_other_page(pages: Pages, path: str) -> None:
    response, body = pages.ask(path)

    assert (response.status, body) == (404, b"not found\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_changed(pages: Pages, method: str) -> None:
    assert pages.ask("/healthz", method)[0].status == 501


def test_pages_are_not_kept_and_do_not_tell_what_serves_them(pages: Pages) -> None:
    response, _ = pages.ask("/healthz")

    assert response.getheader("Cache-Control") == "no-store"
    assert response.getheader("X-Content-Type-Options") == "nosniff"
    assert "Python" not in (response.getheader("Server") or "")


def test_one_connection_serves_several_probes(pages: Pages) -> None:
    connection = HTTPConnection("127.0.0.1", pages.port, timeout=5)

    answers = []
    for path in ("/healthz", "/nothing", "/readyz"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        answers.append(response.status)
    connection.close()

    assert answers == [200, 404, 200]


def test_stopped_pages_no_longer_answer() -> None:
    served = HealthPages(
        ("127.0.0.1", 0), alive=lambda: Answer(()), ready=lambda: Answer(()), metrics=lambda: b""
    )
    served.start()
    served.stop()

    with pytest.raises(ConnectionRefusedError):
        Pages(port=served.port).ask("/healthz")
