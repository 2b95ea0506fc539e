"""Every bad day of a vendor can be had by its name, and looks as it does in the wild."""

from typing import Any

import orjson
import pytest

from syncd.sandbox.front import BAD_DAYS, front
from syncd.sandbox.journal import System
from syncd.sandbox.server import Request, Response, Whole
from syncd.sandbox.world import World

NAMED = [(system, name) for system, days in BAD_DAYS.items() for name in days]


class Face:
    """One vendor's front, with an app behind it that always succeeds."""

    def __init__(self, system: System) -> None:
        self.world = World()
        self._app = front(lambda _: Response(body={"ok": True}), self.world, system)

    def ask(self, method: str, path: str, body: Any = None) -> Response:
        sent = b"" if body is None else orjson.dumps(body)
        return self._app(Request(method=method, path=path, body=sent))

    def arm(self, name: str, **more: Any) -> Response:
        fault = {"match": "/x", "kind": "vendor", "name": name, **more}
        return self.ask("POST", "/_sandbox/faults", fault)


def on(system: System, name: str) -> Response:
    """What the vendor answers on one of its bad days."""
    face = Face(system)
    face.arm(name)
    return face.ask("GET", "/x")


@pytest.mark.parametrize(("system", "name"), NAMED)
def test_a_named_answer_is_given_once_and_then_the_vendor_is_well_again(
    system: System, name: str
) -> None:
    face = Face(system)
    armed = face.arm(name)

    bad, good = face.ask("GET", "/x"), face.ask("GET", "/x")

    assert armed.status == 201
    assert bad.status >= 400 or bad.body["ok"] is False
    assert good.body == {"ok": True}


def test_a_name_the_vendor_does_not_have_is_refused_with_those_it_has() -> None:
    answer = Face(System.HUBSPOT).arm("earthquake")

    assert answer.status == 400
    assert "migration" in answer.body["error"]


def test_a_delayed_answer_is_whole_and_what_was_asked_is_done_at_once() -> None:
    face = Face(System.HUBSPOT)
    face.ask("POST", "/_sandbox/faults", {"match": "/x", "kind": "delay", "seconds": 0.25})

    late = face.ask("GET", "/x")

    assert (late.body, late.fate) == ({"ok": True}, Whole(seconds=0.25))


def test_the_names_are_listed() -> None:
    answer = Face(System.SLACK).ask("GET", "/_sandbox/faults")

    assert set(answer.body["names"]) == set(BAD_DAYS[System.SLACK])


def test_a_header_may_be_added_to_a_named_answer() -> None:
    face = Face(System.HUBSPOT)
    face.arm("locked", headers={"Retry-After": "2"})

    answer = face.ask("GET", "/x")

    assert (answer.status, answer.headers["Retry-After"]) == (423, "2")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("expired", 401, "INVALID_SESSION_ID"),
        ("daily_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("concurrent_limit", 403, "REQUEST_LIMIT_EXCEEDED"),
        ("locked", 400, "UNABLE_TO_LOCK_ROW"),
        ("locked_500", 500, "UNABLE_TO_LOCK_ROW"),
        ("unavailable", 503, "SERVER_UNAVAILABLE"),
    ],
)
def test_salesforce_says_what_is_wrong_in_a_list(name: str, status: int, code: str) -> None:
    answer = on(System.SALESFORCE, name)

    assert (answer.status, answer.body[0]["errorCode"]) == (status, code)


@pytest.mark.parametrize(
    ("system", "name", "status"),
    [
        (System.SALESFORCE, "expired_html", 401),
        (System.SALESFORCE, "edge_420", 420),
        (System.SALESFORCE, "bad_gateway", 502),
        (System.SALESFORCE, "maintenance", 503),
        (System.HUBSPOT, "bad_gateway", 502),
        (System.HUBSPOT, "timeout", 524),
        (System.HUBSPOT, "malformed_token", 530),
    ],
)
def test_an_edge_answers_with_a_page(system: System, name: str, status: int) -> None:
    answer = on(system, name)

    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"<html" in answer.body


def test_a_bad_token_may_be_told_in_xml() -> None:
    answer = on(System.SALESFORCE, "expired_xml")

    assert (answer.status, answer.headers["Content-Type"]) == (401, "text/xml;charset=UTF-8")
    assert b"LOGIN_OAUTH_INVALID_TOKEN" in answer.body


@pytest.mark.parametrize(
    ("name", "message", "policy"),
    [
        ("secondly", "You have reached your secondly limit.", "SECONDLY"),
        (
            "ten_secondly",
            "You have reached your ten_secondly_rolling limit.",
            "TEN_SECONDLY_ROLLING",
        ),
        ("daily", "You have reached your daily limit.", "DAILY"),
    ],
)
def test_a_limit_names_its_policy_or_only_says_so(name: str, message: str, policy: str) -> None:
    named, unnamed = on(System.HUBSPOT, name), on(System.HUBSPOT, f"{name}_unnamed")

    assert named.status == unnamed.status == 429
    assert (named.body["message"], named.body["policyName"]) == (message, policy)
    assert (unnamed.body["message"], unnamed.body["category"]) == (message, "RATE_LIMITS")
    assert "policyName" not in unnamed.body
    assert "Retry-After" not in {*named.headers, *unnamed.headers}


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("ten_secondly_retry", "10"), ("daily_retry", "3600"), ("migration", "120")],
)
def test_some_answers_say_when_to_come_back(name: str, seconds: str) -> None:
    assert on(System.HUBSPOT, name).headers["Retry-After"] == seconds


@pytest.mark.parametrize(
    ("name", "status", "category"),
    [
        ("expired", 401, "EXPIRED_AUTHENTICATION"),
        ("revoked", 401, "INVALID_AUTHENTICATION"),
        ("missing_scopes", 403, "MISSING_SCOPES"),
    ],
)
def test_hubspot_puts_what_is_wrong_into_a_category(name: str, status: int, category: str) -> None:
    answer = on(System.HUBSPOT, name)

    assert (answer.status, answer.body["category"]) == (status, category)


def test_only_salesforce_locks_rows() -> None:
    answer = Face(System.HUBSPOT).ask("POST", "/_sandbox/locks", {"id": "1", "seconds": 1})

    assert answer.status == 400
