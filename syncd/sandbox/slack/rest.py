"""The workspace's HTTP face: Web API methods and incoming webhooks.

Slack answers 200 to almost everything; `ok` tells. Only the rate limit and a
webhook's refusals have statuses of their own.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

import orjson

from syncd.sandbox.server import App, Request, Response, Upgraded
from syncd.sandbox.slack.things import Channel, Message, Post, SlackError, TooFast, User
from syncd.sandbox.slack.websocket import talk
from syncd.sandbox.slack.workspace import DEFAULT_APP_TOKEN, Workspace
from syncd.sandbox.world import World

Json = dict[str, Any]
Method = Callable[[Workspace, Json, User], Json]

LINK = "/link/"
PAGE = 100
_STAMP = re.compile(r"[0-9]{1,18}(\.[0-9]{1,6})?")
LONGEST_NUMBER = 18


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
        body = method(workspace, given, _caller(workspace, request, given))
    except SlackError as refused:
        return _refusal(refused)
    return Response(body={"ok": True, **body})


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
        return {**arguments, **_object(_parsed(request.body, "invalid_json"), "json_not_object")}
    return {**arguments, **dict(parse_qsl(request.body.decode(errors="replace")))}


def _webhook(workspace: Workspace, request: Request) -> Response:
    try:
        workspace.post_webhook(request.path, _post(_object(request.json(), "invalid_payload")))
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
    message = workspace.post(_required(given, "channel"), _post(given), caller)
    return {"channel": message.channel, "ts": message.ts, "message": _message(message)}


def _update(workspace: Workspace, given: Json, caller: User) -> Json:
    message = workspace.update(
        _required(given, "channel"), _required(given, "ts"), _post(given), caller
    )
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": _message(message),
    }


def _whisper(workspace: Workspace, given: Json, _: User) -> Json:
    whisper = workspace.whisper(_required(given, "channel"), _required(given, "user"), _post(given))
    return {"message_ts": f"{whisper.at.timestamp():.6f}"}


def _history(workspace: Workspace, given: Json, _: User) -> Json:
    told = workspace.history(
        _required(given, "channel"),
        oldest=_stamp(given, "oldest", "0"),
        latest=_stamp(given, "latest", ""),
    )
    return _page(told, given)


def _replies(workspace: Workspace, given: Json, _: User) -> Json:
    told = workspace.replies(
        _required(given, "channel"), _required(given, "ts"), oldest=_stamp(given, "oldest", "0")
    )
    return _page(told, given)


def _page(told: Iterator[Message], given: Json) -> Json:
    limit = _number(given, "limit", PAGE, "invalid_limit")
    skip = _number(given, "cursor", 0, "invalid_cursor")
    page = list(islice(told, skip, skip + limit + 1))
    with_metadata = _truth(given.get("include_all_metadata"))
    more = len(page) > limit
    answer: Json = {
        "messages": [_message(message, metadata=with_metadata) for message in page[:limit]],
        "has_more": more,
        "pin_count": 0,
    }
    return {**answer, **_paged(skip + limit if more else None)}


def _open(workspace: Workspace, given: Json, _: User) -> Json:
    channel = workspace.open_with(_required(given, "users"))
    return {"no_op": False, "already_open": False, "channel": {"id": channel.id}}


def _by_email(workspace: Workspace, given: Json, _: User) -> Json:
    return {"user": _user(workspace, workspace.user_by_email(_required(given, "email")))}


def _user_info(workspace: Workspace, given: Json, _: User) -> Json:
    return {"user": _user(workspace, workspace.user(_required(given, "user")))}


def _open_view(workspace: Workspace, given: Json, _: User) -> Json:
    says = _object(_nested(given.get("view"), "invalid_arguments"), "invalid_arguments")
    view = workspace.people.open_view(_required(given, "trigger_id"), says)
    return {"view": {**view.says, "id": view.id, "state": {"values": {}}}}


def _users(workspace: Workspace, given: Json, _: User) -> Json:
    limit = _number(given, "limit", 1_000, "invalid_limit")
    skip = _number(given, "cursor", 0, "invalid_cursor")
    everyone = list(workspace.users.values())
    more = skip + limit < len(everyone)
    members = [_user(workspace, user) for user in everyone[skip : skip + limit]]
    return {"members": members, **_paged(skip + limit if more else None)}


def _channels(workspace: Workspace, _: Json, __: User) -> Json:
    named = [channel for channel in workspace.channels.values() if channel.user is None]
    return {"channels": [_channel(channel) for channel in named], **_paged(None)}


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


def _post(given: Json) -> Post:
    return Post(
        text=str(given.get("text") or ""),
        blocks=_blocks(given.get("blocks") or []),
        metadata=_metadata(given.get("metadata")),
        thread_ts=str(given["thread_ts"]) if given.get("thread_ts") else None,
    )


def _blocks(given: Any) -> list[Mapping[str, Any]]:
    blocks = _nested(given, "invalid_blocks_format") or []
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format")
    return blocks


def _metadata(given: Any) -> Json | None:
    metadata = _nested(given, "invalid_metadata_format")
    return _object(metadata, "invalid_metadata_format") if metadata else None


def _object(value: Any, error: str) -> Json:
    if not isinstance(value, dict):
        raise SlackError(error)
    return value


def _number(given: Json, name: str, default: int, error: str) -> int:
    text = str(given.get(name) or default)
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise SlackError(error)
    return int(text)


def _nested(value: Any, error: str) -> Any:
    return _parsed(value, error) if isinstance(value, str) else value


def _parsed(text: str | bytes, error: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as bad:
        raise SlackError(error) from bad


def _required(given: Json, name: str) -> str:
    value = given.get(name)
    if not value:
        raise SlackError("invalid_arguments" if name != "channel" else "channel_not_found")
    return str(value)


def _stamp(given: Json, name: str, default: str) -> str:
    """A message's ts, or any number of seconds."""
    text = str(given.get(name) or default)
    if text and not _STAMP.fullmatch(text):
        raise SlackError(f"invalid_ts_{name}")
    return text


def _truth(value: Any) -> bool:
    return str(value).lower() in ("1", "true")


def _paged(cursor: int | None) -> Json:
    return {"response_metadata": {"next_cursor": "" if cursor is None else str(cursor)}}


def _message(message: Message, *, metadata: bool = True) -> Json:
    answer: Json = {
        "type": "message",
        "user": message.sender,
        "text": message.text,
        "ts": message.ts,
        "blocks": message.blocks,
    }
    if metadata and message.metadata is not None:
        answer["metadata"] = message.metadata
    if message.thread_ts is not None:
        answer["thread_ts"] = message.thread_ts
    if message.edits:
        answer["edited"] = {"user": message.sender, "ts": message.ts}
    return answer


def _user(workspace: Workspace, user: User) -> Json:
    return {
        "id": user.id,
        "team_id": user.team_id or workspace.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": "America/New_York",
        "is_bot": user.is_bot,
        "profile": {"real_name": user.real_name} | ({"email": user.email} if user.email else {}),
    }


def _channel(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_archived": channel.is_archived,
        "is_member": channel.has_bot,
    }
