"""Mark leads whose rows of facts are behind, in the transaction that changed them.

On the worker's hot path: most commits change values that nothing is counted by, and must not
cost more for it.
"""

import secrets
from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import Connection

from syncd.adapters.store.database import upsert
from syncd.adapters.store.lead_news import has_columns_of, has_parts_of
from syncd.adapters.store.sharing import sharing
from syncd.adapters.store.tables_facts import uncounted
from syncd.commit import Commit
from syncd.core.views import coming
from syncd.domain.lead import Lead
from syncd.domain.names import FieldName, LeadId
from syncd.measure.lead_story import TELLING

_MARK_BITS = 62


def mark_uncounted(
    connection: Connection,
    work: Commit,
    known: Mapping[LeadId, Lead],
    fields: Collection[FieldName] | None,
) -> None:
    """`known` are leads as they are stored, as far as that is known; `fields` those whose values
    count, None while nobody said which."""
    gone = {*work.erased, *(work.dissolved or {})}
    named = {*_named(work), *_changed(work, known, fields), *sharing(connection, gone)}
    uncount(connection, named)


def uncount(connection: Connection, leads: Collection[LeadId]) -> None:
    """The mark is a new one, so that whoever counts them at this moment does not take it away. In
    order, as they are locked by whoever counts."""
    if leads:
        mark = secrets.randbits(_MARK_BITS)
        upsert(connection, uncounted, [{"lead_id": x, "mark": mark} for x in sorted(leads)])


def _named(work: Commit) -> Iterator[LeadId]:
    for some in (work.transitions, work.verdicts, work.closed):
        yield from (x.lead_id for x in some)
    yield from (x.lead_id for x in work.audit if x.lead_id and x.kind in TELLING)
    yield from work.erased
    for old, new in (work.dissolved or {}).items():
        yield from (old, new)


def _changed(
    work: Commit, known: Mapping[LeadId, Lead], fields: Collection[FieldName] | None
) -> Iterator[LeadId]:
    for x in work.leads:
        stored = known.get(x.id)
        if stored is None or fields is None or _is_counted_anew(x, stored, fields):
            yield x.id


def _is_counted_anew(x: Lead, stored: Lead, fields: Collection[FieldName]) -> bool:
    is_known = has_columns_of(x, stored) and has_parts_of(x, stored)
    return not is_known or any(_differ(x, stored, fields))


def _differ(x: Lead, stored: Lead, fields: Collection[FieldName]) -> Iterator[bool]:
    for system, side in x.sides.items():
        was = stored.sides[system]
        now, then = side.seen.values, was.seen.values
        if now is not then:
            yield any(now.get(name) != then.get(name) for name in fields)
        if side.pending is not was.pending:
            written = (x for x in (*side.pending, *was.pending) if x in fields)
            yield any(coming(side, name) != coming(was, name) for name in written)
