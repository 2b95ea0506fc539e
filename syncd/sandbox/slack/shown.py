"""What the Web API answers with: people, channels and messages as it shows them."""

from typing import Any

from syncd.sandbox.slack.things import Channel, Message, User
from syncd.sandbox.slack.workspace import Workspace

Json = dict[str, Any]


def paged(cursor: int | None) -> Json:
    return {"response_metadata": {"next_cursor": "" if cursor is None else str(cursor)}}


def message_as_json(message: Message, *, metadata: bool = True) -> Json:
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


def user_as_json(workspace: Workspace, user: User) -> Json:
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


def channel_as_json(channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_archived": channel.is_archived,
        "is_member": channel.has_bot,
    }
