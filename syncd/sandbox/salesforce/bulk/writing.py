"""Carrying out one row of an ingest job, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syncd.sandbox.salesforce.assignment import Assignment, AssignmentRule
from syncd.sandbox.salesforce.bulk import rows
from syncd.sandbox.salesforce.bulk.sheet import Cells
from syncd.sandbox.salesforce.errors import Refused, refusal
from syncd.sandbox.salesforce.keys import matches
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.saving import Writer
from syncd.sandbox.salesforce.schema import ObjectType

VIA = "bulk-api"
OPERATIONS = frozenset({"insert", "update", "upsert", "delete", "hardDelete"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a job does with each of its rows."""

    object: str
    operation: str
    key_field: str | None = None
    assignment: AssignmentRule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`record_id` is empty for a row that was to become a record and did not."""

    cells: Cells
    record_id: str
    created: bool = False
    error: str | None = None


def write(org: Org, order: Order, header: Cells, cells: Cells) -> Outcome:
    """A refused row costs nothing but itself."""
    row = _Row(org, order, header, cells)
    try:
        record_id, created = row.carried_out()
    except Refused as refused:
        return Outcome(cells=cells, record_id=row.given_id, error=rows.told(refused))
    return Outcome(cells=cells, record_id=record_id, created=created)


class _Row:
    def __init__(self, org: Org, order: Order, header: Cells, cells: Cells) -> None:
        self._org = org
        self._order = order
        self._header = header
        self._cells = cells
        self._kind: ObjectType = org.store.table(order.object).kind
        self.given_id = rows.cell_of(header, cells, "Id")

    def carried_out(self) -> tuple[str, bool]:
        """The record's id, and whether it is new."""
        match self._order.operation:
            case "insert":
                return self._create(), True
            case "upsert":
                found = self._named()
                return (self._change(found), False) if found else (self._create(), True)
            case "update":
                return self._change(self._required_id()), False
            case "hardDelete":
                record_id = self._delete()
                self._org.purge(record_id)
                return record_id, False
            case _:
                return self._delete(), False

    def _create(self) -> str:
        values = self._values(creating=True)
        save = self._org.prepare_creation(self._kind.name, values, self._writer())
        self._org.apply(save)
        return str(save.after["Id"])

    def _change(self, record_id: str) -> str:
        values = self._values(creating=False)
        save = self._org.prepare_change(record_id, values, self._writer())
        self._org.apply(save)
        return str(save.after["Id"])

    def _delete(self) -> str:
        row = self._org.require_deletable(self._required_id())
        self._org.delete(row["Id"], self._org.integration, via=VIA)
        return str(row["Id"])

    def _named(self) -> str | None:
        key = self._order.key_field or "Id"
        value = rows.cell_of(self._header, self._cells, key)
        if not value:
            if key == "Id":
                return None
            raise refusal("MISSING_ARGUMENT", f"{key} not specified")
        found = matches(self._org.store, self._kind, key, value)
        if len(found) > 1:
            raise refusal("DUPLICATE_EXTERNAL_ID", f"{key}: more than one record found")
        return found[0]["Id"] if found else None

    def _required_id(self) -> str:
        if not self.given_id:
            raise refusal("MISSING_ARGUMENT", "Id not specified in an update call")
        if not self.given_id.startswith(self._kind.prefix):
            message = f"{self._kind.label} ID: id value of incorrect type: {self.given_id}"
            raise refusal("MALFORMED_ID", message, "Id")
        return self.given_id

    def _values(self, *, creating: bool) -> Mapping[str, Any]:
        return rows.values_of(self._org, self._kind, self._header, self._cells, creating=creating)

    def _writer(self) -> Writer:
        """Only a rule that the job names assigns; the active one is not asked."""
        rule = self._order.assignment
        assignment = Assignment(rule=rule) if rule else None
        return self._org.writer(self._org.integration, VIA, assignment=assignment)
