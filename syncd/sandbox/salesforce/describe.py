"""Describe: the schema as REST tells it, with every key a recorded answer has.

Keys whose value the sandbox does not model carry the value most fields have.
"""

from typing import Any

from syncd.sandbox.salesforce.schema import (
    IDENTIFYING,
    INT_DIGITS,
    NUMBER_DECIMALS,
    NUMBER_DIGITS,
    NUMERIC,
    Field,
    ObjectType,
    Type,
)

SOAP_TYPES = {
    Type.ID: "tns:ID",
    Type.REFERENCE: "tns:ID",
    Type.BOOLEAN: "xsd:boolean",
    Type.INT: "xsd:int",
    Type.DOUBLE: "xsd:double",
    Type.CURRENCY: "xsd:double",
    Type.PERCENT: "xsd:double",
    Type.DATE: "xsd:date",
    Type.DATETIME: "xsd:dateTime",
    Type.ANY: "xsd:anyType",
}

_FIELD: dict[str, Any] = {
    "aggregatable": True,
    "aiPredictionField": False,
    "autoNumber": False,
    "byteLength": 0,
    "calculated": False,
    "calculatedFormula": None,
    "cascadeDelete": False,
    "caseSensitive": False,
    "compoundFieldName": None,
    "controllerName": None,
    "defaultValueFormula": None,
    "dependentPicklist": False,
    "deprecatedAndHidden": False,
    "digits": 0,
    "displayLocationInDecimal": False,
    "encrypted": False,
    "extraTypeInfo": None,
    "filteredLookupInfo": None,
    "formulaTreatNullNumberAsZero": False,
    "groupable": True,
    "highScaleNumber": False,
    "htmlFormatted": False,
    "inlineHelpText": None,
    "mask": None,
    "maskType": None,
    "permissionable": True,
    "precision": 0,
    "queryByDistance": False,
    "referenceTargetField": None,
    "relationshipOrder": None,
    "restrictedDelete": False,
    "scale": 0,
    "searchPrefilterable": False,
    "writeRequiresMasterRead": False,
}

_GLOBAL: dict[str, Any] = {
    "activateable": False,
    "associateEntityType": None,
    "associateParentEntity": None,
    "customSetting": False,
    "deepCloneable": False,
    "deprecatedAndHidden": False,
    "feedEnabled": True,
    "hasSubtypes": False,
    "isInterface": False,
    "isSubtype": False,
    "layoutable": True,
    "mruEnabled": True,
    "queryable": True,
    "replicateable": True,
    "retrieveable": True,
    "searchable": True,
    "triggerable": True,
}

_WHOLE: dict[str, Any] = {
    "actionOverrides": [],
    "childRelationships": [],
    "compactLayoutable": True,
    "defaultImplementation": None,
    "extendedBy": None,
    "extendsInterfaces": None,
    "implementedBy": None,
    "implementsInterfaces": None,
    "listviewable": None,
    "lookupLayoutable": None,
    "namedLayoutInfos": [],
    "networkScopeFieldName": None,
    "recordTypeInfos": [],
    "searchLayoutable": True,
    "sobjectDescribeOption": "FULL",
    "supportedScopes": [],
}


def in_list(kind: ObjectType, version: str) -> dict[str, Any]:
    """One object as the global describe lists it."""
    base = f"/services/data/{version}/sobjects/{kind.name}"
    return {
        **_GLOBAL,
        "createable": kind.writable,
        "updateable": kind.writable,
        "deletable": kind.writable,
        "undeletable": kind.writable,
        "mergeable": "MasterRecordId" in kind.fields,
        "custom": False,
        "keyPrefix": kind.prefix,
        "label": kind.label,
        "labelPlural": f"{kind.label}s",
        "name": kind.name,
        "urls": {
            "sobject": base,
            "describe": f"{base}/describe",
            "rowTemplate": f"{base}/{{ID}}",
            "compactLayouts": f"{base}/describe/compactLayouts",
            "approvalLayouts": f"{base}/describe/approvalLayouts",
            "listviews": f"{base}/listviews",
            "quickActions": f"{base}/quickActions",
            "layouts": f"{base}/describe/layouts",
        },
    }


def whole(kind: ObjectType, version: str) -> dict[str, Any]:
    """One object with all its fields."""
    fields = [field_told(field) for field in kind.fields.values()]
    return {**in_list(kind, version), **_WHOLE, "fields": fields}


def field_told(field: Field) -> dict[str, Any]:
    textual = field.type not in NUMERIC | IDENTIFYING and field.length > 0
    return {
        **_FIELD,
        "aggregatable": not field.long_text and field.type is not Type.BOOLEAN,
        "byteLength": field.length * 3 if textual else field.length,
        "createable": field.createable,
        "custom": field.custom,
        "defaultValue": field.default,
        "defaultedOnCreate": _is_defaulted(field),
        "externalId": field.external_id,
        "filterable": field.filterable and not field.long_text,
        "groupable": not field.long_text,
        "idLookup": field.external_id or field.type in (Type.ID, Type.EMAIL),
        "label": field.label,
        "length": field.length,
        "name": field.name,
        "nameField": field.name == "Name",
        "namePointing": len(field.refers_to) > 1,
        "nillable": field.nillable,
        "picklistValues": [_picklist_value(field, value) for value in field.values],
        "polymorphicForeignKey": len(field.refers_to) > 1,
        "referenceTo": list(field.refers_to),
        "relationshipName": field.relationship,
        "restrictedPicklist": field.restricted,
        "soapType": SOAP_TYPES.get(field.type, "xsd:string"),
        "sortable": field.filterable and not field.long_text,
        "type": field.type,
        "unique": field.unique,
        "updateable": field.updateable,
        **_digits(field),
    }


def _digits(field: Field) -> dict[str, int]:
    if field.type not in NUMERIC:
        return {}
    if field.type is Type.INT:
        return {"digits": INT_DIGITS}
    return {"precision": NUMBER_DIGITS, "scale": NUMBER_DECIMALS}


def _is_defaulted(field: Field) -> bool:
    """What the org fills in by itself: stamps, the owner, check boxes."""
    filled_in = not field.createable or field.name == "OwnerId" or field.type is Type.BOOLEAN
    return field.default is not None or (not field.nillable and filled_in)


def _picklist_value(field: Field, value: str) -> dict[str, Any]:
    return {
        "active": True,
        "defaultValue": value == field.default,
        "label": value,
        "validFor": None,
        "value": value,
    }
