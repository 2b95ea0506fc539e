"""The org's own rules on saving: validation rules and duplicate rules, as its admin wrote them.

A formula is a Python function here: this file evaluates, it does not parse formulas.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from syncd.sandbox.salesforce.errors import Problem, Refused, refusal
from syncd.sandbox.salesforce.table import Row, Table

Formula = Callable[[Row, Row | None], bool]  # (new row, row before or None) → refuse?


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationRule:
    """Refuses a save when its formula is true; the message is shown at `field` or atop the page."""

    name: str
    object: str
    message: str
    formula: Formula
    field: str | None = None
    active: bool = True
    description: str = ""
    source: str = ""
    """The formula as an admin reads it in the set-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRule:
    """Refuses a save whose `field` equals that of another record of the same object."""

    name: str = "Standard_Lead_Duplicate_Rule"
    object: str = "Lead"
    field: str = "Email"
    message: str = "Use one of these records?"
    allow_save: bool = True

    def duplicates(self, table: Table, row: Row) -> list[Row]:
        value = row.get(self.field)
        if value is None:
            return []
        if table.indexes(self.field):
            alike = table.where(self.field, [value])
        else:
            alike = (other for other in table.rows() if other.get(self.field) == value)
        return [
            other
            for other in alike
            if other["Id"] != row["Id"] and not other["IsDeleted"] and not other.get("IsConverted")
        ]


def check_validation(
    rules: Iterable[ValidationRule], object_name: str, after: Row, before: Row | None
) -> None:
    """Raise Refused with every rule that fires."""
    fired = [
        Problem(
            code="FIELD_CUSTOM_VALIDATION_EXCEPTION",
            message=rule.message,
            fields=(rule.field,) if rule.field else (),
        )
        for rule in rules
        if rule.active and rule.object == object_name and rule.formula(after, before)
    ]
    if fired:
        raise Refused(*fired)


def check_duplicates(rules: Iterable[DuplicateRule], table: Table, after: Row) -> None:
    """Raise Refused DUPLICATES_DETECTED for the first rule that finds another record."""
    for rule in rules:
        if rule.object != table.kind.name:
            continue
        if found := rule.duplicates(table, after):
            told = _duplicate_result(rule, found)
            problem = Problem(code="DUPLICATES_DETECTED", message=rule.message, duplicates=told)
            raise Refused(problem)


def check_unique(table: Table, after: Row) -> None:
    """Raise Refused DUPLICATE_VALUE when a unique field's value is taken."""
    for name, field in table.kind.fields.items():
        value = after.get(name)
        if not field.unique or value is None:
            continue
        for other in table.where(name, [value]):
            if other["Id"] != after["Id"] and not other["IsDeleted"]:
                raise refusal(
                    "DUPLICATE_VALUE",
                    f"duplicate value found: {name} duplicates value on record with id: "
                    f"{other['Id'][:15]}",
                )


def check_membership(table: Table, after: Row) -> None:
    """Raise Refused DUPLICATE_VALUE for a person who is in the campaign already."""
    if table.kind.name != "CampaignMember":
        return
    for name in ("LeadId", "ContactId"):
        for other in table.where(name, [after[name]] if name in after else []):
            is_another = other["Id"] != after["Id"] and not other["IsDeleted"]
            if is_another and other["CampaignId"] == after["CampaignId"]:
                raise refusal("DUPLICATE_VALUE", "Already a campaign member.")


_ONCE = {
    "FieldPermissions": ("ParentId", "Field"),
    "PermissionSetAssignment": ("PermissionSetId", "AssigneeId"),
}


def check_granted_once(table: Table, after: Row) -> None:
    """Raise Refused for a right that somebody has already."""
    names = _ONCE.get(table.kind.name, ())
    for other in table.rows() if names else ():
        if other["Id"] != after["Id"] and all(other[x] == after[x] for x in names):
            raise refusal(
                "DUPLICATE_VALUE",
                f"duplicate value found: <unknown> duplicates value on record with id: "
                f"{other['Id'][:15]}",
            )


def _duplicate_result(rule: DuplicateRule, found: list[Row]) -> dict[str, Any]:
    matches = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {
                "attributes": {
                    "type": rule.object,
                    "url": f"/services/data/v59.0/sobjects/{rule.object}/{row['Id']}",
                },
                "Id": row["Id"],
            },
        }
        for row in found
    ]
    result = {
        "entityType": rule.object,
        "errors": [],
        "matchEngine": "FuzzyMatchEngine",
        "matchRecords": matches,
        "rule": f"Standard_{rule.object}_Match_Rule_v1_0",
        "size": len(matches),
        "success": True,
    }
    return {
        "allowSave": rule.allow_save,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": rule.object,
        "errorMessage": rule.message,
        "matchResults": [result],
    }
