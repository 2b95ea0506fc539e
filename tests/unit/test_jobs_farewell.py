"""People who were erased in a CRM, records in its bin, and records only hidden from us."""

from dataclasses import replace
from datetime import timedelta

import pytest
from decide_cases import HUBSPOT, SALESFORCE
from fakes import House, add_person, house, linked

from syncd.core.erasing import VANISHED
from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import RecordId, System
from syncd.domain.order import ForgetVanished, Health, Order
from syncd.domain.stage import Stage
from syncd.errors import AuthError, SyncdError, TransientError, WrongAccount

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


def binned(made: House) -> None:
    """00Q1 was deleted, and its deletion read."""
    made.sf.delete("00Q1")
    made.cycle(minutes=5)


def test_a_record_that_left_the_recycle_bin_takes_only_itself_along() -> None:
    made = linked()
    binned(made)
    made.cycles(15, minutes=A_DAY)
    erase(made, SALESFORCE, "00Q1")

    report = made.cycle(minutes=A_DAY)
    made.cycle(minutes=5)

    lead = made.lead("101")
    assert (report.erased, set(lead.sides), known(made, "00Q1")) == (0, {HUBSPOT}, False)
    assert not made.store.parked()
    assert AlertKind.ERASED not in made.slack.kinds()
    last = made.story("101").audit[-1]
    assert (last.kind, last.facts["why"]) == (AuditKind.GONE, "left the recycle bin")


def test_a_lead_whose_record_left_the_bin_gets_no_new_one_made() -> None:
    made = linked(Stage.SAL)
    rules = made.pair.rules
    crm = replace(rules.crm, create_in={SALESFORCE: Stage.MQL})
    made.pair = replace(made.pair, rules=replace(rules, crm=crm))
    binned(made)
    made.cycles(15, minutes=A_DAY)
    erase(made, SALESFORCE, "00Q1")
    made.cycle(minutes=A_DAY)

    made.hs.move("101", Stage.MQL)
    made.cycles(3)

    assert set(made.lead("101").sides) == {HUBSPOT}
    assert made.sf.calls["create"] == 0


def test_a_record_a_person_makes_anew_joins_the_lead_whose_first_one_left_the_bin() -> None:
    made = linked()
    binned(made)
    made.cycles(15, minutes=A_DAY)
    erase(made, SALESFORCE, "00Q1")
    made.cycle(minutes=A_DAY)

    made.sf.add("00Q7", at=made.time.now(), email=made.hs.value("101", "email"))
    made.cycle(minutes=5)

    assert made.lead("101").sides[SALESFORCE].record_id == "00Q7"


def test_a_recycle_bin_emptied_by_a_person_is_an_erasure() -> None:
    made = linked()
    binned(made)
    erase(made, SALESFORCE, "00Q1")

    report = made.cycle(minutes=A_DAY)

    assert (report.erased, known(made, "101")) == (1, False)


def test_a_deleted_person_with_no_other_record_is_erased_when_the_bin_is_empty() -> None:
    made = house()
    made.sf.add("00Q1")
    made.cycle()
    binned(made)
    made.cycles(15, minutes=A_DAY)
    erase(made, SALESFORCE, "00Q1")

    report = made.cycle(minutes=A_DAY)

    assert (report.erased, known(made, "00Q1")) == (1, False)


def test_a_clean_up_that_leaves_the_bin_by_the_dozen_raises_no_doubt() -> None:
    made = crowd(30)
    for number in range(1, 21):
        made.sf.delete(f"00Q{number}")
    made.cycles(16, minutes=A_DAY)
    for number in range(1, 21):
        erase(made, SALESFORCE, f"00Q{number}")

    made.cycle(minutes=A_DAY)
    made.cycle(minutes=5)

    assert [len(made.lead(f"10{n}").sides) for n in range(1, 31)] == [1] * 20 + [2] * 10
    assert AlertKind.ERASED not in made.slack.kinds()


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


def vanished_crowd(*, gone: int, of: int = 30) -> House:
    """So many HubSpot records vanish; a round of reconciliation has seen it."""
    made = crowd(of)
    for number in range(1, gone + 1):
        erase(made, HUBSPOT, f"10{number}")
    made.cycle(minutes=A_DAY)
    return made


def forget(made: House, record: str | None) -> None:
    record_id = RecordId(record) if record else None
    what = ForgetVanished(system=HUBSPOT, record_id=record_id)
    made.store.place(Order(id="o-1", what=what, by="ops", placed_at=made.time.now()))
    made.cycle(minutes=1)


def still_known(made: House) -> int:
    return len(made.store.after(None, 1_000))


def test_many_people_who_vanished_are_never_forgotten_by_the_clock_alone() -> None:
    made = vanished_crowd(gone=20)
    made.sf.edit("00Q1", title__c="CEO")

    made.cycles(5, minutes=A_DAY)

    assert still_known(made) == 30
    assert {made.lead(f"00Q{n}").sides[HUBSPOT].gone for n in range(1, 21)} == {VANISHED}
    assert made.store.parked() == []


def test_a_share_of_a_large_part_is_no_reason_to_forget_people() -> None:
    made = vanished_crowd(gone=14, of=300)

    made.cycle(minutes=A_DAY)

    assert still_known(made) == 300


