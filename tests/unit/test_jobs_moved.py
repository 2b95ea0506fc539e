"""Whose stage history is asked for."""

import pytest
from decide_cases import HUBSPOT, MINUTE
from fakes import House, add_person, house

from syncd.domain.stage import Stage

A_CALL = 50


def crowd(count: int) -> House:
    """So many people known on both sides."""
    made = house()
    for number in range(1, count + 1):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(MINUTE)
    made.hs.calls.clear()
    return made


def retitle(made: House) -> None:
    for record in made.hs.records:
        made.hs.edit(record, title__c="CEO")


def stages(made: House) -> list[Stage]:
    return [x.to_stage for x in made.story("101").transitions if x.system is HUBSPOT]


@pytest.mark.parametrize(("count", "asked"), [(A_CALL, 1), (A_CALL + 1, 0)])
def test_those_who_show_no_move_are_asked_for_when_one_call_brings_all(
    count: int, asked: int
) -> None:
    made = crowd(count)

    retitle(made)
    made.cycle()

    assert made.hs.calls["history"] == asked


def test_a_move_there_and_back_is_found_with_the_call_made_anyway() -> None:
    made = crowd(2)

    made.hs.move("101", Stage.MQL)
    made.time.sleep(MINUTE)
    made.hs.move("101", Stage.LEAD)
    made.cycle()

    assert stages(made) == [Stage.MQL, Stage.LEAD]


def test_a_move_there_and_back_in_a_bulk_edit_is_found_with_the_next_history() -> None:
    made = crowd(A_CALL + 1)
    made.hs.move("101", Stage.MQL)
    made.time.sleep(MINUTE)
    made.hs.move("101", Stage.LEAD)
    retitle(made)
    made.cycle()
    at_first = stages(made)

    made.hs.edit("101", phone__c="1")
    made.cycle(minutes=1)

    assert (at_first, stages(made)) == ([], [Stage.MQL, Stage.LEAD])
