"""What people say of a link, carried out: nothing is written because of it."""

from dataclasses import replace

import pytest
from decide_cases import AT_ONCE, HUBSPOT, SALESFORCE
from fakes import House, add_person, house, linked

from syncd.domain.audit import AuditKind
from syncd.domain.handoff import HandoffState
from syncd.domain.lead import Lead
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.order import IgnoreRecord, LinkRecord, Order, UnlinkRecord
from syncd.domain.stage import Stage
from syncd.errors import PermanentError, TransientError

What = LinkRecord | UnlinkRecord | IgnoreRecord


def order(made: House, what: What, number: int = 1) -> None:
    made.store.place(Order(id=f"o-{number}", what=what, by="Olga Ops", placed_at=made.time.now()))
    made.cycle(minutes=1)


def link_it(made: House, record: str, *, to: str, system: System = SALESFORCE) -> None:
    order(made, LinkRecord(lead_id=made.lead(to).id, system=system, record_id=RecordId(record)))


def unlink(made: House, record: str, system: System = SALESFORCE) -> None:
    order(made, UnlinkRecord(lead_id=made.lead(record).id, system=system))


def nothing_written(made: House) -> bool:
    return made.sf.calls["update"] == made.hs.calls["update"] == 0


def two_singles(stage: Stage = Stage.LEAD) -> House:
    """A contact and a Salesforce lead that nothing joins."""
    made = house(rules=AT_ONCE)
    made.hs.add("101", stage, email="jane@x.example", phone__c="1")
    made.sf.add("00Q1", stage, email="j.doe@x.example", phone__c="2")
    made.cycle()
    return made


def records(lead: Lead) -> dict[System, RecordId]:
    return {system: side.record_id for system, side in lead.sides.items()}


# --- unlinking ---------------------------------------------------------------------------


def test_an_unlinked_record_is_a_lead_of_its_own() -> None:
    made = linked()

    unlink(made, "101")

    assert records(made.lead("101")) == {HUBSPOT: "101"}
    assert records(made.lead("00Q1")) == {SALESFORCE: "00Q1"}
    assert made.lead("101").apart == ("00Q1",)
    assert made.lead("00Q1").apart == ("101",)
    assert nothing_written(made)


def test_the_same_address_never_joins_them_again() -> None:
    made = linked()
    unlink(made, "101")

    made.sf.edit("00Q1", phone__c="1")
    made.hs.edit("101", title__c="CEO")
    made.cycles(3, minutes=61)

    assert made.store.linked() == 0
    assert made.store.parked() == []
    assert nothing_written(made)


def test_both_stories_tell_who_unlinked_them() -> None:
    made = linked()

    unlink(made, "101")

    for record in ("101", "00Q1"):
        (entry,) = [x for x in made.story(record).audit if x.kind is AuditKind.UNLINKED]
        assert (entry.personal["by"], entry.facts["record"]) == ("Olga Ops", "00Q1")


def test_a_disagreement_that_was_left_standing_is_no_news_to_either() -> None:
    made = linked()
    made.sf.edit("00Q1", country__c="US")
    made.cycle(minutes=1)

    unlink(made, "101")
    made.cycles(2)

    for lead in (made.lead("101"), made.lead("00Q1")):
        assert all(not side.pending for side in lead.sides.values())


def test_a_write_in_flight_is_called_off() -> None:
    made = linked()
    made.hs.edit("101", phone__c="1")
    made.sf.fails["update"] = TransientError("not now")
    made.cycle(minutes=1)
    del made.sf.fails["update"]

    unlink(made, "101")
    made.cycles(3, minutes=30)

    assert made.sf.value("00Q1", "phone__c") is None
    assert made.outbox() == {}


def test_a_handoff_stays_with_the_lead_that_is_still_an_mql() -> None:
    made = linked(Stage.LEAD, rules=AT_ONCE)
    made.hs.move("101", Stage.MQL)
    made.cycles(3, minutes=1)

    unlink(made, "00Q1")

    lead = made.lead("101")
    assert lead.handoff
    assert made.lead("00Q1").handoff is None


