"""The workspace's HTTP face: Web API methods and incoming webhooks.

Slack answers 200 to almost everything; `ok` tells. Only the rate limit and a
webhook's refusals have statuses of their own.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from syncd.sandbox.server import App, Request, Response, Upgraded
from syncd.sandbox.slack.arguments import (
    nested,
    number,
    object_of,
    parsed,
    post_of,
    required,
    stamp,
    truth,
)
from syncd.sandbox.slack.shown import channel_as_json, message_as_json, paged, user_as_json
from syncd.sandbox.slack.things import Message, SlackError, TooFast, User
from syncd.sandbox.slack.websocket import talk
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN, Workspace
from syncd.sandbox.world import World

Json = dict[str, Any]
Method = Callable[[Workspace, Json, User], Json]

LINK = "/link/"
PAGE = 100


def app(world: World) -> App:
    """The callable that answers for `world.slack`; the caller holds the world's lock."""
    workspace = world.slack

    def answer(request: Request) -> Response:
        try:
            if request.path.startswith("/services/"):
                return _webhook(workspace, request)
            if request.path.startswith(LINK):
                return Response(fate=Upgraded(talk=partial(talk, workspace.sockets)))
            return _method(workspace, request)
        except TooFast as fast:
            body = {"ok": False, "error": "ratelimited"}
            return Response(status=429, body=body, headers={"Retry-After": str(fast.retry_after)})

    return answer


def _method(workspace: Workspace, request: Request) -> Response:
    """Both `/chat.postMessage` and `/api/chat.postMessage`, whatever the base URL ends in."""
    name = request.segments[-1]
    workspace.count_call(name)
    if name == "apps.connections.open":
        return _connections_open(workspace, request)
    method = METHODS.get(name)
    try:
        if method is None:
            raise SlackError("unknown_method")
        given = _given(request)
        _require_scope(workspace, name)
        body = method(workspace, given, _caller(workspace, request, given))
    except SlackError as refused:
        return _refusal(refused)
    scopes = ",".join(sorted(workspace.settings.scopes))
    return Response(body={"ok": True, **body}, headers={"X-OAuth-Scopes": scopes})


def _require_scope(workspace: Workspace, method: str) -> None:
    """One of them is enough, as each stands for another kind of conversation."""
    wanted = SCOPES.get(method)
    if wanted and not workspace.settings.scopes.intersection(wanted):
        raise SlackError("missing_scope")


def _refusal(refused: SlackError) -> Response:
    body: Json = {"ok": False, "error": str(refused)}
    if refused.why:
        body["response_metadata"] = {"messages": [f"[ERROR] {refused.why}"]}
    return Response(body=body)


