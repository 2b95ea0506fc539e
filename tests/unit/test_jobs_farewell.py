"""People who were erased in a CRM, records in its bin, and records only hidden from us."""

from datetime import timedelta

import pytest
from decide_cases import HUBSPOT, SALESFORCE
from fakes import House, add_person, house, linked

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import RecordId, System
from syncd.domain.order import Health
from syncd.errors import SyncdError, TransientError, WrongAccount

A_DAY = 24 * 60


def erase(made: House, system: System, record: str) -> None:
    crm = made.hs if system is HUBSPOT else made.sf
    del crm.records[RecordId(record)]


def known(made: House, record: str) -> bool:
    return bool(made.store.look_up(record))


def test_an_erased_person_leaves_the_store_and_the_other_record_is_left_alone() -> None:
    made = linked()
    erase(made, HUBSPOT, "101")

    report = made.cycle(minutes=A_DAY)
    made.sf.edit("00Q1", title__c="CEO")
    made.cycles(30, minutes=60)

    assert report.erased == 1
    assert not known(made, "00Q1")
    assert made.store.ignored(SALESFORCE, [RecordId("00Q1")])
    assert made.slack.kinds().count(AlertKind.ERASED) == 1


def test_a_person_erased_in_their_only_crm_goes_without_a_word() -> None:
    made = house()
    made.hs.add("101")
    made.cycle()
    erase(made, HUBSPOT, "101")

    report = made.cycle(minutes=A_DAY)
    made.cycle(minutes=5)

    assert (report.erased, known(made, "101")) == (1, False)
    assert AlertKind.ERASED not in made.slack.kinds()


def test_what_is_left_of_an_erased_person_names_records_only() -> None:
    made = linked(first_name__c="Wilhelmina")
    erase(made, HUBSPOT, "101")

    made.cycle(minutes=A_DAY)
    made.cycle(minutes=5)

    told = repr(made.slack.sent) + repr(made.store.parked())
    assert "HubSpot 101" in told
    assert "Wilhelmina" not in told
    assert "person1@x.example" not in told
    assert made.store.verify().broken_at is None


def test_an_archived_record_is_gone_but_its_person_is_not_forgotten() -> None:
    made = linked()
    made.hs.hidden.add("101")

    report = made.cycle(minutes=A_DAY)

    assert report.erased == 0
    assert made.lead().sides[HUBSPOT].gone == "deleted"
    assert AuditKind.GONE in made.audit()


def test_an_archived_record_that_is_restored_is_a_side_again() -> None:
    made = linked()
    made.hs.hidden.add("101")
    made.cycle(minutes=A_DAY)
    made.hs.hidden.clear()

    made.cycle(minutes=A_DAY)

    assert made.lead().sides[HUBSPOT].gone is None


def test_an_archived_record_that_is_erased_later_takes_its_person_along() -> None:
    made = linked()
    made.hs.hidden.add("101")
    made.cycle(minutes=A_DAY)
    made.hs.hidden.clear()
    erase(made, HUBSPOT, "101")

    report = made.cycle(minutes=A_DAY)

    assert (report.erased, known(made, "00Q1")) == (1, False)


def test_a_record_merged_away_is_never_taken_for_an_erased_person() -> None:
    made = linked()
    made.sf.add("00Q9", email="winner@x.example")
    made.cycle(minutes=1)
    made.sf.delete("00Q1", merged_into="00Q9")
    made.cycles(2)
    erase(made, SALESFORCE, "00Q1")

    report = made.cycle(minutes=A_DAY)

    assert report.erased == 0
    assert known(made, "101")


def crowd(count: int) -> House:
    made = house()
    for number in range(1, count + 1):
        add_person(made, number=number)
    made.cycle()
    made.cycle(minutes=1)
    return made


def test_many_records_that_vanish_at_once_are_first_asked_about() -> None:
    made = crowd(30)
    for number in range(1, 21):
        erase(made, HUBSPOT, f"10{number}")

    report = made.cycle(minutes=A_DAY)
    made.cycle(minutes=5)

    assert report.erased == 0
    assert known(made, "00Q1")
    assert made.slack.kinds().count(AlertKind.ERASED) == 1


def test_many_records_that_were_only_hidden_are_there_again() -> None:
    made = crowd(30)
    hidden = {i: made.hs.records.pop(RecordId(f"10{i}")) for i in range(1, 21)}
    made.cycle(minutes=A_DAY)
    made.hs.records.update({r.id: r for r in hidden.values()})

    made.cycle(minutes=A_DAY)

    assert [made.lead(f"00Q{n}").sides[HUBSPOT].gone for n in range(1, 21)] == [None] * 20


def test_many_people_still_not_found_a_round_later_are_erased() -> None:
    made = crowd(30)
    for number in range(1, 21):
        erase(made, HUBSPOT, f"10{number}")
    made.cycle(minutes=A_DAY)

    report = made.cycle(minutes=A_DAY)

    assert report.erased == 20
    assert [known(made, f"00Q{n}") for n in range(1, 31)] == [False] * 20 + [True] * 10


def test_in_another_org_nobody_is_taken_for_erased() -> None:
    made = linked()
    made.cycle()
    made.recent.accounts_checked(made.time.now() + timedelta(days=9))
    erase(made, HUBSPOT, "101")
    made.hs.account_id = "org-2"

    with pytest.raises(WrongAccount):
        made.cycle(minutes=A_DAY)

    assert known(made, "101")


@pytest.mark.parametrize("fails", ["fates", "account"])
def test_a_crm_that_does_not_answer_erases_nobody(fails: str) -> None:
    made = linked()
    erase(made, HUBSPOT, "101")
    problem: SyncdError = TransientError("503")
    made.hs.fails[fails] = problem

    report = made.cycle(minutes=A_DAY)

    assert (report.erased, known(made, "101")) == (0, True)
    assert made.store.sides()[HUBSPOT].health is Health.OK
