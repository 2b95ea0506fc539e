"""A handoff's life: documents tell every change and clock of it; its deadlines leave the table.

Deadlines promised before stand as they were told: what was stored of them becomes one clock,
whose segment has no name. An acceptance used to end a handoff; where it was the last word,
`accepted` stays written in its row.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_AT_ONCE = 500
_KEPT = (
    *("id", "lead_id", "cycle", "transition", "opened_at", "owner"),
    *("first_touch_at", "first_touch_by", "closed_at", "closed_because"),
)


def upgrade() -> None:
    """Rows of handoffs, and the leads that have an open one."""
    connection = op.get_bind()
    handoff = sa.table("handoff", sa.column("id"), sa.column("state"), sa.column("doc"))
    lead = sa.table("lead", sa.column("id"), sa.column("doc"))
    for row in _rows(connection, sa.select(handoff.c.id, handoff.c.state, handoff.c.doc)):
        new = _renewed(json.loads(row.doc))
        state = new["state"] if row.state == "open" else row.state
        values = {"state": state, "doc": _text(new)}
        connection.execute(handoff.update().where(handoff.c.id == row.id).values(values))
    offered = sa.select(lead.c.id, lead.c.doc).where(lead.c.doc.contains('"handoff":{'))
    for row in _rows(connection, offered):
        doc = json.loads(row.doc)
        if doc.get("handoff"):
            doc["handoff"] = _renewed(doc["handoff"])
            connection.execute(lead.update().where(lead.c.id == row.id).values(doc=_text(doc)))
    for name in ("warn_at", "due_at", "expires_at"):
        op.drop_column("handoff", name)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    """In parts, as each row is written while the next ones are read."""
    key, last = query.selected_columns[0], ""
    while rows := connection.execute(query.where(key > last).order_by(key).limit(_AT_ONCE)).all():
        yield from rows
        last = rows[-1][0]


def _text(doc: object) -> str:
    return json.dumps(doc, separators=(",", ":"), ensure_ascii=False)


def _renewed(old: dict[str, Any]) -> dict[str, Any]:
    """The document as it is written from now on."""
    owner, is_open = old.get("owner"), old["state"] == "open"
    state = ("assigned" if owner else "opened") if is_open else old["state"]
    new = {name: old[name] for name in _KEPT if name in old}
    clock = _clock(old, is_open=is_open)
    changes = list(_changes(old, state))
    return new | {"state": state, "segment": "", "clocks": [clock], "changes": changes}


def _clock(old: dict[str, Any], *, is_open: bool) -> dict[str, Any]:
    steps = (("warn", "warn_at"), ("breach", "due_at"), ("recycle", "expires_at"))
    taken = (("warn", "warned_at"), ("breach", "breached_at"))
    clock = {
        "name": "accept" if old.get("owner") else "assign",
        "turn": 1,
        "started_at": old["opened_at"],
        "steps": [[rung, old[name]] for rung, name in steps],
        "calendar": "",
        "version": old["calendar_version"],
        "taken": {rung: old[name] for rung, name in taken if old.get(name)},
    }
    return clock if is_open else clock | {"stopped_at": old.get("closed_at") or old["opened_at"]}


def _changes(old: dict[str, Any], state: str) -> Iterator[dict[str, Any]]:
    """What is known of them: the offer, the first assignment, the end."""
    owner, shown = old.get("owner"), {"by": "somebody", "proof": "record", "ref": ""}
    yield _change("opened", old["opened_at"], None, shown | {"ref": old["transition"]})
    if owner:
        yield _change("assigned", old.get("assigned_at") or old["opened_at"], owner, shown)
    if state not in ("opened", "assigned"):
        yield _change(state, old.get("closed_at") or old["opened_at"], owner, shown)


def _change(to: str, at: str, owner: str | None, shown: dict[str, str]) -> dict[str, Any]:
    change = {"to": to, "at": at, "seen_at": at, **shown}
    return change | {"owner": owner} if owner else change
