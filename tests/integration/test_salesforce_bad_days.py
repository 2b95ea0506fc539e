"""The Salesforce adapter on bad days: what is retried, what is told, and what never happens."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from salesforce_box import PROPERTIES, SIDE, connected
from world_time import WorldTime

from syncd.adapters.salesforce.adapter import Salesforce, connect_salesforce
from syncd.adapters.salesforce.connection import ClientCredentials, Jwt, SalesforceConnection
from syncd.adapters.salesforce.login import log_in
from syncd.adapters.transport.session import Timeouts
from syncd.domain.action import Failed, RecordWrite, Refused, Written
from syncd.domain.names import RecordId
from syncd.errors import (
    AuthError,
    ConfigError,
    LimitError,
    PermanentError,
    SyncdError,
    TransientError,
)
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.front import serve_front
from syncd.sandbox.journal import Actor
from syncd.sandbox.journal import System as Front
from syncd.sandbox.salesforce import rest
from syncd.sandbox.server import Request, Response, serve
from syncd.sandbox.world import World

POLL = "POST .*/composite$"
WRITE = "PATCH .*/composite/sobjects$"
TOKEN = "POST .*/oauth2/token$"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def url(world: World) -> Iterator[str]:
    front = serve_front(rest.app(world), world, Front.SALESFORCE)
    yield front.url
    front.stop()


@pytest.fixture
def salesforce(world: World, url: str) -> Salesforce:
    """Logged in, with schema and people known."""
    adapter = connected(world, url, read_timeout=0.3)
    list(adapter.poll(None))
    adapter.directory()
    world.requests.clear()
    return adapter


@pytest.fixture
def rep(world: World) -> Actor:
    return world.salesforce.add_user("Rita Rep", "rita@acme.example")


def arm(world: World, match: str, kind: Kind, **given: Any) -> None:
    fault = Fault(match=re.compile(match), kind=kind, **given)
    world.faults[Front.SALESFORCE].arm(fault)


def asked(world: World, match: str) -> int:
    """How many requests were made whose "METHOD path" the pattern finds."""
    seen = world.requests.latest(Front.SALESFORCE)
    return sum(bool(re.search(match, f"{s.method} {s.path}")) for s in seen)


def new_leads(world: World, rep: Actor, count: int = 1) -> list[RecordId]:
    return [
        RecordId(world.salesforce.create_lead({"LastName": f"L{n}", "Company": "Acme"}, rep))
        for n in range(count)
    ]


def to_working(leads: list[RecordId]) -> list[RecordWrite]:
    properties = {"Status": "Working"}
    return [RecordWrite(record_id=x, record_kind="Lead", properties=properties) for x in leads]


# --- sessions ------------------------------------------------------------------------------


def test_an_expired_session_is_renewed_once_and_the_poll_goes_on(
    world: World, salesforce: Salesforce
) -> None:
    world.salesforce.sessions.expire_all()

    list(salesforce.poll(world.now()))

    assert (asked(world, TOKEN), asked(world, POLL)) == (1, 2)


def test_a_session_that_expires_between_pages_loses_no_page(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    new_leads(world, rep, 2_001)
    pages = salesforce.poll(world.now())
    first = next(pages)
    world.salesforce.sessions.expire_all()

    rest_of_it = list(pages)

    assert len(first.records) + sum(len(p.records) for p in rest_of_it) == 2_001


def test_two_threads_that_find_the_session_expired_renew_it_once(world: World) -> None:
    org, turn, together, logins = rest.app(world), Lock(), Barrier(2, timeout=5), list[str]()

    def vendor(request: Request) -> Response:
        if "Bearer stale" in request.headers["authorization"]:
            together.wait()
            return Response(status=401)
        with turn:
            if request.path.endswith("/token"):
                logins.append(request.path)
            return org(request)

    front = serve(vendor, now=world.now)
    auth = ClientCredentials(client_id="syncd", client_secret="s3cret")
    client = log_in(SalesforceConnection(domain="x.my", auth=auth, base_url=front.url), Timeouts())
    client.headers = {"Authorization": "Bearer stale"}
    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(client.query, ["SELECT Id FROM User"] * 2))
    front.stop()

    assert [answer["done"] for answer in answers] == [True, True]
    assert len(logins) == 1 + 1  # the first, and the one renewal


def test_a_session_that_never_holds_is_told_after_one_login(
    world: World, salesforce: Salesforce
) -> None:
    arm(world, POLL, Kind.EXPIRE_SESSION, times=None)

    with pytest.raises(AuthError, match="INVALID_SESSION_ID"):
        list(salesforce.poll(world.now()))

    assert (asked(world, TOKEN), asked(world, POLL)) == (1, 2)


def test_an_expired_session_does_not_cost_a_write(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    (lead,) = new_leads(world, rep)
    world.salesforce.sessions.expire_all()

    assert salesforce.update(to_working([lead])) == {lead: Written()}


def test_a_renewed_session_keeps_the_callers_headers(world: World, url: str, rep: Actor) -> None:
    new_leads(world, rep, 201)
    auth = ClientCredentials(client_id="syncd", client_secret="s3cret")
    client = log_in(SalesforceConnection(domain="x.my", auth=auth, base_url=url), Timeouts())
    world.salesforce.sessions.expire_all()

    page = client.query("SELECT Id FROM Lead", headers={"Sforce-Query-Options": "batchSize=200"})

    assert len(page["records"]) == 200


def test_refused_credentials_need_a_person(world: World, url: str) -> None:
    world.salesforce.sessions.clients = {"someone": "else"}

    with pytest.raises(AuthError, match="login refused: invalid_client_id"):
        list(connected(world, url).poll(None))

    assert asked(world, TOKEN) == 1


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Kind.STATUS, {"status": 503, "body": "<html>busy</html>"}),
        (Kind.STATUS, {"status": 200, "body": {"token_type": "Bearer"}}),
        (Kind.HTML200, {}),
        (Kind.TRUNCATE, {}),
        (Kind.RESET, {}),
    ],
)
def test_a_login_server_having_a_bad_moment_is_asked_again(
    world: World, url: str, kind: Kind, given: dict[str, Any]
) -> None:
    arm(world, TOKEN, kind, **given)

    list(connected(world, url).poll(None))

    assert asked(world, TOKEN) == 2


def test_a_jwt_logs_in_too(world: World, url: str) -> None:
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    auth = Jwt(client_id="syncd", username="syncd@acme.example", private_key=pem.decode())
    connection = SalesforceConnection(domain="login", auth=auth, base_url=url)
    adapter = connect_salesforce(
        connection, side=SIDE, properties=PROPERTIES, clock=WorldTime(world)
    )

    assert list(adapter.poll(None))


@pytest.mark.parametrize(
    ("connection", "says"),
    [
        (
            SalesforceConnection(
                domain="login", auth=ClientCredentials(client_id="a", client_secret="b")
            ),
            "My Domain",
        ),
        (
            SalesforceConnection(
                domain="acme.my", auth=Jwt(client_id="a", username="b", private_key="no key")
            ),
            "PEM",
        ),
        (
            SalesforceConnection(
                domain="acme.my",
                auth=ClientCredentials(client_id="a", client_secret="b"),
                base_url="http://crm.example",
            ),
            "loopback",
        ),
    ],
)
def test_what_could_never_connect_is_told_at_once(
    world: World, connection: SalesforceConnection, says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        connect_salesforce(connection, side=SIDE, properties=PROPERTIES, clock=WorldTime(world))


# --- reading -------------------------------------------------------------------------------

PASSING: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.STATUS, {"status": 429, "body": "slow down"}),
    (Kind.STATUS, {"status": 500, "body": [{"errorCode": "UNKNOWN_EXCEPTION", "message": "x"}]}),
    (Kind.STATUS, {"status": 502, "body": "<html>bad gateway</html>"}),
    (Kind.STATUS, {"status": 503, "body": [{"errorCode": "SERVER_UNAVAILABLE", "message": "x"}]}),
    (Kind.STATUS, {"status": 200, "body": ""}),
    (Kind.STATUS, {"status": 200, "body": {"compositeResponse": []}}),
    (Kind.HTML200, {}),
    (Kind.TRUNCATE, {}),
    (Kind.RESET, {}),
    (Kind.LOST_RESPONSE, {}),
    (Kind.HANG, {"seconds": 0.5}),
]


@pytest.mark.parametrize(("kind", "given"), PASSING)
def test_a_bad_moment_does_not_fail_a_poll(
    world: World, salesforce: Salesforce, kind: Kind, given: dict[str, Any]
) -> None:
    arm(world, POLL, kind, **given)

    assert list(salesforce.poll(world.now()))


def test_a_vendor_that_stays_down_is_given_up(world: World, salesforce: Salesforce) -> None:
    arm(world, POLL, Kind.STATUS, times=None, status=503, body="<html>down</html>")

    with pytest.raises(TransientError, match="status 503"):
        list(salesforce.poll(world.now()))

    assert asked(world, POLL) == 4


def test_a_wished_wait_is_kept(world: World, salesforce: Salesforce) -> None:
    began = world.now()
    arm(world, POLL, Kind.STATUS, status=429, headers={"Retry-After": "42"})

    list(salesforce.poll(began))

    assert world.now() == began + timedelta(seconds=42)


FINAL: list[tuple[dict[str, Any], type[SyncdError]]] = [
    ({"status": 403, "body": [{"errorCode": "API_DISABLED_FOR_ORG", "message": "x"}]}, AuthError),
    ({"status": 400, "body": [{"errorCode": "MALFORMED_QUERY", "message": "x"}]}, PermanentError),
    ({"status": 302, "body": "", "headers": {"Location": "https://evil.example"}}, PermanentError),
]


@pytest.mark.parametrize(("given", "error"), FINAL)
def test_what_will_not_pass_is_told_without_a_retry(
    world: World, salesforce: Salesforce, given: dict[str, Any], error: type[SyncdError]
) -> None:
    arm(world, POLL, Kind.STATUS, times=None, **given)

    with pytest.raises(error):
        list(salesforce.poll(world.now()))

    assert asked(world, POLL) == 1


def test_a_used_up_allowance_stops_asking_until_later(world: World, salesforce: Salesforce) -> None:
    world.salesforce.usage.limit = 0
    with pytest.raises(LimitError, match="REQUEST_LIMIT_EXCEEDED"):
        list(salesforce.poll(world.now()))
    world.salesforce.usage.limit = 100_000
    world.advance(timedelta(minutes=14))

    with pytest.raises(LimitError):
        list(salesforce.poll(world.now()))
    world.advance(timedelta(minutes=1))

    assert list(salesforce.poll(world.now()))
    assert asked(world, POLL) == 2


def test_a_call_refused_for_want_of_calls_is_counted(world: World, salesforce: Salesforce) -> None:
    list(salesforce.poll(world.now()))
    world.salesforce.usage.limit = 0

    with pytest.raises(LimitError):
        list(salesforce.poll(world.now()))

    assert salesforce.usage().limited == 1


def test_a_cursor_that_was_forgotten_fails_the_poll_as_passing_trouble(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    new_leads(world, rep, 2_001)
    pages = salesforce.poll(world.now())
    next(pages)
    world.advance(timedelta(days=3))

    with pytest.raises(TransientError, match="INVALID_QUERY_LOCATOR"):
        next(pages)


def test_a_cursor_that_goes_round_in_circles_is_noticed(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    new_leads(world, rep, 2_001)
    same = {"done": False, "nextRecordsUrl": "/services/data/v59.0/query/0r8-x", "records": []}
    arm(world, "GET .*/query/", Kind.STATUS, times=None, status=200, body=same)

    with pytest.raises(TransientError, match="circles"):
        list(salesforce.poll(world.now()))


def test_one_query_of_several_having_a_bad_moment_is_asked_again(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    body = [{"errorCode": "QUERY_TIMEOUT", "message": "Your query request was running too long."}]
    part = {"httpStatusCode": 400, "body": body, "httpHeaders": {}, "referenceId": "q0"}
    arm(world, POLL, Kind.STATUS, status=200, body={"compositeResponse": [part]})

    assert len(salesforce.read(new_leads(world, rep))) == 1


def test_an_org_that_tracks_no_history_has_none(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    body = [
        {"errorCode": "INVALID_TYPE", "message": "sObject type 'LeadHistory' is not supported."}
    ]
    part = {"httpStatusCode": 400, "body": body, "httpHeaders": {}, "referenceId": "q0"}
    arm(world, POLL, Kind.STATUS, status=200, body={"compositeResponse": [part]})

    assert salesforce.history(new_leads(world, rep), world.now()) == {}


# --- writing -------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "given"), PASSING)
def test_a_write_is_sent_once_and_its_doubt_is_told(
    world: World, salesforce: Salesforce, rep: Actor, kind: Kind, given: dict[str, Any]
) -> None:
    leads = new_leads(world, rep)
    arm(world, WRITE, kind, **given)

    with pytest.raises(TransientError):
        salesforce.update(to_working(leads))

    assert asked(world, WRITE) == 1


def test_a_write_whose_answer_was_lost_has_happened_and_may_be_repeated(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    (lead,) = new_leads(world, rep)
    arm(world, WRITE, Kind.LOST_RESPONSE)
    with pytest.raises(TransientError):
        salesforce.update(to_working([lead]))
    there = salesforce.read([lead])[lead].properties["Status"]

    again = salesforce.update(to_working([lead]))

    assert there == "Working"
    assert again == {lead: Written()}


def test_what_earlier_batches_achieved_is_kept_when_a_later_one_fails(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    leads = new_leads(world, rep, 450)
    arm(world, WRITE, Kind.RESET, skip=1)

    outcomes = salesforce.update(to_working(leads))

    kinds = [type(outcomes[lead]) for lead in leads]
    assert kinds == [Written] * 200 + [Failed] * 250
    assert asked(world, WRITE) == 2


def test_one_record_the_org_cannot_read_does_not_cost_the_others(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    leads = new_leads(world, rep, 8)
    writes = to_working(leads)
    wrong_kind = RecordWrite(record_id=leads[5], record_kind="", properties={"Status": "Working"})

    outcomes = salesforce.update([*writes[:5], wrong_kind, *writes[6:]])

    assert [lead for lead in leads if outcomes[lead] != Written()] == [leads[5]]
    assert isinstance(outcomes[leads[5]], Refused)


def test_a_property_of_another_record_is_never_written(
    world: World, salesforce: Salesforce, rep: Actor
) -> None:
    (lead,) = new_leads(world, rep)
    properties = {"ConvertedOpportunity.IsWon": True}

    with pytest.raises(PermanentError, match="another record"):
        salesforce.update([RecordWrite(record_id=lead, record_kind="Lead", properties=properties)])

    assert asked(world, WRITE) == 0
