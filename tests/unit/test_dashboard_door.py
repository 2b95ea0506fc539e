"""The door of the dashboard, as somebody tries it who should not come in."""

from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from dashboard_cases import FewViews, client, passwords
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from syncd.adapters.web.access import Passwords, Role, role_by_password
from syncd.adapters.web.throttle import MOST_BY_ONE, WINDOW, Throttle, TooMany

PASSWORDS = passwords()
FORM = {"name": "Eve", "password": "wrong"}


def at_the_proxy(views: FewViews | None = None, *, url: str = "") -> TestClient:
    access = Passwords(hashes=PASSWORDS.hashes, proxies=frozenset({"127.0.0.1"}))
    made = client(views, access, url=url)
    made._transport.client = ("127.0.0.1", 50_000)  # type: ignore[attr-defined]  # who connects
    return made


def tries(visitor: TestClient, *headers: list[tuple[str, str]]) -> list[int]:
    return [visitor.post("/sign-in", data=FORM, headers=x).status_code for x in headers]


@pytest.mark.parametrize(
    "told",
    [
        [[("X-Forwarded-For", f"10.0.0.{n}"), ("X-Forwarded-For", "9.9.9.9")] for n in range(6)],
        [[("X-Forwarded-For", f"10.0.0.{n}, 9.9.9.9")] for n in range(6)],
        [[("X-Forwarded-For", f"9.9.9.9:{40_000 + n}")] for n in range(6)],
        [[("X-Forwarded-For", f"2001:db8:1:2::{n}")] for n in range(6)],
        [[("X-Forwarded-For", f"[2001:db8:1:2:{n}::7]:443")] for n in range(6)],
        [[("X-Forwarded-For", f"9.9.9.{n}, 127.0.0.1")] for n in (8, 8, 8, 8, 8, 8)],
        [[("X-Forwarded-For", f"who-{n}")] for n in range(6)],
    ],
    ids=["two headers", "a list", "ports", "ipv6", "ipv6 and ports", "own proxies", "no address"],
)
def test_nobody_gets_more_tries_by_telling_another_address(
    told: list[list[tuple[str, str]]],
) -> None:
    assert tries(at_the_proxy(), *told) == [403] * 5 + [429]


def test_a_refused_sign_in_is_logged_and_names_nobody() -> None:
    visitor = client(access=PASSWORDS)

    with capture_logs() as logged:
        tries(visitor, *[[]] * 6)

    assert [x["why"] for x in logged] == ["wrong password"] * 5 + ["too many tries"]
    assert {frozenset(x) for x in logged} == {frozenset({"event", "why", "log_level"})}


def test_others_behind_the_same_proxy_are_not_kept_out() -> None:
    visitor = at_the_proxy()
    tries(visitor, *[[("X-Forwarded-For", "9.9.9.9")]] * 6)

    assert tries(visitor, [("X-Forwarded-For", "9.9.9.8")]) == [403]


def test_what_somebody_tells_who_is_no_proxy_is_not_believed() -> None:
    visitor = client(access=Passwords(hashes=PASSWORDS.hashes, proxies=frozenset({"10.1.1.1"})))

    told = [[("X-Forwarded-For", f"9.9.9.{n}")] for n in range(6)]

    assert tries(visitor, *told) == [403] * 5 + [429]


def test_a_proxy_that_comes_by_ipv6_is_known_by_its_ipv4_address() -> None:
    visitor = at_the_proxy()
    visitor._transport.client = ("::ffff:127.0.0.1", 5)  # type: ignore[attr-defined]

    told = [[("X-Forwarded-For", f"9.9.9.{n}")] for n in range(6)]

    assert tries(visitor, *told) == [403] * 6


def test_a_viewer_cannot_buy_guesses_at_the_operators_password_with_their_own() -> None:
    visitor = client(access=PASSWORDS)
    own = {"name": "Vic", "password": "see"}

    told = [visitor.post("/sign-in", data=x).status_code for x in [FORM, FORM, own] * 3]

    assert told[:6] == [403, 403, 303, 403, 403, 303]
    assert told[6:] == [403, 429, 429]


def test_signing_in_often_is_no_offence() -> None:
    visitor = client(access=PASSWORDS)
    own = {"name": "Vic", "password": "see"}

    assert {visitor.post("/sign-in", data=own).status_code for _ in range(20)} == {303}