def test_people_hidden_for_days_go_on_as_if_nothing_had_been() -> None:
    made = crowd(30)
    hidden = dict(made.hs.records)
    made.hs.records.clear()
    made.cycles(3, minutes=A_DAY)
    made.sf.edit("00Q1", title__c="CEO")
    made.cycle(minutes=5)
    made.hs.records.update(hidden)

    made.cycle(minutes=A_DAY)
    made.cycle(minutes=5)

    assert [made.lead(f"00Q{n}").sides[HUBSPOT].gone for n in range(1, 31)] == [None] * 30
    assert made.hs.value("101", "title__c") == "CEO"


def test_both_crms_may_hide_their_records_at_once() -> None:
    made = crowd(30)
    made.hs.records.clear()
    made.sf.records.clear()

    made.cycle(minutes=A_DAY)

    gone = {side.gone for lead in made.store.after(None, 99) for side in lead.sides.values()}
    assert gone == {VANISHED}


def test_all_that_vanished_are_forgotten_when_a_person_says_so() -> None:
    made = vanished_crowd(gone=20)

    forget(made, None)

    assert [known(made, f"00Q{n}") for n in range(1, 31)] == [False] * 20 + [True] * 10
    assert made.store.waiting() == []


def test_one_that_vanished_is_forgotten_when_a_person_says_so() -> None:
    made = vanished_crowd(gone=20)

    forget(made, "103")

    assert (known(made, "00Q3"), still_known(made)) == (False, 29)


def test_what_is_there_again_is_not_forgotten_whatever_a_person_said() -> None:
    made = crowd(30)
    hidden = dict(made.hs.records)
    made.hs.records.clear()
    made.cycle(minutes=A_DAY)
    made.hs.records.update(hidden)

    forget(made, None)

    assert still_known(made) == 30
    assert made.lead().sides[HUBSPOT].gone is None


def test_an_order_to_forget_waits_while_the_crm_cannot_be_asked() -> None:
    made = vanished_crowd(gone=20)
    made.hs.fails["fates"] = TransientError("503")

    forget(made, None)

    assert (still_known(made), len(made.store.waiting())) == (30, 1)


def test_a_record_that_was_merged_into_an_erased_one_is_of_the_same_person() -> None:
    made = crowd(2)
    made.hs.delete("102", merged_into="101")
    made.cycle(minutes=5)
    apart = made.lead("00Q1").id != made.lead("00Q2").id
    erase(made, HUBSPOT, "101")
    erase(made, HUBSPOT, "102")

    made.cycle(minutes=A_DAY)
    made.cycle(minutes=A_DAY)

    assert apart
    assert still_known(made) == 0
    assert made.store.ignored(SALESFORCE, [RecordId("00Q2")])


def merged_into_one_that_waits(*, crm: System) -> House:
    """Two people with partners of their own become one record in this CRM, which is a third
    one's by our id. It is parked; then it is not there any more."""
    made = crowd(3)
    changed, ids = made.hs, ("101", "102", "104")
    if crm is SALESFORCE:
        changed, ids = made.sf, ("00Q1", "00Q2", "00Q4")
    *losers, heir = ids
    changed.add(heir, at=made.time.now(), syncd_id=made.lead("00Q3").id)
    former = tuple(RecordId(x) for x in losers)
    changed.records[RecordId(heir)] = replace(changed.records[RecordId(heir)], former=former)
    for loser in losers:
        changed.delete(loser, merged_into=heir)
    made.cycle(minutes=5)
    assert [x.record_id for x in made.store.parked()] == [heir]
    for record in ids:
        erase(made, crm, record)
    return made


def test_people_merged_into_a_record_that_nobody_had_are_erased_with_it() -> None:
    made = merged_into_one_that_waits(crm=HUBSPOT)

    made.cycles(2, minutes=A_DAY)

    assert [known(made, x) for x in ("00Q1", "00Q2", "00Q3")] == [False, False, True]
    assert made.store.ignored(SALESFORCE, [RecordId("00Q1"), RecordId("00Q2")])


def test_a_record_that_nobody_had_may_have_left_the_recycle_bin_and_takes_nobody_along() -> None:
    made = merged_into_one_that_waits(crm=SALESFORCE)

    made.cycles(2, minutes=A_DAY)

    assert still_known(made) == 3


def calls_short(made: House) -> None:
    """Others use up what HubSpot allows: no reconciliation there."""
    made.hs.allowed, made.hs.used = 1_000, 920
    made.cycle(minutes=5)


def test_a_person_erased_from_the_archive_is_forgotten_though_calls_run_short() -> None:
    made = linked()
    made.hs.hidden.add("101")
    made.cycle(minutes=A_DAY)
    calls_short(made)
    erase(made, HUBSPOT, "101")

    made.cycles(3, minutes=61)

    assert not known(made, "00Q1")


@pytest.mark.parametrize("erased", System)
def test_erasures_are_looked_for_in_one_crm_while_the_other_is_locked(erased: System) -> None:
    made = linked()
    other = made.sf if erased is HUBSPOT else made.hs
    other.fails["poll"] = AuthError("locked out")
    erase(made, erased, "101" if erased is HUBSPOT else "00Q1")

    made.cycles(30, minutes=60)

    assert still_known(made) == 0


def test_in_another_org_nobody_is_taken_for_erased() -> None:
    made = linked()
    made.cycle()
    made.recent.accounts_checked(made.time.now() + timedelta(days=9), tuple(System))
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
