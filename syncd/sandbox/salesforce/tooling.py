"""The Tooling API, as far as it tells of the org's set-up: queries over what its fields are.

Rows are made of the schema when somebody asks; nothing of this is stored.
"""

from collections.abc import Iterator

from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.fields import derived, derived_link
from syncd.sandbox.salesforce.schema import ObjectType, Type, fields_by_name
from syncd.sandbox.salesforce.soql.run import run
from syncd.sandbox.salesforce.store import Change, Store
from syncd.sandbox.server import Response

VIEW_SETUP = "ViewSetup"
"""The user permission this API wants."""

_COMMON = (
    derived("Id", "Id", Type.ID, 18),
    derived("IsDeleted", "Deleted", Type.BOOLEAN),
    derived("SystemModstamp", "System Modstamp", Type.DATETIME),
    derived("QualifiedApiName", "Name", Type.STRING, 255),
)
_ENTITY = ObjectType(
    name="EntityDefinition",
    label="Entity Definition",
    prefix="4ie",
    fields=fields_by_name(_COMMON),
)
_FIELD = ObjectType(
    name="FieldDefinition",
    label="Field Definition",
    prefix="7pV",
    fields=fields_by_name(
        (
            *_COMMON,
            derived_link("EntityDefinitionId", "Entity", "EntityDefinition"),
            derived("IsFieldHistoryTracked", "History Tracked", Type.BOOLEAN),
        )
    ),
)
_NEVER = "2000-01-01T00:00:00.000+0000"


def query(call: Call) -> Response:
    if VIEW_SETUP in call.org.settings.forbidden:
        raise refusal(
            "INSUFFICIENT_ACCESS", "You do not have the View Setup permission", status=403
        )
    store = Store((_ENTITY, _FIELD), call.org.clock.now)
    store.commit([*_rows(call)])
    result = run(store, call.request.param("q"))
    records = [result.show(row, call.version) for row in result.rows]
    return Response(
        body={
            "size": len(records),
            "totalSize": result.total,
            "done": True,
            "queryLocator": None,
            "entityTypeName": result.kind.name,
            "records": records,
        }
    )


def _rows(call: Call) -> Iterator[Change]:
    for number, table in enumerate(call.org.store.tables(), start=1):
        entity = f"{_ENTITY.prefix}{number:015d}"
        common = {"IsDeleted": False, "SystemModstamp": _NEVER}
        yield _ENTITY.name, {"Id": entity, "QualifiedApiName": table.kind.name, **common}
        for place, name in enumerate(table.kind.fields):
            yield (
                _FIELD.name,
                {
                    "Id": f"{_FIELD.prefix}{number:05d}{place:010d}",
                    "QualifiedApiName": name,
                    "EntityDefinitionId": entity,
                    "IsFieldHistoryTracked": name in table.kind.tracked,
                    **common,
                },
            )
