"""Bulk API 2.0 ingest jobs: a sheet of rows is uploaded, written later, and told row by row.

A job whose rows failed is complete all the same; only a sheet that cannot be
read fails a job.
"""

import random
from dataclasses import dataclass, field

from syncd.sandbox.salesforce.bulk.rows import unknown_columns
from syncd.sandbox.salesforce.bulk.sheet import Cells, Dialect
from syncd.sandbox.salesforce.bulk.state import ENDED, Progress, State, Ticket
from syncd.sandbox.salesforce.bulk.writing import Order, Outcome, write
from syncd.sandbox.salesforce.errors import Problem, Refused
from syncd.sandbox.salesforce.org import Org


@dataclass(slots=True, kw_only=True)
class IngestJob:
    """One job; `progress` begins when its upload is complete."""

    ticket: Ticket
    order: Order
    dialect: Dialect
    stamp: str
    state: State = State.OPEN
    sheet: bytes | None = None
    progress: Progress | None = None
    header: Cells = ()
    waiting: list[Cells] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    error: str = ""

    def upload(self, sheet: bytes) -> None:
        """The one upload a job takes; raises Refused for a second one."""
        if self.state is not State.OPEN or self.sheet is not None:
            raise _wrong_state(self.state)
        self.sheet = sheet

    def close(self, org: Org) -> None:
        """The upload is complete; what is wrong with the sheet shows when the job has failed."""
        if self.state is not State.OPEN:
            raise _wrong_state(self.state)
        self._read()
        kind = org.store.table(self.order.object).kind
        unknown = next(unknown_columns(org, kind, self.header), None)
        if unknown is not None:
            self.error = f"InvalidBatch : Field name not found : {unknown}"
        due = org.clock.now() + org.settings.bulk_duration
        self.progress = Progress(due=due, polls_left=org.settings.bulk_polls)
        self._become(State.UPLOADED, org)

    def abort(self, org: Org) -> None:
        """What is written stays written; the rest never will be."""
        if self.state in ENDED:
            raise _wrong_state(self.state)
        if self.state is State.OPEN:
            self._read()
        self._become(State.ABORTED, org)

    def work(self, org: Org) -> None:
        """Write the rows once their time has come, whoever asks what."""
        if self.progress is None or self.state in ENDED or self.error:
            return
        if org.clock.now() >= self.progress.due:
            self.outcomes += [write(org, self.order, self.header, row) for row in self.waiting]
            self.waiting.clear()

    def be_seen(self, org: Org) -> None:
        """A caller looks at the state, which is one step further each time."""
        if self.progress is None or self.state in ENDED:
            return
        self.progress.seen()
        if not self.progress.is_complete(org.clock.now()):
            self.state = State.RUNNING
        else:
            self._become(State.FAILED if self.error else State.COMPLETE, org)

    def scattered(self) -> list[Outcome]:
        """The outcomes in an order that is not the sheet's, and the same one each time."""
        order = list(self.outcomes)
        random.Random(self.ticket.id).shuffle(order)
        return order

    def _read(self) -> None:
        try:
            self.header, self.waiting = self.dialect.read(self.sheet or b"")
        except ValueError as error:
            self.error = str(error)

    def _become(self, state: State, org: Org) -> None:
        self.state, self.stamp = state, org.moment()


def _wrong_state(state: State) -> Refused:
    message = f"InvalidJobState : the job is in state {state}"
    return Refused(Problem(code="INVALIDJOBSTATE", message=message))
