"""The order of a save: system validation, required, validation and duplicate rules, assignment.

Preparing a save checks everything and writes nothing, so that a whole
collection can be checked before any of it is written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from syncd.sandbox.journal import Origin
from syncd.sandbox.salesforce.assignment import Assignment
from syncd.sandbox.salesforce.checks import field_to_write, missing, row_value
from syncd.sandbox.salesforce.derive import derived_values
from syncd.sandbox.salesforce.errors import refusal
from syncd.sandbox.salesforce.rules import (
    DuplicateRule,
    ValidationRule,
    check_duplicates,
    check_granted_once,
    check_membership,
    check_unique,
    check_validation,
)
from syncd.sandbox.salesforce.schema import ObjectType
from syncd.sandbox.salesforce.store import Store
from syncd.sandbox.salesforce.table import Row

STAMPED = frozenset({"SystemModstamp", "LastModifiedDate", "LastModifiedById"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """On whose behalf a save is made."""

    origin: Origin
    user_id: str
    allow_duplicates: bool = False
    assignment: Assignment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """One checked row, ready to be written; `event` names what a change of fields does not tell."""

    kind: ObjectType
    before: Row | None
    after: Row
    origin: Origin
    event: tuple[str, Any, Any] | None = None  # (pseudo-field, before, after)

    def changed(self) -> Iterator[tuple[str, Any, Any]]:
        """Fields whose value changed, stamps aside."""
        before = self.before or {}
        for name in self.kind.fields:
            if name not in STAMPED and before.get(name) != self.after.get(name):
                yield name, before.get(name), self.after.get(name)


class Saver:
    """Prepares saves against the store and the org's rules."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.validation_rules: list[ValidationRule] = []
        self.duplicate_rules: list[DuplicateRule] = []

    def creation(
        self, object_name: str, given: Mapping[str, Any], *, record_id: str, by: Writer, moment: str
    ) -> Save:
        """A new row; raises Refused."""
        kind = self._writable(object_name)
        defaults = {
            name: field.default for name, field in kind.fields.items() if field.default is not None
        }
        values = defaults | self._values(kind, given, creating=True)
        if "OwnerId" in kind.fields and values.get("OwnerId") is None:
            values["OwnerId"] = by.user_id
        values |= {"Id": record_id, "CreatedDate": moment, "CreatedById": by.user_id}
        return self._checked(kind, None, values, by=by, moment=moment)

    def change(
        self, object_name: str, row: Row, given: Mapping[str, Any], *, by: Writer, moment: str
    ) -> Save:
        """A changed row; raises Refused."""
        kind = self._writable(object_name)
        self.store.require_unlocked(row["Id"])
        if row.get("IsConverted"):
            raise refusal("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
        values = {**row, **self._values(kind, given, creating=False)}
        return self._checked(kind, row, values, by=by, moment=moment)

    def revision(self, row: Row, values: Mapping[str, Any], *, by: Writer, moment: str) -> Save:
        """A row changed by the org itself, with no rule asked."""
        kind = self.store.table_holding(row).kind
        return _stamped(kind, row, {**row, **values}, by=by, moment=moment)

    def _writable(self, object_name: str) -> ObjectType:
        kind = self.store.table(object_name).kind
        if not kind.writable:
            raise refusal(
                "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                f"entity type {kind.name} does not support this operation",
            )
        return kind

    def _values(
        self, kind: ObjectType, given: Mapping[str, Any], *, creating: bool
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, value in given.items():
            field = field_to_write(kind, name, creating=creating)
            values[field.name] = row_value(field, value, self._kind_of)
        return values

    def _kind_of(self, record_id: str) -> str | None:
        """What a record is that others may refer to: a deleted one is not there."""
        table = self.store.table_of(record_id)
        row = table.get(record_id) if table is not None else None
        is_there = row is not None and not row.get("IsDeleted")
        return table.kind.name if table is not None and is_there else None

    def _checked(
        self,
        kind: ObjectType,
        before: Row | None,
        values: dict[str, Any],
        *,
        by: Writer,
        moment: str,
    ) -> Save:
        if blank := missing(kind, values):
            raise refusal(
                "REQUIRED_FIELD_MISSING",
                f"Required fields are missing: [{', '.join(blank)}]",
                *blank,
            )
        values |= derived_values(kind.name, values, moment=moment)
        save = _stamped(kind, before, values, by=by, moment=moment)
        table = self.store.table(kind.name)
        check_validation(self.validation_rules, kind.name, save.after, before)
        heeded = [
            rule for rule in self.duplicate_rules if not (rule.allow_save and by.allow_duplicates)
        ]
        check_duplicates(heeded, table, save.after)
        check_unique(table, save.after)
        check_membership(table, save.after)
        check_granted_once(table, save.after)
        return _assigned(save, by.assignment)


def _assigned(save: Save, assignment: Assignment | None) -> Save:
    """Assignment comes after the rules, which are not asked again, and within the same save."""
    if assignment is None or assignment.rule.object != save.kind.name:
        return save
    if save.before is not None and not assignment.to_changes:
        return save
    owner = assignment.rule.owner_of(save.after)
    return save if owner is None else replace(save, after={**save.after, "OwnerId": owner})


def _stamped(
    kind: ObjectType, before: Row | None, values: Mapping[str, Any], *, by: Writer, moment: str
) -> Save:
    stamps = {"SystemModstamp": moment, "LastModifiedDate": moment, "LastModifiedById": by.user_id}
    after = {name: value for name, value in values.items() if value is not None} | stamps
    return Save(kind=kind, before=before, after=after, origin=by.origin)
