"""How REST shows a row: the `attributes` every JSON record begins with, and the row whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from syncd.sandbox.salesforce.schema import Field, Type
from syncd.sandbox.salesforce.table import Row


def attributes(kind: str, record_id: str, version: str) -> Mapping[str, str]:
    return {"type": kind, "url": f"/services/data/{version}/sobjects/{kind}/{record_id}"}


def shown(kind: str, row: Row, fields: Iterable[Field], version: str) -> dict[str, Any]:
    """The row with these fields; blanks are null, except that a checkbox is never blank."""
    told: dict[str, Any] = {"attributes": attributes(kind, row["Id"], version)}
    for field in fields:
        told[field.name] = row.get(field.name, False if field.type is Type.BOOLEAN else None)
    return told
