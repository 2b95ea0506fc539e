"""Every address of the dashboard has a rule: who gets what there. One without a rule fails here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from dashboard_cases import FewViews, app_of, client, passwords
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from syncd.adapters.web.views import LeadStory
from syncd.errors import StoreError

PASSWORDS = passwords()
ROLES = ("nobody", "viewer", "operator")
PAGE, MOVED, API, FORM = (303, 200, 200), (303, 303, 303), (401, 200, 200), (400, 400, 400)
RULES = {
    "GET /": PAGE,
    "GET /funnel": MOVED,
    "GET /funnel/{section}": PAGE,
    "GET /behind/{table}": PAGE,
    "GET /csv/handoffs": PAGE,
    "GET /csv/reconciliation/{period}/{stage}": PAGE,
    "GET /csv/reconciliation/{period}/{stage}/records": PAGE,
    "GET /csv/{table}": PAGE,
    "GET /csv/{table}/leads": PAGE,
    "GET /handoffs": PAGE,
    "GET /leads": PAGE,
    "GET /leads/{lead:path}": PAGE,
    "GET /standard": PAGE,
    "GET /standard/document": PAGE,
    "GET /reconciliation": PAGE,
    "GET /reconciliation/{period}/{stage}": PAGE,
    "GET /health": PAGE,
    "GET /sign-in": (200, 200, 200),
    "POST /sign-in": FORM,
    "POST /sign-out": (303, 403, 403),
    "POST /do": (403, 403, 400),
    "GET /static/{name}": (200, 200, 200),
    "GET /api/openapi.json": API,
    "GET /api/tables": API,
    "GET /api/tables/{table}": API,
    "GET /api/tables/{table}/leads": API,
    "GET /api/handoffs": API,
    "GET /api/leads/{lead}": API,
    "GET /api/reconciliations": API,
    "GET /api/reconciliations/{period}/{stage}/records": API,
    "GET /api/health": API,
}
FILLED = {
    "section": "funnel",
    "table": "funnel",
    "lead:path": "lead-1",
    "lead": "lead-1",
    "name": "style.css",
    "period": "2026-09",
    "stage": "mql",
}
_GAP = "?row=time-zone&column=hubspot"
QUERIES = {
    "/behind/{table}": "?row=sql&column=leads",
    "/leads": "?row=sql&column=leads",
    "/reconciliation/{period}/{stage}": _GAP,
    "/csv/reconciliation/{period}/{stage}/records": _GAP,
    "/api/reconciliations/{period}/{stage}/records": _GAP,
}


def visitors() -> dict[str, TestClient]:
    made = {x: client(access=PASSWORDS) for x in ROLES}
    made["viewer"].post("/sign-in", data={"name": "Vic", "password": "see"})
    made["operator"].post("/sign-in", data={"name": "Olga", "password": "act"})
    return made


VISITORS = visitors()


def routes_of(routes: Sequence[BaseRoute], before: str = "") -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from routes_of(route.routes, before + route.path)
        else:
            assert isinstance(route, Route) or hasattr(route, "methods")
            for method in sorted(getattr(route, "methods", None) or ()):
                if method != "HEAD":
                    yield f"{method} {before}{getattr(route, 'path', '')}"


def address_of(rule: str) -> str:
    path = rule.split()[1]
    query = "?row=sql&column=leads" if path.endswith("/leads") and "{table}" in path else ""
    query = query or QUERIES.get(path, "") if path != "/leads" else ""
    return re.sub(r"\{([^}]+)\}", lambda x: FILLED[x[1]], path) + query


def test_every_address_has_a_rule_here() -> None:
    assert set(routes_of(app_of(FewViews(), PASSWORDS).routes)) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_each_gets_what_the_rule_says(rule: str) -> None:
    method, address = rule.split()[0], address_of(rule)

    told = [VISITORS[x].request(method, address).status_code for x in ROLES]

    assert tuple(told) == RULES[rule]


@pytest.mark.parametrize("rule", [x for x in RULES if x.startswith("GET")])
def test_who_is_not_signed_in_reads_nothing_of_anybody(rule: str) -> None:
    text = VISITORS["nobody"].get(address_of(rule)).text

    assert not re.search(r"Ann|lead-\d|Webinar|rep\d@|openapi", text)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("address", ["/do", "/sign-out"])
def test_only_a_form_changes_anything(method: str, address: str) -> None:
    answer = VISITORS["operator"].request(method, address, params={"deed": "accept"})

    assert answer.status_code == 405


@pytest.mark.parametrize("rule", RULES)
def test_nothing_is_answered_at_the_same_address_with_a_slash_behind_it(rule: str) -> None:
    method, address = rule.split()[0], address_of(rule).partition("?")[0] + "/"

    answer = VISITORS["operator"].request(method, address)

    assert answer.headers.get("location", "/").startswith("/")


ANSWERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("GET", "/funnel/funnel", {}),
    ("GET", "/funnel/none", {}),
    ("GET", "/funnel/funnel?colour=red", {}),
    ("GET", "/csv/funnel", {}),
    ("GET", "/leads/lead-1", {"Host": "evil.example"}),
    ("GET", "/standard/document", {}),
    ("GET", "/static/none.css", {}),
    ("GET", "/nowhere", {}),
    ("PUT", "/do", {}),
    ("POST", "/sign-in", {}),
    ("POST", "/do", {}),
    ("GET", "/api/health", {}),
    ("GET", "/api/nowhere", {}),
    ("PUT", "/api/health", {}),
    ("GET", "/api/tables/none", {}),
    ("GET", "/api/tables/funnel?by=x", {}),
    ("GET", "/leads/broken", {}),
    ("GET", "/leads/locked", {}),
    ("GET", "/api/leads/broken", {}),
    ("GET", "/api/leads/locked", {}),
)


@dataclass(slots=True)
class BrokenViews(FewViews):
    """`broken` finds a mistake of ours, `locked` a store that cannot be read."""

    told: list[str] = field(default_factory=list)

    def lead(self, lead_id: str) -> LeadStory | None:
        match lead_id:
            case "broken":
                raise KeyError("ann@example.com")
            case "locked":
                raise StoreError("the store cannot be used: locked: is a backup running?")
        return FewViews.lead(self, lead_id)


@pytest.fixture(scope="module")
def fragile() -> TestClient:
    made = client(BrokenViews(), PASSWORDS)
    made._transport.raise_server_exceptions = False  # type: ignore[attr-defined]  # as a server does
    made.post("/sign-in", data={"name": "Olga", "password": "act"})
    return made


@pytest.mark.parametrize(("method", "address", "headers"), ANSWERS)
def test_every_answer_tells_the_browser_what_it_may_do_with_it(
    fragile: TestClient, method: str, address: str, headers: dict[str, str]
) -> None:
    told = fragile.request(method, address, headers=headers).headers

    assert told["content-security-policy"].startswith("default-src 'none'")
    assert "unsafe" not in told["content-security-policy"]
    assert {name: told.get(name) for name in HEADERS} == HEADERS


HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


def test_a_page_may_load_what_is_ours_alone_and_run_nothing_of_its_own() -> None:
    told = VISITORS["viewer"].get("/leads").headers["content-security-policy"]

    assert told.split("; ") == [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    ]


def test_the_document_stands_under_its_own_policy_and_in_our_frames_alone() -> None:
    told = VISITORS["viewer"].get("/standard/document").headers["content-security-policy"]

    assert told == "default-src 'none'; style-src 'none'; frame-ancestors 'self'"


def test_only_style_and_script_are_kept_by_a_browser() -> None:
    told = VISITORS["nobody"].get("/static/style.css").headers["cache-control"]

    assert told == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("address", ["/leads/locked", "/api/leads/locked"])
def test_a_store_that_cannot_be_read_is_said_so(fragile: TestClient, address: str) -> None:
    answer = fragile.get(address)

    assert answer.status_code == 503
    assert "is a backup running?" in answer.text


@pytest.mark.parametrize(
    ("address", "kind"),
    [("/leads/broken", "text/html"), ("/api/leads/broken", "application/json")],
)
def test_a_mistake_of_ours_is_told_without_what_it_held(
    fragile: TestClient, address: str, kind: str
) -> None:
    answer = fragile.get(address)

    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith(kind)
    assert "ann@example.com" not in answer.text
    assert "log" in answer.text


@pytest.mark.parametrize(
    "address",
    [
        "/leads/%00",
        "/leads/%ed%a0%80",
        f"/leads/{'x' * 300}",
        f"/csv/reconciliation/{'1' * 5_000}",
        "/csv/reconciliation/%0d%0aX-Evil:1",
        "/funnel/%00",
        "/static/..%2f..%2fshield.py",
        "/static/%2e%2e/shield.py",
        "/%2f%2fevil.example/",
        "/csv/..%2f..%2fetc%2fpasswd",
    ],
)
def test_no_path_leads_astray(address: str) -> None:
    answer = VISITORS["viewer"].get(address)

    assert answer.status_code == 404
    assert "x-evil" not in answer.headers


def test_an_address_longer_than_any_of_ours_is_refused() -> None:
    assert VISITORS["viewer"].get(f"/leads?q={'x' * 9_000}").status_code == 400
    assert VISITORS["viewer"].get(f"/api/health?q={'x' * 9_000}").status_code == 400


def test_the_number_of_a_page_may_be_longer_than_any_number() -> None:
    assert VISITORS["viewer"].get(f"/handoffs?page={'1' * 5_000}").status_code == 200
