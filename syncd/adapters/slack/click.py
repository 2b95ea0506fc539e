"""One act of a person in Slack, as its payload tells it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import orjson

from syncd.adapters.slack.buttons import About, about
from syncd.domain.alert import Act

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The message somebody acted on; `thread_ts` where it is an answer in a thread."""

    channel_id: str
    ts: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """`mark` tells two acts of one kind, person and message apart; Slack sends it again with
    an act it sends again."""

    act: Act
    about: About
    where: Where
    user_id: str
    mark: str

    @property
    def button_id(self) -> str:
        """The same for every click of this person on this button."""
        parts = (self.user_id, self.where.channel_id, self.where.ts, self.act)
        return f"slack-{_digest(*parts)}"

    @property
    def id(self) -> str:
        """The same for this click alone, however often it is told."""
        return f"{self.button_id}-{_digest(self.mark)}"


def click_of(body: Body) -> Click:
    """A button's. ValueError when it is not one of ours, or of an older version."""
    action = body["actions"][0]
    return Click(
        act=Act(action["action_id"]),
        about=about(action["value"]),
        where=where_of(body),
        user_id=body["user"]["id"],
        mark=action["action_ts"],
    )


def where_of(body: Body) -> Where:
    """A button's. Slack names a thread's first message by its own stamp as well."""
    container = body["container"]
    ts, thread_ts = container["message_ts"], container.get("thread_ts")
    answers = thread_ts if thread_ts != ts else None
    return Where(channel_id=container["channel_id"], ts=ts, thread_ts=answers)


def kept(click: Click) -> str:
    """What a form carries, so that its answer is known for that of this click."""
    whole = {
        "act": click.act,
        "about": asdict(click.about),
        "where": asdict(click.where),
    }
    return orjson.dumps(whole).decode()


def submitted(body: Body) -> Click:
    """A form's, as the click that opened it; ValueError as `click_of`."""
    view = body["view"]
    try:
        whole = orjson.loads(view["private_metadata"])
        return Click(
            act=Act(whole["act"]),
            about=About(**whole["about"]),
            where=Where(**whole["where"]),
            user_id=body["user"]["id"],
            mark=view["id"],
        )
    except (TypeError, KeyError, orjson.JSONDecodeError) as error:
        raise ValueError("this form says nothing that syncd knows") from error


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:16]
