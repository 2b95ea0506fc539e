"""The Tooling API, as far as it tells of the org's set-up: queries over what its fields are.

Rows are made of the schema when somebody asks; nothing of this is stored.
"""

from collections.abc import Iterator

from syncd.sandbox.salesforce import custom_fields
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
_RULE = ObjectType(
    name="ValidationRule",
    label="Validation Rule",
    prefix="03d",
    fields=fields_by_name(
        (
            *_COMMON,
            derived_link("EntityDefinitionId", "Entity", "EntityDefinition"),
            derived("ValidationName", "Validation Name", Type.STRING, 80),
            derived("Active", "Active", Type.BOOLEAN),
            derived("Description", "Description", Type.STRING, 255),
            derived("ErrorMessage", "Error Message", Type.STRING, 255),
        )
    ),
)
_CUSTOM = ObjectType(
    name="CustomField",
    label="Custom Field",
    prefix="00N",
    fields=fields_by_name(
        (
            *_COMMON,
            derived("DeveloperName", "Developer Name", Type.STRING, 40),
            derived("NamespacePrefix", "Namespace Prefix", Type.STRING, 15),
            derived("TableEnumOrId", "Table Enum Or ID", Type.STRING, 255),
        )
    ),
)
_NEVER = "2000-01-01T00:00:00.000+0000"


def query(call: Call) -> Response:
    if VIEW_SETUP in call.org.settings.forbidden:
        raise refusal(
            "INSUFFICIENT_ACCESS", "You do not have the View Setup permission", status=403
        )
    store = Store((_ENTITY, _FIELD, _RULE, _CUSTOM), call.org.clock.now)
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
    entities: dict[str, str] = {}
    for number, table in enumerate(call.org.store.tables(), start=1):
        entity = entities[table.kind.name] = f"{_ENTITY.prefix}{number:015d}"
        yield _row(_ENTITY, entity, QualifiedApiName=table.kind.name)
        for place, name in enumerate(table.kind.fields):
            yield _row(
                _FIELD,
                f"{_FIELD.prefix}{number:05d}{place:010d}",
                QualifiedApiName=name,
                EntityDefinitionId=entity,
                IsFieldHistoryTracked=name in table.kind.tracked,
            )
    for made in custom_fields.all_of(call.org):
        yield _row(
            _CUSTOM,
            made.id,
            DeveloperName=made.field.name.removesuffix("__c"),
            TableEnumOrId=made.object_name,
        )
    for number, rule in enumerate(call.org.saver.validation_rules, start=1):
        yield _row(
            _RULE,
            f"{_RULE.prefix}{number:015d}",
            EntityDefinitionId=entities[rule.object],
            ValidationName=rule.name,
            Active=rule.active,
            Description=rule.description,
            ErrorMessage=rule.message,
        )


def _row(kind: ObjectType, record_id: str, **values: object) -> Change:
    return kind.name, {"Id": record_id, "IsDeleted": False, "SystemModstamp": _NEVER, **values}
