"""P2: a watermark never passes an unprocessed record."""

import pytest
from decide_cases import HUBSPOT, SALESFORCE
from fakes import MINUTE, add_person, house, linked

from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.errors import TransientError

DOWN = TransientError("503")


@pytest.mark.parametrize("method", ["next page", "history", "directory"])
@pytest.mark.parametrize("system", System)
def test_p2_a_read_that_fails_half_way_loses_no_record(system: System, method: str) -> None:
    made = house()
    for number in range(1, 8):
        add_person(made, number=number)
    made.cycle()
    crm = made.sf if system is SALESFORCE else made.hs
    crm.page_size = 2
    made.time.sleep(MINUTE)
    for number in range(1, 8):
        made.hs.edit(f"10{number}", title__c="CEO")
        made.sf.edit(f"00Q{number}", phone__c="1")
    crm.fails[method] = DOWN
    made.cycle()
    crm.fails.clear()

    made.cycles(2)

    assert {made.sf.value(f"00Q{n}", "title__c") for n in range(1, 8)} == {"CEO"}
    assert {made.hs.value(f"10{n}", "phone__c") for n in range(1, 8)} == {"1"}


def test_p2_a_bulk_edit_sharing_one_timestamp_is_read_whole() -> None:
    made = house()
    for number in range(1, 10):
        add_person(made, number=number)
    made.hs.page_size = 2
    made.cycle(minutes=1)

    for number in range(1, 10):
        made.hs.edit(f"10{number}", title__c="CEO")
    made.cycles(2)

    assert {made.sf.value(f"00Q{n}", "title__c") for n in range(1, 10)} == {"CEO"}


def test_p2_a_commit_that_became_visible_late_is_found_by_the_overlap() -> None:
    made = linked()
    made.hs.move("101", Stage.SAL)
    late = made.hs.records.pop(next(iter(made.hs.records)))
    made.cycle(minutes=5)  # the window passed it
    before = made.sf.stage("00Q1")

    made.hs.records[late.id] = late
    made.cycle(minutes=1)

    assert (before, made.sf.stage("00Q1")) == ("lead", "sal")
    assert HUBSPOT in made.store.watermarks()
