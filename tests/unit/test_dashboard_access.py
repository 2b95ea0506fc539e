"""Who comes into the dashboard, and who may act there."""

import re
from datetime import timedelta

import pytest
from dashboard_cases import FewViews, client, passwords
from starlette.testclient import TestClient

from syncd.adapters.web.access import Passwords, TrustedHeader
from syncd.adapters.web.views import Deed

PASSWORDS = passwords()
HERE = "http://127.0.0.1:8322"


def signed_in(views: FewViews, password: str, *, url: str = "") -> TestClient:
    visitor = client(views, PASSWORDS, url=url)
    answer = visitor.post("/sign-in", data={"name": "Olga", "password": password, "next": "/leads"})
    assert answer.status_code == 303, answer.text
    return visitor


def secret_of(visitor: TestClient) -> str:
    found = re.search(r'name="secret" value="([^"]+)"', visitor.get("/health").text)
    assert found
    return found[1]


@pytest.mark.parametrize("address", ["/", "/funnel/funnel?by=source", "/csv/funnel", "/leads/x"])
def test_nobody_sees_a_page_before_signing_in(address: str) -> None:
    answer = client(access=PASSWORDS).get(address)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize("address", ["/api/tables", "/api/handoffs", "/api/leads/lead-1"])
def test_nobody_reads_the_api_before_signing_in(address: str) -> None:
    answer = client(access=PASSWORDS).get(address)

    assert answer.status_code == 401
    assert answer.json() == {"problems": ["sign in first"]}


def test_signing_in_leads_to_where_one_wanted_to_go() -> None:
    visitor = client(access=PASSWORDS)

    answer = visitor.post("/sign-in", data={"name": "V", "password": "see", "next": "/handoffs"})

    assert answer.headers["location"] == "/handoffs"
    assert visitor.get("/handoffs").status_code == 200


@pytest.mark.parametrize("where", ["//evil.example", "https://evil.example", "/\\evil", "x\n/"])
def test_signing_in_leads_nowhere_else(where: str) -> None:
    answer = client(access=PASSWORDS).post(
        "/sign-in", data={"name": "V", "password": "see", "next": where}
    )

    assert answer.headers["location"] == "/"


def test_a_wrong_password_is_refused_and_not_shown() -> None:
    answer = client(access=PASSWORDS).post("/sign-in", data={"name": "V", "password": "secret7"})

    assert answer.status_code == 403
    assert "secret7" not in answer.text
    assert "set-cookie" not in answer.headers


def test_after_five_wrong_passwords_even_the_right_one_must_wait() -> None:
    views = FewViews()
    visitor = client(views, PASSWORDS)
    for _ in range(5):
        visitor.post("/sign-in", data={"name": "V", "password": "wrong"})

    refused = visitor.post("/sign-in", data={"name": "V", "password": "see"})
    views.at += timedelta(minutes=16)
    later = visitor.post("/sign-in", data={"name": "V", "password": "see"})

    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 900
    assert later.status_code == 303


def test_the_cookie_is_kept_from_scripts_and_from_plain_http() -> None:
    url = "https://syncd.example.com"
    answer = client(access=PASSWORDS, url=url).post(
        "/sign-in", data={"name": "V", "password": "see"}
    )

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-syncd=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_a_forged_cookie_opens_nothing() -> None:
    visitor = signed_in(FewViews(), "act")
    cookie = visitor.cookies["syncd"]

    forged = client(access=PASSWORDS)
    forged.cookies.set("syncd", cookie[:-2] + ("AA" if cookie[-2:] != "AA" else "BB"))

    assert forged.get("/leads").status_code == 303


def test_another_password_ends_every_session() -> None:
    cookie = signed_in(FewViews(), "act").cookies["syncd"]

    changed = client(access=passwords())
    changed.cookies.set("syncd", cookie)

    assert changed.get("/leads").status_code == 303


def test_an_operator_acts_by_a_form_of_their_own() -> None:
    views = FewViews()
    visitor = signed_in(views, "act")

    answer = visitor.post(
        "/do", data={"deed": "accept", "target": "lead-1", "secret": secret_of(visitor)}
    )

    assert answer.headers["location"] == "/leads/lead-1?told=done"
    assert views.done == [(Deed.ACCEPT, "lead-1", "Olga")]


