"""The Tooling API, as far as it tells of the org's set-up: queries over what its fields are.

Rows are made of the schema when somebody asks; nothing of this is stored.
"""

from collections.abc import Iterable, Iterator

from syncd.sandbox.salesforce import custom_fields
from syncd.sandbox.salesforce.automations import Declared, Kind
from syncd.sandbox.salesforce.call import Call
from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.fields import derived, derived_link
from syncd.sandbox.salesforce.schema import Field, ObjectType, Type, fields_by_name
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


def _kind(name: str, label: str, prefix: str, *own: Field) -> ObjectType:
    fields = fields_by_name((*_COMMON, *own))
    return ObjectType(name=name, label=label, prefix=prefix, fields=fields)


_ENTITY = _kind("EntityDefinition", "Entity Definition", "4ie")
_FIELD = _kind(
    "FieldDefinition",
    "Field Definition",
    "7pV",
    derived_link("EntityDefinitionId", "Entity", "EntityDefinition"),
    derived("IsFieldHistoryTracked", "History Tracked", Type.BOOLEAN),
)
_RULE = _kind(
    "ValidationRule",
    "Validation Rule",
    "03d",
    derived_link("EntityDefinitionId", "Entity", "EntityDefinition"),
    derived("ValidationName", "Validation Name", Type.STRING, 80),
    derived("Active", "Active", Type.BOOLEAN),
    derived("Description", "Description", Type.STRING, 255),
    derived("ErrorMessage", "Error Message", Type.STRING, 255),
    derived("Metadata", "Metadata", Type.ANY),
)
_FLOW = _kind(
    Kind.FLOW,
    "Flow",
    "301",
    derived("MasterLabel", "Label", Type.STRING, 255),
    derived("Status", "Status", Type.STRING, 40),
    derived("ProcessType", "Process Type", Type.STRING, 40),
    derived("Metadata", "Metadata", Type.ANY),
)
_WORKFLOW_RULE = _kind(
    Kind.WORKFLOW_RULE,
    "Workflow Rule",
    "01Q",
    derived("Name", "Name", Type.STRING, 80),
    derived("TableEnumOrId", "Object", Type.STRING, 40),
    derived("Metadata", "Metadata", Type.ANY),
)
_TRIGGER = _kind(
    Kind.TRIGGER,
    "Apex Trigger",
    "01q",
    derived("Name", "Name", Type.STRING, 80),
    derived("TableEnumOrId", "Object", Type.STRING, 40),
    derived("Status", "Status", Type.STRING, 40),
)
_AUTOMATIONS = {kind.name: kind for kind in (_FLOW, _WORKFLOW_RULE, _TRIGGER)}
_CUSTOM = _kind(
    "CustomField",
    "Custom Field",
    "00N",
    derived("DeveloperName", "Developer Name", Type.STRING, 40),
    derived("NamespacePrefix", "Namespace Prefix", Type.STRING, 15),
    derived("TableEnumOrId", "Table Enum Or ID", Type.STRING, 255),
)
_NEVER = "2000-01-01T00:00:00.000+0000"


def query(call: Call) -> Response:
    if VIEW_SETUP in call.org.settings.forbidden:
        raise refusal(
            "INSUFFICIENT_ACCESS", "You do not have the View Setup permission", status=403
        )
    kinds = (_ENTITY, _FIELD, _RULE, _CUSTOM, *_AUTOMATIONS.values())
    store = Store(kinds, call.org.clock.now)
    store.commit([*_rows(call), *_automations(call.org.automations)])
    result = run(store, call.request.param("q"))
    if len(result.rows) > 1 and any(x.field.name == "Metadata" for x in result.columns):
        raise refusal(
            "MALFORMED_QUERY",
            "When retrieving results with Metadata or FullName fields, the query qualifications "
            "must specify no more than one row for retrieval. Result size: "
            f"{len(result.rows)}",
        )
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
            Metadata={"active": rule.active, "errorConditionFormula": rule.source},
        )


def _automations(declared: Iterable[Declared]) -> Iterator[Change]:
    for number, x in enumerate(declared, start=1):
        kind = _AUTOMATIONS[x.kind]
        record_id = f"{kind.prefix}{number:015d}"
        status = "Active" if x.active else "Inactive"
        match x.kind:
            case Kind.FLOW:
                process = {"ProcessType": "AutoLaunchedFlow", "MasterLabel": x.name}
                yield _row(kind, record_id, Status=status, Metadata=x.metadata, **process)
            case Kind.WORKFLOW_RULE:
                told = {"active": x.active, **(x.metadata or {})}
                yield _row(kind, record_id, Name=x.name, TableEnumOrId=x.object, Metadata=told)
            case Kind.TRIGGER:
                yield _row(kind, record_id, Name=x.name, TableEnumOrId=x.object, Status=status)


def _row(kind: ObjectType, record_id: str, **values: object) -> Change:
    return kind.name, {"Id": record_id, "IsDeleted": False, "SystemModstamp": _NEVER, **values}
