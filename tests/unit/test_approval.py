"""What a preview lets through, and what of it is left when the brake has had its word."""

from dataclasses import replace

from core_cases import EMPLOYEES, LEAD, MOVE, NOW, lead

from syncd.core.preview import planned
from syncd.domain.action import FieldWrite, WriteKind, WriteRecord
from syncd.domain.decision import Decision, HeldLead, Plan, PlanState
from syncd.domain.names import ActionKey, PlanId, RecordId, System
from syncd.domain.preview import PlannedLead, Preview
from syncd.jobs.approval import Only


def write(kind: WriteKind, value: int = 60) -> WriteRecord:
    return WriteRecord(
        key=ActionKey(kind),
        kind=kind,
        lead_id=LEAD,
        system=System.SALESFORCE,
        record_id=RecordId("00Q1"),
        record_kind="Lead",
        writes=(FieldWrite(field=EMPLOYEES, seen=12, value=value, rule="travel"),),
        cause=MOVE,
    )


SHOWN = Decision(
    lead=lead(),
    observed=lead(),
    actions=(write(WriteKind.REVERT), write(WriteKind.SYNC)),
)
PREVIEW = Preview(
    checksum="c",
    made_at=NOW,
    config="",
    leads=(PlannedLead(lead_id=LEAD, actions=planned(SHOWN)),),
)


def test_nothing_more_is_let_through_of_a_lead_that_is_to_be_done_otherwise() -> None:
    only = Only(PREVIEW)
    other = replace(SHOWN, actions=(write(WriteKind.SYNC, value=61),))

    allowed = [only.allows(x) for x in (other, SHOWN)]

    assert allowed == [False, False]
    assert only.left(PREVIEW) == list(PREVIEW.leads)


def test_where_the_brake_holds_a_move_nothing_of_that_lead_was_done() -> None:
    assert _left_after(WriteKind.REVERT) == [WriteKind.REVERT, WriteKind.SYNC]


def test_where_the_brake_holds_another_write_the_rest_of_that_lead_was_done() -> None:
    assert _left_after(WriteKind.SYNC) == [WriteKind.SYNC]


def _left_after(held: WriteKind) -> list[str]:
    """The classes of what was shown and not done."""
    only = Only(PREVIEW)
    only.allows(SHOWN)
    says = tuple(x.says for x in planned(SHOWN) if x.what == held)
    part = HeldLead(lead_id=LEAD, digest="", says=says)
    only.stopped(
        [
            Plan(
                id=PlanId("p"),
                kind=held,
                state=PlanState.OPEN,
                opened_at=NOW,
                reason="",
                leads=(part,),
            )
        ]
    )
    return sorted(x.what for lead in only.left(PREVIEW) for x in lead.actions)