def _connections_open(workspace: Workspace, request: Request) -> Response:
    """A ticket for one WebSocket. The only method that wants an app's own token."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token in workspace.tokens:
        return _refusal(SlackError("not_allowed_token_type"))
    if token != DEFAULT_APP_TOKEN:
        return _refusal(SlackError("invalid_auth"))
    ticket = workspace.sockets.issue()
    return Response(
        body={"ok": True, "url": f"ws://{request.headers['host']}{LINK}?ticket={ticket}"}
    )


def _caller(workspace: Workspace, request: Request, given: Json) -> User:
    token = request.headers.get("authorization", "").removeprefix("Bearer ") or given.get("token")
    if not token:
        raise SlackError("not_authed")
    if token not in workspace.tokens:
        raise SlackError("invalid_auth")
    return workspace.tokens[token]


def _given(request: Request) -> Json:
    """Arguments from the query and from a JSON or form body; nested ones come as JSON text."""
    arguments: Json = dict(request.query)
    if not request.body:
        return arguments
    if "json" in request.headers.get("content-type", ""):
        return {**arguments, **object_of(parsed(request.body, "invalid_json"), "json_not_object")}
    return {**arguments, **dict(parse_qsl(request.body.decode(errors="replace")))}


def _webhook(workspace: Workspace, request: Request) -> Response:
    try:
        workspace.post_webhook(request.path, post_of(object_of(request.json(), "invalid_payload")))
    except SlackError as refused:
        gone = str(refused) in ("no_service", "channel_is_archived")
        return Response(status=404 if gone else 400, body=str(refused).encode())
    except ValueError:
        return Response(status=400, body=b"invalid_payload")
    return Response(body=b"ok")


def _auth_test(workspace: Workspace, _: Json, caller: User) -> Json:
    return {
        "url": "https://sandbox.slack.com/",
        "team": workspace.team,
        "user": caller.name,
        "team_id": workspace.team_id,
        "user_id": caller.id,
        "bot_id": f"B{caller.id[1:]}",
        "is_enterprise_install": False,
    }


def _post_message(workspace: Workspace, given: Json, caller: User) -> Json:
    message = workspace.post(required(given, "channel"), post_of(given), caller)
    return {"channel": message.channel, "ts": message.ts, "message": message_as_json(message)}


def _update(workspace: Workspace, given: Json, caller: User) -> Json:
    message = workspace.update(
        required(given, "channel"), required(given, "ts"), post_of(given), caller
    )
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": message_as_json(message),
    }


def _whisper(workspace: Workspace, given: Json, _: User) -> Json:
    whisper = workspace.whisper(required(given, "channel"), required(given, "user"), post_of(given))
    return {"message_ts": f"{whisper.at.timestamp():.6f}"}


def _history(workspace: Workspace, given: Json, _: User) -> Json:
    told = workspace.history(
        required(given, "channel"),
        oldest=stamp(given, "oldest", "0"),
        latest=stamp(given, "latest", ""),
    )
    return _page(told, given)


def _replies(workspace: Workspace, given: Json, _: User) -> Json:
    told = workspace.replies(
        required(given, "channel"), required(given, "ts"), oldest=stamp(given, "oldest", "0")
    )
    return _page(told, given)


def _page(told: Iterator[Message], given: Json) -> Json:
    limit = number(given, "limit", PAGE, "invalid_limit")
    skip = number(given, "cursor", 0, "invalid_cursor")
    page = list(islice(told, skip, skip + limit + 1))
    with_metadata = truth(given.get("include_all_metadata"))
    more = len(page) > limit
    answer: Json = {
        "messages": [message_as_json(message, metadata=with_metadata) for message in page[:limit]],
        "has_more": more,
        "pin_count": 0,
    }
    return {**answer, **paged(skip + limit if more else None)}


def _open(workspace: Workspace, given: Json, _: User) -> Json:
    channel = workspace.open_with(required(given, "users"))
    return {"no_op": False, "already_open": False, "channel": {"id": channel.id}}


def _by_email(workspace: Workspace, given: Json, _: User) -> Json:
    return {"user": user_as_json(workspace, workspace.user_by_email(required(given, "email")))}


def _user_info(workspace: Workspace, given: Json, _: User) -> Json:
    return {"user": user_as_json(workspace, workspace.user(required(given, "user")))}


def _open_view(workspace: Workspace, given: Json, _: User) -> Json:
    says = object_of(nested(given.get("view"), "invalid_arguments"), "invalid_arguments")
    view = workspace.people.open_view(required(given, "trigger_id"), says)
    return {"view": {**view.says, "id": view.id, "state": {"values": {}}}}


def _users(workspace: Workspace, given: Json, _: User) -> Json:
    limit = number(given, "limit", 1_000, "invalid_limit")
    skip = number(given, "cursor", 0, "invalid_cursor")
    everyone = list(workspace.users.values())
    more = skip + limit < len(everyone)
    members = [user_as_json(workspace, user) for user in everyone[skip : skip + limit]]
    return {"members": members, **paged(skip + limit if more else None)}


def _channels(workspace: Workspace, _: Json, __: User) -> Json:
    named = [channel for channel in workspace.channels.values() if channel.user is None]
    return {"channels": [channel_as_json(channel) for channel in named], **paged(None)}


SCOPES: Mapping[str, tuple[str, ...]] = {
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history"),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "users.lookupByEmail": ("users:read.email",),
}

METHODS: Mapping[str, Method] = {
    "auth.test": _auth_test,
    "chat.postEphemeral": _whisper,
    "chat.postMessage": _post_message,
    "chat.update": _update,
    "conversations.history": _history,
    "conversations.list": _channels,
    "conversations.open": _open,
    "conversations.replies": _replies,
    "users.info": _user_info,
    "users.list": _users,
    "users.lookupByEmail": _by_email,
    "views.open": _open_view,
}
