"""The sandbox's time, its schedule, its faults and its controls, without a socket."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from syncd.sandbox.clock import WorldClock
from syncd.sandbox.front import front
from syncd.sandbox.journal import System
from syncd.sandbox.server import App, Cut, Dropped, Request, Response
from syncd.sandbox.world import World

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def echo(request: Request) -> Response:
    return Response(body={"path": request.path})


def ask(app: App, method: str, path: str, body: Any = None) -> Response:
    sent = b"" if body is None else orjson.dumps(body)
    return app(Request(method=method, path=path, body=sent))


def hubspot_front(world: World) -> App:
    return front(echo, world, System.HUBSPOT)


def test_the_clock_never_runs_backward() -> None:
    clock = WorldClock(START)
    clock.advance_to(START + minutes(5))

    clock.advance_to(START)

    assert clock.now() == START + minutes(5)


def test_a_clock_needs_an_aware_start() -> None:
    with pytest.raises(ValueError, match="aware"):
        WorldClock(datetime(2026, 3, 2, 8, 0))  # noqa: DTZ001 - naive on purpose


def test_happenings_run_in_order_each_at_its_own_instant() -> None:
    world = World(WorldClock(START))
    seen: list[tuple[str, datetime]] = []
    world.at(START + minutes(3), lambda: seen.append(("third", world.now())))
    world.at(START + minutes(1), lambda: seen.append(("first", world.now())))
    world.at(START + minutes(1), lambda: seen.append(("second", world.now())))
    world.at(START + minutes(9), lambda: seen.append(("not yet", world.now())))

    world.advance(minutes(5))

    assert seen == [
        ("first", START + minutes(1)),
        ("second", START + minutes(1)),
        ("third", START + minutes(3)),
    ]
    assert world.now() == START + minutes(5)


def test_a_happening_may_cause_another_on_the_way() -> None:
    world = World(WorldClock(START))
    seen: list[datetime] = []
    world.after(minutes(1), lambda: world.after(minutes(1), lambda: seen.append(world.now())))

    world.advance(minutes(5))

    assert seen == [START + minutes(2)]


def test_a_request_finds_everything_due_already_done() -> None:
    world = World(WorldClock(START))
    seen: list[str] = []
    world.after(minutes(1), lambda: seen.append("done"))
    world.clock.sleep(60)

    ask(hubspot_front(world), "GET", "/anything")

    assert seen == ["done"]


def test_a_fault_strikes_so_many_times_and_is_gone() -> None:
    app = hubspot_front(World())
    ask(app, "POST", "/_sandbox/faults", {"match": "^GET /x", "kind": "reset", "times": 2})

    fates = [type(ask(app, "GET", "/x").fate) for _ in range(3)]

    assert fates[:2] == [Dropped, Dropped]
    assert fates[2] is not Dropped


def test_faults_can_be_lifted() -> None:
    app = hubspot_front(World())
    ask(app, "POST", "/_sandbox/faults", {"match": "/x", "kind": "truncate", "times": None})
    struck = ask(app, "GET", "/x").fate

    ask(app, "DELETE", "/_sandbox/faults")

    assert struck == Cut()
    assert ask(app, "GET", "/x").fate != Cut()


def test_a_fault_on_one_front_spares_the_others() -> None:
    world = World()
    ask(hubspot_front(world), "POST", "/_sandbox/faults", {"match": "", "kind": "html200"})

    answer = ask(front(echo, world, System.SLACK), "GET", "/x")

    assert answer.body == {"path": "/x"}


@pytest.mark.parametrize(
    "spec",
    [{"match": "(", "kind": "reset"}, {"match": "/x"}, {"match": "/x", "kind": "earthquake"}],
)
def test_a_fault_that_makes_no_sense_is_refused(spec: dict[str, Any]) -> None:
    answer = ask(hubspot_front(World()), "POST", "/_sandbox/faults", spec)

    assert answer.status == 400


def test_requests_are_counted_by_endpoint_with_ids_folded() -> None:
    world = World()
    app = hubspot_front(world)
    for record in ("101", "102"):
        ask(app, "GET", f"/crm/v3/objects/contacts/{record}")
    ask(app, "GET", "/_sandbox/clock")

    told = ask(app, "GET", "/_sandbox/requests").body

    assert told["counters"] == {"GET /crm/v3/objects/contacts/{id}": 2}
    assert world.requests.count(System.HUBSPOT) == 2


def test_the_clock_is_moved_by_url() -> None:
    world = World(WorldClock(START))

    answer = ask(hubspot_front(world), "POST", "/_sandbox/clock", {"advance": 90})

    assert answer.body["now"] == START + timedelta(seconds=90)


def test_the_journal_is_read_from_where_the_reader_left_off() -> None:
    world = World()
    rep = world.salesforce.add_user("Robin Reyes", "robin@acme.example")
    lead_id = world.salesforce.create_lead({"LastName": "Doe", "Company": "Acme"}, rep)
    seen = len(world.journal)
    world.salesforce.edit(lead_id, {"Status": "Working"}, rep)
    request = Request(method="GET", path="/_sandbox/journal", query=[("after", str(seen))])

    entries = hubspot_front(world)(request).body["entries"]

    assert [(entry["field"], entry["after"]) for entry in entries] == [("Status", "Working")]
