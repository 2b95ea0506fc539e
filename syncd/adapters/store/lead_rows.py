"""Write leads and what is kept in step with them: links, addresses, handoffs, aliases.

A saved lead's links and addresses are compared with the stored ones in one read per
batch, so that a lead which changed nothing but values rewrites nothing but its document.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Delete,
    Insert,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from syncd.adapters.store.database import batches, insert_new, upsert
from syncd.adapters.store.documents import HANDOFF, LEAD
from syncd.adapters.store.lead_news import has_columns_of, has_parts_of
from syncd.adapters.store.many import among, listed, run_many
from syncd.adapters.store.tables import alias, email, handoff, lead, link
from syncd.core.erasing import lost_of
from syncd.domain.handoff import Handoff, HandoffState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId
from syncd.errors import ConflictError


def save_leads(
    connection: Connection,
    leads: Sequence[Lead],
    due: Mapping[LeadId, datetime | None],
    *,
    known: Mapping[LeadId, Lead],
    now: datetime,
) -> None:
    """Insert or overwrite whole leads. The due instant of one that `due` does not name is
    left as it was. `known` are leads as they are stored, as far as that is known."""
    in_place: list[Lead] = []
    others: list[Lead] = []
    for x in leads:
        (in_place if has_columns_of(x, known.get(x.id)) else others).append(x)
    _rewrite(connection, in_place, due)
    _overwrite(connection, others, due)
    parted = [x for x in leads if not has_parts_of(x, known.get(x.id))]
    _save_parts(connection, link, {x.id: _links(x) for x in parted})
    _save_parts(connection, email, {x.id: _addresses(x) for x in parted})
    _save_handoffs(connection, parted, now=now)


_WRITE_DOC = update(lead).where(lead.c.id == bindparam("b_id")).values(doc=bindparam("b_doc"))
_WRITE_DOC_AND_DUE = _WRITE_DOC.values(due_at=bindparam("b_due"))


def _rewrite(
    connection: Connection, leads: Sequence[Lead], due: Mapping[LeadId, datetime | None]
) -> None:
    """Of leads that are there, and whose documents alone are new: no index is touched."""
    plain: list[dict[str, Any]] = []
    timed: list[dict[str, Any]] = []
    for x in leads:
        row: dict[str, Any] = {"b_id": x.id, "b_doc": LEAD.encode(x)}
        if x.id in due:
            row["b_due"] = due[x.id]
            timed.append(row)
        else:
            plain.append(row)
    found = run_many(connection, _WRITE_DOC, plain)
    found += run_many(connection, _WRITE_DOC_AND_DUE, timed)
    if found != len(leads):
        raise ConflictError("leads that were read from the store are not there any more")


def _overwrite(
    connection: Connection, leads: Sequence[Lead], due: Mapping[LeadId, datetime | None]
) -> None:
    rows = [(x.id, _lead_row(x)) for x in leads]
    upsert(connection, lead, [row for x, row in rows if x not in due])
    upsert(connection, lead, [{**row, "due_at": due[x]} for x, row in rows if x in due])


def save_closed(connection: Connection, handoffs: Sequence[Handoff]) -> None:
    upsert(connection, handoff, [_handoff_row(x) for x in handoffs])


_SET_DUE = update(lead).where(lead.c.id == bindparam("b_id")).values(due_at=bindparam("b_due"))


def set_due(connection: Connection, due: Mapping[LeadId, datetime | None]) -> None:
    run_many(connection, _SET_DUE, [{"b_id": x, "b_due": at} for x, at in due.items()])


def dissolve(connection: Connection, united: Mapping[LeadId, LeadId], *, now: datetime) -> None:
    """Drop leads that became part of another; their names answer with that one."""
    for old, new in united.items():
        connection.execute(update(alias).where(alias.c.lead_id == old).values(lead_id=new))
    insert_new(connection, alias, [{"id": old, "lead_id": new} for old, new in united.items()])
    _supersede(connection, [{"b_lead": old, "b_keep": ""} for old in united], now=now)
    drop_leads(connection, united)


def drop_leads(connection: Connection, ids: Collection[LeadId]) -> None:
    """Links and addresses go with them."""
    for some in batches(ids):
        connection.execute(delete(lead).where(lead.c.id.in_(some)))


def _lead_row(x: Lead) -> dict[str, Any]:
    return {
        "id": x.id,
        "stage": x.stage.value,
        "cycle": x.cycle,
        "sides": len(x.sides),
        "contested_since": x.contest and x.contest.since,
        "grace_ends": x.move and x.move.grace_ends,
        "doc": LEAD.encode(x),
        "disputed_since": min(d.since for d in x.disputes.values()) if x.disputes else None,
        "lost": lost_of(x),
    }


def _links(x: Lead) -> set[tuple[str, ...]]:
    """The lead's records, under the ids they had before as well."""
    return {
        (side.system.value, record_id)
        for side in x.sides.values()
        for record_id in (side.record_id, *side.former)
    }


