"""Each value once: from here on a lead's document leaves out what it would repeat.

No table changes, and documents written before are read as they are (`lead_document`). But
a syncd that knows only schema 0002 could not read the new ones: it must refuse the store.
What 0002 left to the next save of a lead, which records of it are lost, is filled in: a
save no longer writes columns that it does not change.
"""

import json
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Documents are written anew whenever their lead is saved."""
    lead = sa.table("lead", sa.column("id"), sa.column("lost"), sa.column("doc"))
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(lead.c.id, lead.c.doc).where(lead.c.lost.is_(None), lead.c.doc.contains('"gone"'))
    )
    for lead_id, doc in rows.all():
        if lost := _lost(json.loads(doc)["sides"].values()):
            connection.execute(lead.update().where(lead.c.id == lead_id).values(lost=lost))


def _lost(sides: Iterable[Mapping[str, str]]) -> str | None:
    gone = [side["gone"] for side in sides if side.get("gone")]
    if any(x.endswith("cannot be found any more") for x in gone):
        return "vanished"
    return "deleted" if "deleted" in gone else None