@pytest.mark.parametrize(
    ("password", "fields", "headers", "status"),
    [
        ("see", {}, {}, 403),
        ("act", {"secret": "guessed"}, {}, 403),
        ("act", {"secret": ""}, {}, 403),
        ("act", {}, {"Origin": "https://evil.example"}, 400),
        ("act", {}, {"Sec-Fetch-Site": "cross-site"}, 400),
        ("act", {"deed": "erase"}, {}, 400),
        ("act", {"target": "lead-stuck"}, {}, 409),
        ("act", {"target": "x" * 9_000}, {}, 400),
    ],
)
def test_nothing_is_done_for_anybody_else(
    password: str, fields: dict[str, str], headers: dict[str, str], status: int
) -> None:
    views = FewViews()
    visitor = signed_in(views, password)
    own = {"deed": "accept", "target": "lead-1", "secret": secret_of(visitor)}

    answer = visitor.post("/do", data=own | fields, headers=headers)

    assert answer.status_code == status
    assert views.done == []


@pytest.mark.parametrize("address", ["/do", "/sign-out"])
def test_nothing_is_changed_by_asking_for_a_page(address: str) -> None:
    visitor = signed_in(FewViews(), "act")

    assert visitor.get(f"{address}?deed=accept&target=lead-1").status_code == 405
    assert visitor.get("/leads").status_code == 200


@pytest.mark.parametrize("address", ["/leads/lead-1", "/health"])
def test_only_an_operator_is_offered_something_to_do(address: str) -> None:
    offered = ['action="/do"' in signed_in(FewViews(), x).get(address).text for x in ("see", "act")]

    assert offered == [False, True]


def test_an_operator_applies_a_held_plan_and_stays_on_the_page_of_health() -> None:
    views = FewViews()
    visitor = signed_in(views, "act")

    answer = visitor.post(
        "/do", data={"deed": "apply", "target": "plan-7", "secret": secret_of(visitor)}
    )

    assert answer.headers["location"] == "/health?told=done"
    assert "The next cycle carries it out" in visitor.get(answer.headers["location"]).text
    assert views.done == [(Deed.APPLY, "plan-7", "Olga")]


def test_signing_out_needs_the_form_and_ends_the_session() -> None:
    visitor = signed_in(FewViews(), "see")

    without = visitor.post("/sign-out", data={"secret": ""})
    still = visitor.get("/leads").status_code
    visitor.post("/sign-out", data={"secret": secret_of(visitor)})

    assert (without.status_code, still) == (403, 200)
    assert visitor.get("/leads").status_code == 303


def proxied(peer: str) -> TestClient:
    trusted = TrustedHeader(
        name="X-Forwarded-Email",
        proxies=frozenset({"127.0.0.1"}),
        operators=frozenset({"ops@example.com"}),
    )
    made = client(access=trusted)
    made._transport.client = (peer, 50_000)  # type: ignore[attr-defined]  # who connects
    return made


def test_a_trusted_proxy_says_who_comes() -> None:
    visitor = proxied("127.0.0.1")

    operator = visitor.get("/leads/lead-1", headers={"X-Forwarded-Email": "Ops@example.com"})
    other = visitor.get("/leads/lead-1", headers={"X-Forwarded-Email": "eve@example.com"})

    assert 'action="/do"' in operator.text
    assert 'action="/do"' not in other.text


def test_signing_out_is_offered_where_signing_in_was() -> None:
    at_the_proxy = proxied("127.0.0.1").get("/leads", headers={"X-Forwarded-Email": "a@b.example"})
    by_password = signed_in(FewViews(), "see").get("/leads")

    assert "a@b.example" in at_the_proxy.text
    assert "Sign out" not in at_the_proxy.text
    assert "Sign out" in by_password.text


@pytest.mark.parametrize(
    ("peer", "headers"),
    [
        ("127.0.0.1", []),
        ("10.0.0.7", [("X-Forwarded-Email", "ops@example.com")]),
        ("127.0.0.1", [("X-Forwarded-Email", "a@b.example"), ("X-Forwarded-Email", "ops@c.org")]),
    ],
)
def test_a_header_that_the_proxy_did_not_set_alone_opens_nothing(
    peer: str, headers: list[tuple[str, str]]
) -> None:
    assert proxied(peer).get("/leads", headers=headers).status_code == 403


def test_on_this_machine_nobody_signs_in_and_nobody_acts() -> None:
    visitor = client()

    page = visitor.get("/leads/lead-1")

    assert page.status_code == 200
    assert 'action="/do"' not in page.text
    assert visitor.post("/do", data={"deed": "accept", "target": "lead-1"}).status_code == 403


def test_an_operators_password_alone_is_enough_to_read() -> None:
    only = Passwords(hashes={x: y for x, y in PASSWORDS.hashes.items() if x.may_act})

    answer = client(access=only).post("/sign-in", data={"name": "O", "password": "act"})

    assert answer.status_code == 303