def test_a_handoff_of_a_lead_that_turns_out_to_be_no_mql_ends() -> None:
    made = linked(Stage.LEAD, rules=AT_ONCE)
    made.hs.move("101", Stage.MQL)
    made.sf.fails["update"] = TransientError("not now")
    made.cycle(minutes=1)
    assert made.lead("101").handoff

    unlink(made, "101", HUBSPOT)

    assert made.lead("00Q1").handoff is None
    story = made.story("00Q1")
    assert [x.state for x in story.handoffs] == [HandoffState.SUPERSEDED]


@pytest.mark.parametrize("system", list(System))
def test_a_lead_is_not_parted_from_its_only_record(system: System) -> None:
    made = two_singles()
    before = made.lead("101")

    order(made, UnlinkRecord(lead_id=before.id, system=system))

    assert records(made.lead("101")) == {HUBSPOT: "101"}
    assert made.store.waiting() == []
    assert made.audit("101").count(AuditKind.OVERTAKEN) == 1


# --- linking -----------------------------------------------------------------------------


def test_two_single_leads_are_linked_by_hand_and_nothing_is_written() -> None:
    made = two_singles()

    link_it(made, "00Q1", to="101")

    lead = made.lead("101")
    assert records(lead) == {HUBSPOT: "101", SALESFORCE: "00Q1"}
    assert lead.sides[SALESFORCE].why_linked == "a person's word"
    assert made.store.status(made.time.now()).leads == 1
    assert nothing_written(made)


def test_what_is_edited_after_linking_travels() -> None:
    made = two_singles()
    link_it(made, "00Q1", to="101")

    made.hs.edit("101", title__c="CEO")
    made.cycle(minutes=1)

    assert made.sf.value("00Q1", "title__c") == "CEO"


def test_a_record_set_apart_is_linked_again_when_a_person_says_so() -> None:
    made = linked()
    unlink(made, "101")

    made.store.place(
        Order(
            id="o-2",
            what=LinkRecord(
                lead_id=made.lead("101").id, system=SALESFORCE, record_id=RecordId("00Q1")
            ),
            by="ops",
            placed_at=made.time.now(),
        )
    )
    made.cycle(minutes=1)

    assert made.store.linked() == 1
    assert made.lead("101").apart == ()


def test_a_parked_record_is_linked_by_hand() -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")
    made.cycle()
    assert [x.record_id for x in made.store.parked()] == ["00Q2"]

    link_it(made, "00Q2", to="101")

    assert records(made.lead("101")) == {HUBSPOT: "101", SALESFORCE: "00Q2"}
    assert records(made.lead("00Q1")) == {SALESFORCE: "00Q1"}
    assert made.store.parked() == []
    assert nothing_written(made)


def test_a_record_that_gives_way_does_not_come_back_by_its_address() -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")
    made.cycle()
    link_it(made, "00Q2", to="101")

    made.sf.edit("00Q1", phone__c="1")
    made.cycles(2, minutes=61)

    assert records(made.lead("101")) == {HUBSPOT: "101", SALESFORCE: "00Q2"}
    assert made.store.parked() == []


def test_while_the_crm_is_down_an_order_waits() -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")
    made.cycle()
    made.sf.fails["read"] = TransientError("down")
    link_it(made, "00Q2", to="101")
    waiting = len(made.store.waiting())

    del made.sf.fails["read"]
    made.cycle(minutes=1)

    assert waiting == 1
    assert records(made.lead("101"))[SALESFORCE] == "00Q2"


def test_the_lead_with_something_under_way_goes_on() -> None:
    made = two_singles(Stage.LEAD)
    made.sf.move("00Q1", Stage.MQL)
    made.cycle(minutes=1)
    busy = made.lead("00Q1")
    assert busy.handoff

    link_it(made, "00Q1", to="101")

    assert made.lead("101").id == busy.id
    assert made.lead("101").handoff == busy.handoff


def refused(made: House, record: str) -> str:
    (entry,) = [x for x in made.story(record).audit if x.kind is AuditKind.OVERTAKEN]
    return entry.facts["why"]


def test_a_record_that_is_linked_elsewhere_is_not_torn_away() -> None:
    made = linked()
    made.hs.add("102", email="other@x.example", at=made.time.now())
    made.cycle(minutes=1)

    link_it(made, "00Q1", to="102")

    assert records(made.lead("00Q1")) == {HUBSPOT: "101", SALESFORCE: "00Q1"}
    assert refused(made, "102").startswith("it is linked with HubSpot 101: unlink it first")


