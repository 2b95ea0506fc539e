"""People who act, by URL: for whoever plays with the sandbox without Python. Each control is
carried out under the world's lock.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from syncd.sandbox.journal import System
from syncd.sandbox.server import Request, Response
from syncd.sandbox.slack.sockets import Envelope
from syncd.sandbox.slack.things import Message, User
from syncd.sandbox.slack.workspace import Workspace
from syncd.sandbox.world import World


def _click(request: Request, world: World, system: System) -> Response:
    """`user` is an address, `action` a button's id, `ts` the message; without one it is the
    latest that offers this button."""
    workspace, asked = _workspace(world, system), request.json()
    user = _person(workspace, str(asked["user"]))
    message = _offering(workspace, str(asked["action"]), asked.get("ts"))
    return _sent(workspace.click(user, message, str(asked["action"])))


def _submit(request: Request, world: World, system: System) -> Response:
    """`view` is a form's id, `values` what is filled in, by block_id."""
    workspace, asked = _workspace(world, system), request.json()
    view = workspace.people.views[str(asked["view"])]
    return _sent(workspace.submit(view, asked["values"]))


def _views(request: Request, world: World, system: System) -> Response:  # noqa: ARG001 - a Control
    views = _workspace(world, system).people.views.values()
    return Response(body={"views": [asdict(view) for view in views]})


def _whispers(request: Request, world: World, system: System) -> Response:  # noqa: ARG001 - a Control
    whispers = _workspace(world, system).whispers
    return Response(body={"whispers": [asdict(whisper) for whisper in whispers]})


def _workspace(world: World, system: System) -> Workspace:
    if system is not System.SLACK:
        raise ValueError("people click in Slack alone")
    return world.slack


def _person(workspace: Workspace, address: str) -> User:
    found = [user for user in workspace.users.values() if user.email == address.lower()]
    if not found:
        raise ValueError(f"nobody in Slack has the address {address}")
    return found[0]


def _offering(workspace: Workspace, action_id: str, ts: Any) -> Message:
    for message in reversed(workspace.messages):
        if (ts is None and message.button(action_id)) or message.ts == ts:
            return message
    raise ValueError(f"no message {ts or f'offers {action_id}'}")


def _sent(envelope: Envelope) -> Response:
    """`sent` is 0 when nobody listened."""
    return Response(status=201, body={"envelope": envelope.id, "sent": envelope.sent})


CONTROLS: Mapping[tuple[str, str], Callable[[Request, World, System], Response]] = {
    ("POST", "/_sandbox/click"): _click,
    ("POST", "/_sandbox/submit"): _submit,
    ("GET", "/_sandbox/views"): _views,
    ("GET", "/_sandbox/whispers"): _whispers,
}
