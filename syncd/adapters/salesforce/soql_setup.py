"""SOQL over an org's set-up: fields, rules, rights and automations, most of it for the Tooling
API. Pure text; nothing here is about people.
"""

# ruff: noqa: S608 - SOQL has no bind parameters: values pass `text`, names pass `path`

from collections.abc import Collection

from syncd.adapters.salesforce import soql


def active_rules(kind: str) -> str:
    return (
        "SELECT Id, ValidationName FROM ValidationRule "
        f"WHERE EntityDefinition.QualifiedApiName = '{soql.path(kind)}' AND Active = true"
    )


def active_flows() -> str:
    """Of all kinds of records: which one wakes a flow stands in its definition."""
    return (
        "SELECT Id, MasterLabel FROM Flow "
        "WHERE Status = 'Active' AND ProcessType IN ('AutoLaunchedFlow','Workflow')"
    )


def workflow_rules(kind: str) -> str:
    return f"SELECT Id, Name FROM WorkflowRule WHERE TableEnumOrId = '{soql.path(kind)}'"


def active_triggers(kind: str) -> str:
    return (
        "SELECT Id, Name FROM ApexTrigger "
        f"WHERE TableEnumOrId = '{soql.path(kind)}' AND Status = 'Active'"
    )


def definition(kind: str, record_id: str) -> str:
    """Salesforce gives it for one row a query."""
    return f"SELECT Metadata FROM {soql.path(kind)} WHERE Id = {soql.text(record_id)}"


def tracked_fields(object_name: str, names: Collection[str]) -> str:
    """For the Tooling API, which wants the object named."""
    return (
        "SELECT QualifiedApiName, IsFieldHistoryTracked FROM FieldDefinition"
        f" WHERE EntityDefinition.QualifiedApiName = {soql.text(object_name)}"
        f" AND QualifiedApiName IN {soql.members(names)}"
    )


def validation_rules(object_name: str) -> str:
    """For the Tooling API; formulas it shows of one rule at a time only."""
    return (
        "SELECT Id, ValidationName, Active, Description, ErrorMessage FROM ValidationRule"
        f" WHERE EntityDefinition.QualifiedApiName = {soql.text(object_name)}"
    )


def permission_set(name: str) -> str:
    return f"SELECT Id FROM PermissionSet WHERE Name = {soql.text(name)}"


def field_permissions(set_id: str) -> str:
    return f"SELECT Id, Field FROM FieldPermissions WHERE ParentId = {soql.text(set_id)}"


def assignment(set_id: str, user_id: str) -> str:
    return (
        "SELECT Id FROM PermissionSetAssignment"
        f" WHERE PermissionSetId = {soql.text(set_id)} AND AssigneeId = {soql.text(user_id)}"
    )


def custom_fields(kinds: Collection[str]) -> str:
    """For the Tooling API, which shows fields that are hidden from us too."""
    return (
        "SELECT Id, DeveloperName, NamespacePrefix, TableEnumOrId FROM CustomField"
        f" WHERE TableEnumOrId IN {soql.members(kinds)}"
    )


def custom_field(kind: str, name: str) -> str:
    """One of the org's own."""
    own = soql.text(name.removesuffix("__c"))
    return (
        f"SELECT Id FROM CustomField WHERE TableEnumOrId = {soql.text(kind)}"
        f" AND DeveloperName = {own} AND NamespacePrefix = null"
    )
