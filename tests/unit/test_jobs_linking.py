"""Which lead a record belongs to, over batches, merges and parked records."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW
from decide_cases import HUBSPOT, SALESFORCE
from fakes import DIRECTORY, MINUTE, House, add_person, house, linked

from syncd.commit import Commit
from syncd.core.normalise import normalise
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Parked
from syncd.domain.names import RecordId, System
from syncd.domain.record import Snapshot
from syncd.domain.stage import Stage
from syncd.jobs.linking import link, new_lead_id

IGNORED = Parked(
    system=SALESFORCE,
    record_id=RecordId("00Q1"),
    why="a person said so",
    candidates=(),
    since=NOW,
    ignored=True,
)


def shown(made: House, system: System, record: str) -> Snapshot:
    crm = made.sf if system is SALESFORCE else made.hs
    return normalise(crm.records[RecordId(record)], crm.crm_map, DIRECTORY)


def three_people() -> House:
    """In both CRMs, each linked."""
    made = house()
    for number in (1, 2, 3):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(MINUTE)
    return made


def test_two_records_of_one_new_person_in_one_batch_become_one_lead() -> None:
    made = house()
    add_person(made)

    made.cycle()

    assert made.store.linked() == 1
    assert made.lead("00Q1") == made.lead("101")
    assert AuditKind.LINKED in made.audit()


def test_the_id_of_a_new_lead_survives_a_crash_before_the_commit() -> None:
    made = house()
    add_person(made)
    snapshots = [shown(made, SALESFORCE, "00Q1"), shown(made, HUBSPOT, "101")]

    first = link(made.store, snapshots, now=made.time.now())
    again = link(made.store, list(reversed(snapshots)), now=made.time.now())

    assert (
        first.snapshots.keys()
        == again.snapshots.keys()
        == {new_lead_id(SALESFORCE, RecordId("00Q1"))}
    )


@pytest.mark.parametrize("known", [False, True])
def test_what_an_ignored_record_became_is_left_alone_unless_it_is_somebodys(known: bool) -> None:
    made = house()
    made.sf.add("003C", email="two@x.example")
    if known:
        made.cycle()
    made.store.commit(Commit(now=made.time.now(), parked=(IGNORED,)))
    contact = replace(shown(made, SALESFORCE, "003C"), former=(IGNORED.record_id,))

    found = link(made.store, [contact], now=made.time.now())

    assert len(found.snapshots) == known
    assert [x.why for x in found.parked] == ([] if known else ["00Q1, left alone, became this one"])


def test_a_record_made_later_joins_its_lead_by_the_connectors_id() -> None:
    made = house()
    made.hs.add("101", email="one@x.example")
    made.cycle()

    made.sf.add("00Q1", email="other@x.example", other_id="101", at=made.time.now())
    made.cycle(minutes=1)

    assert made.store.linked() == 1


def test_a_record_made_later_joins_its_lead_by_our_own_id() -> None:
    made = house()
    made.hs.add("101", email="one@x.example")
    made.cycle()
    ours = made.lead("101").id

    made.sf.add("00Q1", email=None, syncd_id=ours, at=made.time.now())
    made.cycle(minutes=1)

    assert made.store.linked() == 1


def test_an_ambiguous_record_is_parked_never_guessed_and_matched_once_it_is_clear() -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")
    made.cycle()
    parked = [x.record_id for x in made.store.parked()]

    made.sf.edit("00Q2", email="two@x.example")
    made.cycle(minutes=1)

    assert parked == ["00Q2"]
    assert made.store.parked() == []
    assert made.sf.calls["update"] == made.hs.calls["update"] == 0


def test_where_two_records_have_the_address_the_third_is_not_given_to_the_first() -> None:
    made = house()
    made.sf.add("00Q1", email="person1@x.example")
    made.sf.add("00Q2", email="person1@x.example")
    made.cycle()
    made.hs.add("101", at=made.time.now(), email="person1@x.example")
    made.cycle(minutes=1)
    parked = sorted(x.record_id for x in made.store.parked())
    made.sf.delete("00Q2")

    made.cycles(2, minutes=61)

    assert parked == ["00Q2", "101"]
    assert made.store.parked() == []
    assert made.lead("101") == made.lead("00Q1")


def test_parked_records_are_looked_at_again_every_hour() -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")
    made.cycle()
    (parked,) = made.store.parked()
    made.sf.delete("00Q1")

    made.cycle(minutes=1)
    made.cycles(3, minutes=61)

    assert parked.record_id == "00Q2"
    assert made.store.parked() == []
    assert made.lead("101").sides[SALESFORCE].record_id == "00Q2"


def test_a_deleted_record_nobody_knows_makes_no_lead() -> None:
    made = house()
    made.sf.add("00Q1")
    made.sf.delete("00Q1")

    made.cycle()

    assert made.store.status(made.time.now()).leads == 0


def test_a_merge_unites_two_leads_and_the_winner_lives_on() -> None:
    made = house()
    made.hs.add("101", email="one@x.example")
    made.hs.add("102", email="two@x.example")
    made.cycle()
    made.time.sleep(MINUTE)

    made.hs.delete("101", merged_into="102")
    made.hs.edit("102", phone__c="1")
    made.cycle(minutes=1)

    lead = made.lead("102")
    assert (lead.sides[HUBSPOT].record_id, lead.sides[HUBSPOT].gone) == ("102", None)
    assert made.store.parked() == []
    assert made.store.status(made.time.now()).leads == 1


def test_after_a_merge_the_partner_in_the_other_crm_stays_linked() -> None:
    made = linked()
    made.hs.add("102", email="two@x.example", at=made.time.now())
    made.cycle(minutes=1)

    made.hs.delete("101", merged_into="102")
    made.hs.edit("102", title__c="CEO")
    made.cycle(minutes=1)
    made.hs.edit("102", phone__c="1")
    made.cycle(minutes=1)

    assert made.store.parked() == []
    assert made.lead("00Q1").sides[HUBSPOT].record_id == "102"
    assert made.sf.value("00Q1", "phone__c") == "1"


@pytest.mark.parametrize("page_size", [100, 1])
def test_the_winner_of_a_merge_that_nobody_knew_takes_the_merged_records_place(
    page_size: int,
) -> None:
    made = linked()
    made.hs.page_size = page_size
    made.hs.add("102", email="two@x.example", at=made.time.now())

    made.hs.delete("101", merged_into="102")
    made.cycle(minutes=1)

    assert made.lead("00Q1").sides[HUBSPOT].record_id == "102"
    assert made.store.status(made.time.now()).leads == 1


def test_what_is_remembered_of_either_lead_survives_a_merge() -> None:
    made = house()
    made.hs.add("101", Stage.LEAD, email="one@x.example")
    made.hs.add("102", Stage.LEAD, email="two@x.example")
    made.cycle()
    before = made.lead("102")

    made.hs.delete("102", merged_into="101")
    made.hs.edit("101", phone__c="1")
    made.cycle(minutes=1)

    united = made.lead("101")
    assert united.first_seen_at <= before.first_seen_at
    assert united.sides[HUBSPOT].record_id == "101"
    assert made.store.status(made.time.now()).leads == 1


# --- addresses and ids that move ---------------------------------------------------------


def test_an_address_that_went_to_somebody_else_does_not_join_the_two() -> None:
    made = house()
    made.hs.add("101", email="shared@x.example")
    made.cycle()

    made.hs.edit("101", email="alice@x.example")
    made.sf.add("00Q1", email="shared@x.example", at=made.time.now())
    made.cycle(minutes=1)

    assert made.store.linked() == 0
    assert made.store.parked() == []


@pytest.mark.parametrize("known_for", [timedelta(0), MINUTE], ids=["tied", "deletion-first"])
def test_an_address_a_deleted_record_had_is_not_its_leads_if_the_other_record_shows_another(
    known_for: timedelta,
) -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.time.sleep(known_for)
    made.sf.delete("00Q1")
    made.hs.edit("101", email="moved@x.example")
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")

    made.cycle(minutes=1)

    assert made.lead("00Q2") != made.lead("101")


def test_a_stored_link_holds_whoever_has_the_address_now() -> None:
    made = linked()
    made.hs.add("102", email="bob@x.example", at=made.time.now())
    made.cycle(minutes=1)

    made.hs.edit("101", email="alice@x.example")
    made.hs.edit("102", email="person1@x.example")
    made.cycle(minutes=1)

    assert made.lead("00Q1").sides[HUBSPOT].record_id == "101"
    assert made.lead("102").sides.keys() == {HUBSPOT}


def test_why_a_record_was_linked_is_kept_with_it() -> None:
    made = house()
    add_person(made)

    made.cycle()

    sides = made.lead("101").sides
    assert (sides[SALESFORCE].why_linked, sides[HUBSPOT].why_linked) == ("", "the email address")


def test_our_own_id_leads_to_the_lead_that_another_was_united_with() -> None:
    made = house()
    made.hs.add("101", email="one@x.example")
    made.hs.add("102", email="two@x.example")
    made.cycle()
    dropped = made.lead("102").id
    made.hs.delete("102", merged_into="101")
    made.hs.edit("101", phone__c="1")
    made.cycle(minutes=1)

    made.sf.add("00Q1", email="three@x.example", syncd_id=dropped, at=made.time.now())
    made.cycle(minutes=1)

    assert made.lead("101").sides[SALESFORCE].record_id == "00Q1"


# --- records that carry on for others ----------------------------------------------------


def carry_on(made: House, record: str, *former: str) -> None:
    crm = made.hs
    record_id = RecordId(record)
    crm.edit(record, phone__c="9")
    crm.records[record_id] = replace(
        crm.records[record_id], former=tuple(RecordId(x) for x in former)
    )


def test_a_new_record_takes_over_the_leads_of_all_it_was_merged_from() -> None:
    made = house()
    made.sf.add("00Q1", email="one@x.example")
    made.hs.add("101", email="one@x.example")
    made.hs.add("102", email="two@x.example")
    made.cycle()
    oldest = min(made.lead("101"), made.lead("102"), key=lambda x: (x.first_seen_at, x.id))

    made.hs.add("103", email="one@x.example", at=made.time.now())
    carry_on(made, "103", "101", "102")
    made.cycle(minutes=1)

    lead = made.lead("103")
    assert lead.id == oldest.id
    assert (lead.sides[HUBSPOT].record_id, lead.sides[SALESFORCE].record_id) == ("103", "00Q1")
    assert made.lead("101") == made.lead("102") == lead
    assert made.store.status(made.time.now()).leads == 1


@pytest.mark.parametrize("page_size", [100, 1])
def test_of_the_leads_a_merge_leaves_apart_an_id_says_whose_the_new_record_is(
    page_size: int,
) -> None:
    made = linked()
    add_person(made, number=2, at=made.time.now())
    made.cycle(minutes=1)
    made.hs.page_size = page_size

    made.hs.delete("102", merged_into="103")
    made.hs.delete("101", merged_into="103")
    made.hs.add("103", at=made.time.now(), email=None, syncd_id=made.lead("00Q2").id)
    carry_on(made, "103", "101", "102")
    made.cycle(minutes=1)

    assert made.lead("00Q2").sides[HUBSPOT].record_id == "103"
    assert made.lead("00Q1").sides[HUBSPOT].gone == "merged into 103"
    assert made.store.parked() == []


def test_leads_with_partners_of_their_own_are_not_made_one_by_a_merge() -> None:
    made = linked()
    add_person(made, number=2, at=made.time.now())
    made.cycle(minutes=1)

    carry_on(made, "101", "102")
    made.cycles(2, minutes=1)

    assert made.lead("00Q1").sides[HUBSPOT].record_id == "101"
    assert made.lead("00Q2").id != made.lead("00Q1").id
    assert made.lead("00Q2").sides[HUBSPOT].gone == "merged into 101"


def test_a_merged_record_is_gone_at_once_while_its_lead_waits_to_be_united() -> None:
    made = linked(Stage.LEAD)
    made.sf.add("00Q2", email="two@x.example", at=made.time.now())
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)
    assert made.lead("101").handoff

    made.sf.delete("00Q1", merged_into="00Q2")
    made.cycle(minutes=1)

    assert made.lead("101").sides[SALESFORCE].gone == "merged into 00Q2"
    assert [x.record_id for x in made.store.parked()] == ["00Q1"]
    made.hs.move("101", Stage.SAL)
    made.cycles(3, minutes=61)
    assert made.lead("101").sides[SALESFORCE].record_id == "00Q2"
    assert made.store.parked() == []


def test_whatever_is_read_first_the_connectors_id_decides_and_not_the_address() -> None:
    made = house()
    made.hs.add("102", email="shared@x.example")
    made.cycle()
    made.sf.add("00Q1", other_id="101", email="one@x.example", at=made.time.now())
    made.sf.edit("00Q1", more_emails="shared@x.example")
    made.cycle(minutes=1)
    before = made.store.linked()

    made.hs.add("101", email="one@x.example", at=made.time.now())
    made.cycles(2, minutes=61)

    assert before == 0
    assert made.lead("00Q1").sides[HUBSPOT].record_id == "101"
    assert made.lead("102").sides.keys() == {HUBSPOT}


def test_a_parked_record_that_is_deleted_is_parked_no_longer() -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")
    made.cycle()

    made.sf.delete("00Q2")
    made.cycle(minutes=1)

    assert made.store.parked() == []


def test_an_id_a_lead_that_stays_apart_goes_by_is_not_another_leads_former_id() -> None:
    made = house()
    add_person(made, number=1)
    add_person(made, number=2)
    made.cycle()
    heir = replace(shown(made, HUBSPOT, "101"), former=(RecordId("102"), RecordId("100")))

    found = link(made.store, [heir], now=made.time.now())

    assert found.snapshots[made.lead("101").id][HUBSPOT].former == ("100",)
    assert found.snapshots[made.lead("102").id][HUBSPOT].merged_into == "101"


def test_records_of_united_leads_that_show_different_stages_are_told_of() -> None:
    made = linked()
    made.sf.add("00Q2", Stage.DISQUALIFIED, email="other@x.example", at=made.time.now())
    made.cycle(minutes=1)

    made.sf.delete("00Q1", merged_into="00Q2")
    made.cycle(minutes=1)

    told = [x for x in made.story("101").audit if x.kind is AuditKind.DISAGREEMENT]
    assert [(x.facts["field"], x.facts["system"]) for x in told] == [("stage", "salesforce")]
    assert made.sf.stage("00Q2") == Stage.DISQUALIFIED


def test_a_pair_merged_on_both_sides_in_one_look_is_one_lead() -> None:
    made = house()
    for number in (1, 2):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(MINUTE)

    made.sf.delete("00Q1", merged_into="00Q2")
    heir = replace(made.hs.records[RecordId("101")], former=(RecordId("102"),))
    made.hs.records = {heir.id: replace(heir, modified_at=made.time.now())}
    made.cycle(minutes=1)

    assert made.lead("00Q2") == made.lead("101")
    assert {x.record_id for x in made.lead("101").sides.values()} == {"00Q2", "101"}
    assert made.store.status(made.time.now()).leads == 1


@pytest.mark.parametrize("how", ["deleted", "merged into a third", "which is new"])
def test_leads_that_a_merge_left_apart_are_united_when_one_lost_its_partner_in_the_same_look(
    how: str,
) -> None:
    made = three_people()

    made.sf.delete("00Q1", merged_into="00Q2")
    made.sf.edit("00Q2", phone__c="1")
    if how == "deleted":
        made.hs.delete("102")
    elif how == "merged into a third":
        carry_on(made, "103", "102")
        del made.hs.records[RecordId("102")]
    else:
        for loser in ("102", "103"):
            made.hs.delete(loser, merged_into="104")
        made.hs.add("104", at=made.time.now(), email=None, syncd_id=made.lead("00Q3").id)
        carry_on(made, "104", "103", "102")
    made.cycle(minutes=1)

    lead = made.lead("00Q2")
    assert {x.record_id for x in lead.sides.values() if not x.gone} == {"00Q2", "101"}
    assert made.lead("00Q3").id != lead.id
    assert made.hs.value("101", "phone__c") == "1"
    assert made.store.parked() == []


@pytest.mark.parametrize("teller", ["winner", "loser"])
def test_what_became_of_a_contact_that_gave_way_is_not_what_became_of_its_leads_other_one(
    teller: str,
) -> None:
    made = three_people()
    carry_on(made, "103", "102")
    del made.hs.records[RecordId("102")]
    made.cycle(minutes=1)
    made.sf.delete("00Q1", merged_into="00Q2")
    made.cycle(minutes=1)

    made.sf.delete("00Q2")
    if teller == "winner":
        made.hs.edit("103", phone__c="2")
    else:
        made.hs.add("102", at=made.time.now(), email=None)
        made.hs.delete("102", merged_into="103")
    made.cycles(2, minutes=1)

    assert made.lead("00Q2") == made.lead("101") != made.lead("103")
    assert made.lead("101").sides[HUBSPOT].gone is None
    assert made.lead("103").sides[HUBSPOT].record_id == "103"


def test_leads_left_apart_wait_to_be_united_where_one_lost_its_partner_but_has_a_handoff() -> None:
    made = linked(Stage.LEAD)
    add_person(made, number=2, at=made.time.now())
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)

    made.sf.delete("00Q1", merged_into="00Q2")
    made.hs.delete("102")
    made.cycle(minutes=1)

    assert made.lead("101").handoff
    assert made.lead("101").id != made.lead("00Q2").id
    assert [x.record_id for x in made.store.parked()] == ["00Q1"]


def test_a_record_that_waits_to_be_united_is_parked_once() -> None:
    made = linked(Stage.LEAD)
    made.hs.add("105", email="solo@x.example", at=made.time.now())
    made.cycle(minutes=1)
    made.hs.move("105", Stage.MQL)
    made.cycles(2, minutes=10)
    heir = replace(shown(made, HUBSPOT, "101"), former=(RecordId("105"),))

    found = link(made.store, [heir], now=made.time.now())

    assert [x.record_id for x in found.parked] == ["105"]


def test_a_record_merged_into_one_that_was_converted_since_is_that_leads() -> None:
    made = linked()
    made.sf.add("00Q2", email="two@x.example", at=made.time.now())
    made.cycle(minutes=1)
    contact = replace(
        made.sf.records[RecordId("00Q2")],
        id=RecordId("003C"),
        kind="Contact",
        former=(RecordId("00Q2"),),
        modified_at=made.time.now(),
    )
    del made.sf.records[RecordId("00Q2")]
    made.sf.records[contact.id] = contact
    made.cycle(minutes=1)

    made.sf.delete("00Q1", merged_into="00Q2")
    made.cycle(minutes=1)

    assert made.lead("101").sides[SALESFORCE].record_id == "003C"


@pytest.mark.parametrize(("deleted", "living"), [("00Q1", "00Q2"), ("00Q2", "00Q1")])
def test_a_record_deleted_while_its_contact_is_merged_gives_way_to_the_living_one(
    deleted: str, living: str
) -> None:
    made = house()
    for number in (1, 2):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(MINUTE)

    made.sf.delete(deleted)
    heir = replace(made.hs.records[RecordId("101")], former=(RecordId("102"),))
    made.hs.records = {heir.id: replace(heir, modified_at=made.time.now())}
    made.cycle(minutes=1)
    made.hs.edit("101", phone__c="1")
    made.cycle(minutes=1)

    assert made.lead("101").sides[SALESFORCE].record_id == living
    assert made.sf.value(living, "phone__c") == "1"


def test_leads_that_were_converted_stay_apart_when_their_contacts_are_merged() -> None:
    made = house()
    for number in (1, 2):
        add_person(made, number=number)
    made.cycle()
    made.time.sleep(MINUTE)

    for number in (1, 2):
        lead = made.sf.records[RecordId(f"00Q{number}")]
        contact = replace(lead, id=RecordId(f"003-{number}"), former=(lead.id,))
        contact = replace(contact, kind="Contact", modified_at=made.time.now())
        made.sf.records[contact.id] = contact
        made.sf.delete(lead.id, merged_into=contact.id)
    made.hs.delete("102", merged_into="101")
    made.hs.edit("101", phone__c="1")
    made.cycle(minutes=1)

    assert made.lead("101").sides[SALESFORCE].record_id == "003-1"
    assert made.lead("003-2").sides[HUBSPOT].gone == "merged into 101"
