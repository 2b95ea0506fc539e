"""One vendor's face to HTTP: its app with faults, request log and sandbox controls around it.

Requests are carried out one at a time under the world's lock, after everything
due by then has happened. Paths under `/_sandbox/` are the tester's own and are
neither logged nor struck by faults.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from syncd.sandbox.faults import BadDays, Fault, require_known, under_faults
from syncd.sandbox.hubspot import bad_days as hubspot
from syncd.sandbox.journal import System
from syncd.sandbox.request_log import Seen
from syncd.sandbox.salesforce import bad_days as salesforce
from syncd.sandbox.server import App, Dropped, Request, Response, Running, serve
from syncd.sandbox.slack import bad_days as slack
from syncd.sandbox.slack import controls as slack_people
from syncd.sandbox.world import World

ABOUT: Mapping[System, bytes] = {
    System.SALESFORCE: b"syncd sandbox: a Salesforce org on the sandbox's clock.\n",
    System.HUBSPOT: b"syncd sandbox: a HubSpot portal on the sandbox's clock.\n",
    System.SLACK: b"syncd sandbox: a Slack workspace on the sandbox's clock.\n",
}

BAD_DAYS: Mapping[System, BadDays] = {
    System.SALESFORCE: salesforce.BAD_DAYS,
    System.HUBSPOT: hubspot.BAD_DAYS,
    System.SLACK: slack.BAD_DAYS,
}


def front(app: App, world: World, system: System) -> App:
    """The vendor's app as the network sees it."""
    vendor = under_faults(app, world.faults[system], BAD_DAYS[system])

    def face(request: Request) -> Response:
        with world.lock:
            if request.path.startswith("/_sandbox/"):
                return _control(request, world, system)
            if request.path == "/":
                return Response(body=ABOUT[system])
            world.settle()
            response = vendor(request)
            _log(world, system, request, response)
            return response

    return face


def serve_front(
    app: App, world: World, system: System, *, host: str = "127.0.0.1", port: int = 0
) -> Running:
    """Serve one vendor's app for `world` on its own port."""
    return serve(front(app, world, system), host, port, now=world.now)


def _log(world: World, system: System, request: Request, response: Response) -> None:
    world.requests.note(
        Seen(
            at=world.now(),
            system=system,
            method=request.method,
            path=request.path,
            status=0 if isinstance(response.fate, Dropped) else response.status,
        )
    )


Control = Callable[[Request, World, System], Response]


def _control(request: Request, world: World, system: System) -> Response:
    control = CONTROLS.get((request.method, request.path))
    if control is None:
        known = ", ".join(f"{method} {path}" for method, path in CONTROLS)
        return Response(status=404, body={"error": f"no such control; there are {known}"})
    try:
        return control(request, world, system)
    except (ValueError, TypeError, KeyError) as error:
        return Response(status=400, body={"error": f"{type(error).__name__}: {error}"})


def _arm(request: Request, world: World, system: System) -> Response:
    fault = Fault.from_json(request.json())
    require_known(fault, BAD_DAYS[system])
    world.faults[system].arm(fault)
    return Response(status=201, body={"armed": world.faults[system].armed()})


def _armed(request: Request, world: World, system: System) -> Response:  # noqa: ARG001 - a Control
    told = {"armed": world.faults[system].armed(), "names": list(BAD_DAYS[system])}
    return Response(body=told)


def _disarm(request: Request, world: World, system: System) -> Response:  # noqa: ARG001 - a Control
    world.faults[system].disarm()
    return Response(status=204)


def _lock(request: Request, world: World, system: System) -> Response:
    """Hold one Salesforce row, as another transaction would, for seconds on the world's clock."""
    if system is not System.SALESFORCE:
        raise ValueError("only Salesforce locks rows")
    asked = request.json()
    until = world.now() + timedelta(seconds=float(asked["seconds"]))
    world.salesforce.store.lock(str(asked["id"]), until=until)
    return Response(status=201, body={"id": asked["id"], "until": until})


def _requests(request: Request, world: World, system: System) -> Response:  # noqa: ARG001 - a Control
    return Response(body=world.requests.as_json(system))


def _clock(request: Request, world: World, system: System) -> Response:  # noqa: ARG001 - a Control
    return Response(body={"now": world.now(), "rate": world.clock.rate})


def _advance(request: Request, world: World, system: System) -> Response:
    world.advance(timedelta(seconds=float(request.json()["advance"])))
    return _clock(request, world, system)


def _journal(request: Request, world: World, system: System) -> Response:  # noqa: ARG001 - a Control
    later = world.journal.after(int(request.param("after", "0")))
    return Response(body={"entries": [entry.as_json() for entry in later]})


CONTROLS: Mapping[tuple[str, str], Control] = {
    ("GET", "/_sandbox/faults"): _armed,
    ("POST", "/_sandbox/faults"): _arm,
    ("DELETE", "/_sandbox/faults"): _disarm,
    ("POST", "/_sandbox/locks"): _lock,
    ("GET", "/_sandbox/requests"): _requests,
    ("GET", "/_sandbox/clock"): _clock,
    ("POST", "/_sandbox/clock"): _advance,
    ("GET", "/_sandbox/journal"): _journal,
    **slack_people.CONTROLS,
}
