"""Previews by their checksum, for whoever applies one later."""

from sqlalchemy import delete, select

from syncd.adapters.store.database import upsert
from syncd.adapters.store.documents import PREVIEW
from syncd.adapters.store.role import Role
from syncd.adapters.store.tables import preview
from syncd.domain.preview import Preview
from syncd.store_ports import KEEP_PREVIEWS


class SqlPreviews(Role):
    def keep(self, made: Preview) -> None:
        row = {"checksum": made.checksum, "made_at": made.made_at, "doc": PREVIEW.encode(made)}
        with self._database.writing() as connection:
            upsert(connection, preview, [row])
            connection.execute(_TOO_MANY)

    def preview(self, checksum: str) -> Preview | None:
        with self._database.reading() as connection:
            doc = connection.scalar(select(preview.c.doc).where(preview.c.checksum == checksum))
            return None if doc is None else PREVIEW.decode(doc)


_LAST = select(preview.c.checksum).order_by(preview.c.made_at.desc()).limit(KEEP_PREVIEWS)
_TOO_MANY = delete(preview).where(preview.c.checksum.not_in(_LAST))
