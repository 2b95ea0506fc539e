"""By what two previews are told apart: every effect, the value it was decided over, the reason."""

from dataclasses import replace

import pytest
from core_cases import EMPLOYEES, LEAD, MOVE, lead

from syncd.core.preview import checksum_of, planned
from syncd.domain.action import FieldWrite, WriteKind, WriteRecord
from syncd.domain.decision import Decision
from syncd.domain.names import ActionKey, RecordId, System
from syncd.domain.preview import PlannedLead

SIZE = FieldWrite(field=EMPLOYEES, seen=12, value=60, rule="travel")


def shown(write: FieldWrite = SIZE, *, config: str = "today's", key: str = "k") -> str:
    """The checksum of a preview with one write in it."""
    action = WriteRecord(
        key=ActionKey(key),
        kind=WriteKind.SYNC,
        lead_id=LEAD,
        system=System.SALESFORCE,
        record_id=RecordId("00Q1"),
        record_kind="Lead",
        writes=(write,),
        cause=MOVE,
    )
    decision = Decision(lead=lead(), observed=lead(), actions=(action,))
    return checksum_of([PlannedLead(lead_id=LEAD, actions=planned(decision))], config)


def test_the_same_effect_has_the_same_checksum_whatever_its_key() -> None:
    assert shown(key="another") == shown()


@pytest.mark.parametrize(
    "other",
    [
        shown(config="another"),
        shown(replace(SIZE, seen=13)),
        shown(replace(SIZE, value=61)),
        shown(replace(SIZE, rule="dispute")),
    ],
    ids=["configuration", "value it replaces", "value it writes", "reason"],
)
def test_what_differs_in_anything_that_counts_has_another_checksum(other: str) -> None:
    assert other != shown()