def test_one_password_is_tried_at_a_time() -> None:
    views, both, met = FewViews(), Barrier(2, timeout=0.3), []
    throttle = Throttle(views.now)

    def opens() -> None:
        try:
            both.wait()
            met.append("two at once")
        except BrokenBarrierError:
            pass

    threads = [Thread(target=throttle.attempt, args=(x, opens)) for x in ("a", "b")]
    for x in threads:
        x.start()
    for x in threads:
        x.join()

    assert met == []


def test_one_password_for_both_opens_the_operators_door() -> None:
    only = Passwords(hashes=dict.fromkeys(Role, PASSWORDS.hashes[Role.VIEWER]))

    assert role_by_password(only, "see") is Role.OPERATOR
    assert role_by_password(only, "act") is None


def test_many_addresses_together_are_slowed_as_well() -> None:
    views = FewViews()
    throttle = Throttle(views.now)
    for n in range(100):
        throttle.attempt(f"9.9.9.{n}", lambda: None)

    with pytest.raises(TooMany) as refused:
        throttle.attempt("8.8.8.8", lambda: None)
    views.at += WINDOW

    assert refused.value.wait == WINDOW
    assert throttle.attempt("8.8.8.8", lambda: "in") == "in"
    assert MOST_BY_ONE == 5


def test_a_session_ends_after_twelve_hours() -> None:
    views = FewViews()
    visitor = client(views, PASSWORDS)
    visitor.post("/sign-in", data={"name": "Vic", "password": "see"})

    views.at += timedelta(hours=12) - timedelta(seconds=1)
    before = visitor.get("/leads").status_code
    views.at += timedelta(seconds=1)

    assert (before, visitor.get("/leads").status_code) == (200, 303)


def test_signing_in_makes_a_new_secret_and_takes_no_session_that_was_given() -> None:
    visitor = client(access=PASSWORDS)
    visitor.cookies.set("syncd", "given-by-somebody-else")

    first = visitor.post("/sign-in", data={"name": "Vic", "password": "see"}).cookies["syncd"]
    second = visitor.post("/sign-in", data={"name": "Vic", "password": "see"}).cookies["syncd"]

    assert len({first, second, "given-by-somebody-else"}) == 3


def test_the_cookie_of_a_site_in_plain_http_is_none_of_the_safe_one() -> None:
    cookie = (
        client(access=PASSWORDS)
        .post("/sign-in", data={"name": "Vic", "password": "see"})
        .headers["set-cookie"]
    )

    assert cookie.startswith("syncd=")
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x\u202ey"])
def test_whoever_signs_in_says_who_they_are(name: str) -> None:
    answer = client(access=PASSWORDS).post("/sign-in", data={"name": name, "password": "see"})

    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://syncd.example.com"}, 303),
        ({"Origin": "https://syncd.example.com", "Host": "127.0.0.1:8322"}, 303),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "https://syncd.example.com.evil.example"}, 400),
        ({"Origin": "https://syncd.example.com:8443"}, 400),
        ({"Origin": "null"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_a_form_is_taken_from_our_own_pages_alone(headers: dict[str, str], status: int) -> None:
    visitor = client(access=PASSWORDS, url="https://syncd.example.com")

    answer = visitor.post("/sign-in", data={"name": "V", "password": "see"}, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP"]
)
def test_where_nobody_signs_in_nobody_comes_through_a_proxy(header: str) -> None:
    answer = client().get("/leads/lead-1", headers={header: "9.9.9.9"})

    assert answer.status_code == 403
    assert "Ann Lee" not in answer.text
    assert "dashboard.url" in answer.text
    assert client().get("/api/health", headers={header: "9.9.9.9"}).status_code == 401


@pytest.mark.parametrize(
    ("url", "host", "status"),
    [
        ("https://syncd.example.com", "syncd.example.com", 303),
        ("https://syncd.example.com", "SYNCD.example.com:443", 303),
        ("https://syncd.example.com:8443", "syncd.example.com:8443", 303),
        ("https://[2001:db8::1]", "[2001:db8::1]", 303),
        ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443", 303),
        ("https://syncd.example.com", "evil.example", 421),
        ("https://syncd.example.com", "syncd.example.com.evil.example", 421),
        ("https://syncd.example.com", "", 421),
        ("", "localhost:8322", 303),
        ("", "[::1]:8322", 303),
        ("", "127.0.0.1.evil.example", 421),
    ],
)
def test_it_answers_to_its_own_names_alone(url: str, host: str, status: int) -> None:
    answer = client(access=PASSWORDS, url=url).get("/leads", headers={"Host": host})

    assert answer.status_code == status
