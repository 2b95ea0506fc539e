"""P1: every stage move in a CRM's history is recorded exactly once; without history, every
difference between two successful polls is, marked `coalesced`."""

from collections import Counter

from decide_cases import HUBSPOT, SALESFORCE
from fakes import FLOW_ID, OUR_ID, House, linked

from syncd.domain.names import RecordId
from syncd.domain.stage import Evidence, Stage

WALK = (Stage.MQL, Stage.SAL, Stage.NURTURE, Stage.SQL, Stage.LEAD, Stage.SAL)


def recorded(made: House) -> Counter[object]:
    return Counter((x.system, x.at, x.to_stage) for x in made.story().transitions)


def happened(made: House) -> Counter[object]:
    """Everything either history tells but how the records began."""
    return Counter(
        (crm.system, change.at, Stage(change.value))
        for crm, record in ((made.sf, "00Q1"), (made.hs, "101"))
        for change in crm.changes[RecordId(record)][1:]
    )


def test_p1_every_move_of_both_sides_ours_included_is_recorded_exactly_once() -> None:
    made = linked()
    for n, stage in enumerate(WALK):
        crm, record = ((made.sf, "00Q1"), (made.hs, "101"))[n % 2]
        crm.move(record, stage, by=FLOW_ID if n % 3 == 0 else "005R")
        made.cycle(minutes=7)

    made.cycles(3)

    assert recorded(made) == happened(made)
    assert any(change.by_syncd for change in made.sf.changes[RecordId("00Q1")])


def test_p1_moves_between_two_polls_are_filled_in_from_history() -> None:
    made = linked()
    for stage in WALK:
        made.hs.move("101", stage)
        made.time.sleep(made.pair.rules.policy.grace)

    made.cycles(3)

    theirs = [x for x in made.story().transitions if x.system is HUBSPOT]
    assert [x.to_stage for x in theirs if x.evidence is Evidence.HISTORY] == list(WALK)
    assert recorded(made) == happened(made)


def test_p1_a_restart_that_reads_everything_again_records_nothing_twice() -> None:
    made = linked()
    made.hs.move("101", Stage.SAL)
    made.cycles(2)
    before = recorded(made)

    made.recent.forget()
    made.cycles(2, minutes=1)

    assert recorded(made) == before


def test_p1_without_history_the_difference_is_recorded_marked_coalesced() -> None:
    made = linked()
    made.sf.move("00Q1", Stage.MQL)
    made.sf.move("00Q1", Stage.SAL)
    made.sf.changes.clear()

    made.cycles(3)

    found = [
        (x.from_stage, x.to_stage, x.evidence)
        for x in made.story().transitions
        if x.system is SALESFORCE
    ]
    assert found == [(Stage.LEAD, Stage.SAL, Evidence.COALESCED)]
    assert OUR_ID not in {x.actor.id for x in made.story().transitions if x.system is SALESFORCE}