def _addresses(x: Lead) -> set[tuple[str, ...]]:
    return {(address,) for side in x.sides.values() for address in side.seen.emails}


def _save_parts(
    connection: Connection, table: Table, wanted: Mapping[LeadId, set[tuple[str, ...]]]
) -> None:
    """Make the rows of these leads exactly the wanted ones. Rows are removed before any
    is added, because a record may have gone from one of these leads to another."""
    if not wanted:
        return
    names = [c.name for c in table.columns if c.name != "lead_id"]
    stored = _stored_parts(connection, table, names, wanted)
    gone = [(x, part) for x, part in stored if part not in wanted[x]]
    new = [(x, part) for x, parts in wanted.items() for part in parts if (x, part) not in stored]
    add, remove = _changing_parts(table)
    run_many(
        connection,
        remove,
        [
            {"b_lead_id": x} | {f"b_{n}": p for n, p in zip(names, part, strict=True)}
            for x, part in gone
        ],
    )
    rows = [{"lead_id": x} | dict(zip(names, part, strict=True)) for x, part in new]
    run_many(connection, add, rows)


@cache
def _changing_parts(table: Table) -> tuple[Insert, Delete]:
    """How one row of a part is added, and how it is removed."""
    is_it = [column == bindparam(f"b_{column.name}") for column in table.columns]
    return insert(table), delete(table).where(*is_it)


def _stored_parts(
    connection: Connection, table: Table, names: Sequence[str], ids: Collection[LeadId]
) -> set[tuple[LeadId, tuple[str, ...]]]:
    query = select(table.c.lead_id, *(table.c[n] for n in names)).where(among(table.c.lead_id))
    rows = connection.execute(query, listed(ids)).all()
    return {(LeadId(row[0]), tuple(row[1:])) for row in rows}


def _save_handoffs(connection: Connection, leads: Sequence[Lead], *, now: datetime) -> None:
    """Keep the stored handoffs in step; one the lead no longer speaks of is closed."""
    if not leads:
        return
    current = {x.id: x.handoff.id if x.handoff else "" for x in leads}
    stored = _open_handoffs(connection, current)
    other = [{"b_lead": x, "b_keep": current[x]} for x, y in stored.items() if y != current[x]]
    _supersede(connection, other, now=now)
    upsert(connection, handoff, [_handoff_row(x.handoff) for x in leads if x.handoff])


def _open_handoffs(connection: Connection, leads: Collection[LeadId]) -> dict[LeadId, str]:
    rows = connection.execute(_OPEN_HANDOFFS, listed(leads)).all()
    return {LeadId(x): handoff_id for x, handoff_id in rows}


_OPEN_HANDOFFS = select(handoff.c.lead_id, handoff.c.id).where(
    among(handoff.c.lead_id), handoff.c.closed_at.is_(None)
)
_SUPERSEDE = (
    update(handoff)
    .where(
        handoff.c.lead_id == bindparam("b_lead"),
        handoff.c.closed_at.is_(None),
        handoff.c.id != bindparam("b_keep"),
    )
    .values(state=HandoffState.SUPERSEDED.value, closed_at=bindparam("b_now"))
)


def _supersede(connection: Connection, rows: Sequence[Mapping[str, str]], *, now: datetime) -> None:
    run_many(connection, _SUPERSEDE, [{**row, "b_now": now} for row in rows])


def _handoff_row(x: Handoff) -> dict[str, Any]:
    return {
        "id": x.id,
        "lead_id": x.lead_id,
        "cycle": x.cycle,
        "state": x.state.value,
        "opened_at": x.opened_at,
        "closed_at": x.closed_at,
        "doc": HANDOFF.encode(x),
    }
