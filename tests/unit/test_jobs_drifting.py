"""Holding records against the store: one that cannot be compared is in nobody's way."""

from dataclasses import replace

from decide_cases import HOUR
from fakes import linked

from syncd.core.drift import Drift
from syncd.domain.names import RecordId
from syncd.jobs.drifting import drifted, leads_of


def test_a_record_that_cannot_be_compared_is_passed_by() -> None:
    made = linked()
    made.cycles(3, minutes=60)
    made.hs.add("102", email="jo@x.example", at=made.time.now())
    records = list(made.hs.read([RecordId("101"), RecordId("102")]).values())
    missed = [replace(x, modified_at=made.time.now() - HOUR) for x in records]
    broken = [replace(missed[0], modified_at=missed[0].modified_at.replace(tzinfo=None)), missed[1]]

    found = list(drifted(made.pair, broken, leads_of(made.pair, broken), made.context()))

    assert [(x.record.id, x.found.drift) for x in found] == [("102", Drift.MISSED)]
