"""SOQL over an org's set-up, for the Tooling API. Pure text; names are the adapter's own."""

# ruff: noqa: S608 - kinds and ids come from configuration and from Salesforce itself

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