def test_two_open_handoffs_are_not_made_one() -> None:
    made = two_singles(Stage.LEAD)
    made.sf.move("00Q1", Stage.MQL)
    made.hs.move("101", Stage.MQL)
    made.cycle(minutes=1)

    link_it(made, "00Q1", to="101")

    assert made.store.linked() == 0
    assert refused(made, "101").startswith("both leads have a handoff or a move open")


def test_a_record_that_does_not_exist_is_told() -> None:
    made = two_singles()

    link_it(made, "00Q9", to="101")

    assert refused(made, "101") == "there is no Salesforce record 00Q9"
    assert made.store.waiting() == []


def test_a_lead_is_not_linked_with_a_record_of_its_own_kind_alone() -> None:
    made = two_singles()
    made.sf.add("00Q2", email="two@x.example", at=made.time.now())
    made.cycle(minutes=1)

    link_it(made, "00Q2", to="00Q1")

    assert refused(made, "00Q1") == "the lead has no record in HubSpot to link it with"


@pytest.mark.parametrize(
    "what",
    [
        LinkRecord(lead_id=LeadId("nobody"), system=HUBSPOT, record_id=RecordId("101")),
        UnlinkRecord(lead_id=LeadId("nobody"), system=HUBSPOT),
    ],
    ids=["link", "unlink"],
)
def test_an_order_about_nobody_is_done(what: What) -> None:
    made = two_singles()

    order(made, what)

    assert made.store.waiting() == []


# --- ignoring ----------------------------------------------------------------------------


def test_an_ignored_record_is_left_alone_for_ever() -> None:
    made = house()
    add_person(made)
    made.cycle()
    made.sf.add("00Q2", at=made.time.now(), email="person1@x.example")
    made.cycle()

    order(made, IgnoreRecord(system=SALESFORCE, record_id=RecordId("00Q2")))
    made.sf.edit("00Q2", email="two@x.example")
    made.cycles(3, minutes=61)

    (parked,) = made.store.parked()
    assert (parked.record_id, parked.ignored) == ("00Q2", True)
    assert made.store.status(made.time.now()).leads == 1


def test_the_audit_of_no_lead_names_the_order_and_not_who_placed_it() -> None:
    made = house()

    order(made, IgnoreRecord(system=SALESFORCE, record_id=RecordId("00Q2")))

    (row,) = made.store._memory.contents.chain
    assert (row.kind, "Olga" in row.facts) == (AuditKind.IGNORED, False)


def test_an_ignored_record_is_linked_by_hand_after_all() -> None:
    made = house()
    made.hs.add("101", email="jane@x.example")
    made.cycle()
    order(made, IgnoreRecord(system=SALESFORCE, record_id=RecordId("00Q2")))
    made.sf.add("00Q2", email="two@x.example", at=made.time.now())
    made.cycle(minutes=1)

    order(
        made,
        LinkRecord(lead_id=made.lead("101").id, system=SALESFORCE, record_id=RecordId("00Q2")),
        number=2,
    )

    assert records(made.lead("101")) == {HUBSPOT: "101", SALESFORCE: "00Q2"}
    assert made.store.parked() == []


def test_a_record_of_a_lead_is_not_ignored() -> None:
    made = linked()

    order(made, IgnoreRecord(system=SALESFORCE, record_id=RecordId("00Q1")))

    assert made.store.parked() == []
    assert refused(made, "101") == "00Q1 belongs to this lead"


def test_an_unlinked_lead_gets_no_twin() -> None:
    made = linked(Stage.LEAD, rules=AT_ONCE)
    rules = made.pair.rules
    crm = replace(rules.crm, create_in=dict.fromkeys(System, Stage.MQL))
    made.pair = replace(made.pair, rules=replace(rules, crm=crm))
    unlink(made, "101")

    made.hs.move("101", Stage.MQL)
    made.cycles(3, minutes=1)

    assert made.sf.calls["create"] == 0


def test_an_order_whose_record_the_crm_never_answers_for_is_left_with_the_reason() -> None:
    made = linked()
    lead = made.lead().id
    made.sf.fails["read"] = PermanentError("MALFORMED_ID: a record id of the wrong kind")

    order(made, LinkRecord(lead_id=lead, system=SALESFORCE, record_id=RecordId("banana")))

    assert made.store.waiting() == []
    assert "MALFORMED_ID" in made.story().audit[-1].facts["why"]
