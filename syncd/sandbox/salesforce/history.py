"""The rows a save leaves in a history object: who changed which tracked field, and when.

A look-up leaves two rows, one with names and one with ids, as orgs do.
"""

from collections.abc import Callable, Iterator
from typing import Any

from syncd.sandbox.journal import ABSORBED
from syncd.sandbox.salesforce.ids import IdMint
from syncd.sandbox.salesforce.saving import Save
from syncd.sandbox.salesforce.schema import ObjectType, Type
from syncd.sandbox.salesforce.table import Row

NameOf = Callable[[str], str | None]


def history_rows(save: Save, history: ObjectType, mint: IdMint, name_of: NameOf) -> list[Row]:
    """History rows of one save, in the order of their ids."""
    parent = next(name for name, field in history.fields.items() if field.refers_to)
    shared = {
        parent: save.after["Id"],
        "IsDeleted": False,
        "CreatedById": save.after["LastModifiedById"],
        "CreatedDate": save.after["SystemModstamp"],
    }
    return [
        {"Id": mint.next(history.prefix), **shared, **_present(told)}
        for told in _told(save, name_of)
    ]


def _told(save: Save, name_of: NameOf) -> Iterator[dict[str, Any]]:
    if save.before is None:
        yield {"Field": "created", "DataType": "Text"}
        return
    for name, before, after in save.changed():
        if name == "IsConverted":
            yield {"Field": "leadConverted", "DataType": "Text"}
        if name not in save.kind.tracked:
            continue
        shown = name.removesuffix("Id") if name.endswith("Id") else name
        if save.kind.fields[name].type is Type.REFERENCE:
            yield {
                "Field": shown,
                "DataType": "Text",
                "OldValue": name_of(before),
                "NewValue": name_of(after),
            }
            yield {"Field": shown, "DataType": "EntityId", "OldValue": before, "NewValue": after}
        else:
            yield {"Field": shown, "DataType": "Text", "OldValue": before, "NewValue": after}
    if save.event is not None and save.event[0] == ABSORBED:
        yield {"Field": "leadMerged", "DataType": "Text", "NewValue": save.event[2]}


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
