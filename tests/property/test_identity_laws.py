"""The two tiny CRMs of test_convergence, in which records also are merged, deleted and brought
back at any moment: no edit is lost by it, and no move is told twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, precondition, rule
from test_convergence import Pair, TinyCrm, systems

from syncd.core.settle import lose
from syncd.domain.action import WriteRecord
from syncd.domain.names import FieldName, RecordId, System
from syncd.domain.stage import Actor
from syncd.domain.values import Seen


class MortalCrm(TinyCrm):
    """Nobody edits a record that is deleted."""

    def change(self, values: Mapping[FieldName, Seen], at: datetime, by: Actor) -> None:
        if not self.snapshot.deleted:
            super().change(values, at, by)


class Lives(Pair):
    """Adds what happens to a whole record to what happens to its values."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        self.merges = 0
        self.crms = {
            system: MortalCrm(
                system=system, snapshot=crm.snapshot, steps=crm.steps, observed=crm.observed
            )
            for system, crm in self.crms.items()
        }

    @rule(system=systems)
    def somebody_merges_it_into_a_new_record(self, system: System) -> None:
        crm = self.crms[system]
        if crm.snapshot.deleted:
            return
        self.merges += 1
        crm.snapshot = replace(
            crm.snapshot,
            record_id=RecordId(f"{system}-{self.merges}"),
            former=(*crm.snapshot.former, crm.snapshot.record_id),
            modified_at=self.tick(),
        )

    @rule(system=systems)
    def somebody_deletes_it(self, system: System) -> None:
        self.mark(system, deleted=True)

    @precondition(lambda self: any(crm.snapshot.deleted for crm in self.crms.values()))
    @rule(system=systems)
    def somebody_brings_it_back(self, system: System) -> None:
        self.mark(system, deleted=False)

    def mark(self, system: System, *, deleted: bool) -> None:
        crm = self.crms[system]
        if crm.snapshot.deleted is not deleted:
            crm.snapshot = replace(crm.snapshot, deleted=deleted, modified_at=self.tick())

    def deliver(self, action: WriteRecord, outcome: str) -> None:
        """A record that is not there any more ends the write; so does one that syncd knows by
        another id. One that syncd does not know yet by its new id waits."""
        shown = self.crms[action.system].snapshot
        if shown.deleted:
            self.lead = lose(action, self.lead, now=self.now)
            del self.outbox[action.key]
        elif shown.record_id == action.record_id:
            super().deliver(action, outcome)
        elif self.lead.sides[action.system].record_id != action.record_id:
            del self.outbox[action.key]

    def teardown(self) -> None:
        if hasattr(self, "lead"):
            for system in System:
                self.mark(system, deleted=False)
        super().teardown()


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=120,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
