"""Previews by their checksum, for whoever applies one later."""

from sqlalchemy import delete, func, select

from syncd.adapters.store.database import upsert
from syncd.adapters.store.documents import PREVIEW
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import preview
from syncd.core.kept_previews import outgrown
from syncd.domain.preview import Preview


class SqlPreviews(Role):
    def keep(self, made: Preview) -> None:
        row = {"checksum": made.checksum, "made_at": made.made_at, "doc": PREVIEW.encode(made)}
        with self._database.writing() as connection:
            upsert(connection, preview, [row])
            sizes = connection.execute(_SIZES).tuples().all()
            connection.execute(delete(preview).where(preview.c.checksum.in_(outgrown(sizes))))

    def preview(self, checksum: str) -> Preview | None:
        with self._database.reading() as connection:
            doc = connection.scalar(select(preview.c.doc).where(preview.c.checksum == checksum))
            return None if doc is None else PREVIEW.decode(doc)


_SIZES = select(preview.c.checksum, func.length(preview.c.doc)).order_by(preview.c.made_at.desc())
