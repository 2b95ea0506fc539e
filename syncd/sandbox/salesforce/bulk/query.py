"""Bulk API 2.0 query jobs: a query is run as a job and its rows fetched as CSV."""

from dataclasses import dataclass

from syncd.sandbox.salesforce.bulk.sheet import Cells, Dialect
from syncd.sandbox.salesforce.bulk.state import ENDED, Progress, State, Ticket
from syncd.sandbox.salesforce.org import Org
from syncd.sandbox.salesforce.schema import Type
from syncd.sandbox.salesforce.soql.resolve import Column
from syncd.sandbox.salesforce.soql.run import Result
from syncd.sandbox.salesforce.table import Row


@dataclass(slots=True, kw_only=True)
class QueryJob:
    """One job; its rows are those of the instant it was asked for."""

    ticket: Ticket
    dialect: Dialect
    result: Result
    progress: Progress
    state: State = State.UPLOADED

    def be_seen(self, org: Org) -> None:
        """A caller looks at the state, which is one step further each time."""
        if self.state in ENDED:
            return
        self.progress.seen()
        done = self.progress.is_complete(org.clock.now())
        self.state = State.COMPLETE if done else State.RUNNING

    @property
    def header(self) -> Cells:
        return tuple(_header(column) for column in self.result.columns)

    def cells(self, row: Row) -> Cells:
        return tuple(_cell(column, row) for column in self.result.columns)


def _header(column: Column) -> str:
    return ".".join([*(str(link.relationship) for link in column.links), column.field.name])


def _cell(column: Column, row: Row) -> str:
    """Null and the empty text look the same."""
    value = column.get(row)
    if column.field.type is Type.BOOLEAN:
        return "true" if value else "false"
    if value is None:
        return ""
    if column.field.type is Type.DATETIME:
        return str(value).replace("+0000", "Z")
    return str(value)
