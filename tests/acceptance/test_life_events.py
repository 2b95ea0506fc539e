"""Life events: a lead that is converted, merged, deleted, brought back, or whose address goes to
somebody else keeps its story, and nobody gets another person's data."""

from pathlib import Path

from box import HOUR, MINUTE, Box, Person, box

from syncd.domain.audit import AuditKind
from syncd.domain.handoff import HandoffState
from syncd.domain.lead import Side
from syncd.domain.names import System
from syncd.domain.stage import Stage
from syncd.sandbox.journal import ActorKind
from syncd.sandbox.salesforce.convert import convert_lead
from syncd.sandbox.salesforce.merge import merge_contacts, merge_leads

FOLLOWED = {"salesforce: Need__c,": "salesforce: Need__c, contact: Need__c,"}
UPDATED = "PATCH .*/composite/sobjects$"
POLLED = "POST .*/composite$"


def convert(b: Box, person: Person) -> str:
    return convert_lead(b.world.salesforce, person.sf, b.rep).contact_id


def side(b: Box, person: Person, system: System) -> Side:
    return b.story(person).lead.sides[system]


def written_by_us(b: Box, record: str, *, since: int = 0) -> list[str]:
    """The fields of a record that syncd wrote."""
    entries = b.world.journal.after(since)
    ours = [e for e in entries if e.actor.kind is ActorKind.API]
    return [e.field for e in ours if e.record_id == record]


def carried(b: Box, person: Person) -> list[tuple[str, str]]:
    """Every change of identity the audit tells of: which record, and why."""
    told = (x for x in b.story(person).audit if x.kind is AuditKind.CARRIED_ON)
    return [(x.facts["record"], x.facts["why"]) for x in told]


# --- conversion --------------------------------------------------------------------------


def test_edits_on_either_side_go_on_flowing_between_contact_and_hubspot(tmp_path: Path) -> None:
    with box(tmp_path, changes=FOLLOWED) as b:
        person = b.arrive("ann", Title="CFO")
        b.cycle()
        contact = convert(b, person)
        b.cycles(2)
        since = len(b.world.journal)

        b.marketer_sets(person, jobtitle="CEO")
        b.world.salesforce.edit(contact, {"Need__c": "Speed"}, b.rep)
        b.cycles(3)

        assert b.world.salesforce.record(contact)["Title"] == "CEO"
        assert b.contact(person)["need"] == "Speed"
        assert written_by_us(b, person.sf, since=since) == []
        assert carried(b, person) == [(contact, "converted")]


def test_conversion_ends_the_handoff_and_keeps_baselines_and_audit(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        before = b.story(person)
        assert before.lead.handoff is not None

        contact = convert(b, person)
        b.cycles(8)

        after = b.story(person)
        assert after.audit[: len(before.audit)] == before.audit
        assert [(h.id, h.state, h.closed_because) for h in after.handoffs] == [
            (before.lead.handoff.id, HandoffState.SUPERSEDED, "the lead was converted")
        ]
        assert side(b, person, System.SALESFORCE).former == (person.sf,)
        assert side(b, person, System.SALESFORCE).record_id == contact
        moves = [(t.system, t.to_stage) for t in after.transitions]
        assert sorted(moves) == [
            (System.HUBSPOT, Stage.MQL),
            (System.HUBSPOT, Stage.OPPORTUNITY),
            (System.SALESFORCE, Stage.MQL),
            (System.SALESFORCE, Stage.OPPORTUNITY),
        ]


def test_an_edit_on_its_way_to_the_lead_arrives_at_the_contact(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Title="CFO")
        b.cycle()
        b.marketer_sets(person, jobtitle="CEO")
        became: list[str] = []
        b.during(POLLED, lambda: became.append(convert(b, person)))

        b.cycles(8)

        assert b.world.salesforce.record(became[0])["Title"] == "CEO"
        assert written_by_us(b, person.sf) == []
        assert side(b, person, System.SALESFORCE).pending == {}


def test_two_leads_converted_into_one_contact_are_one_person(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person, twin = b.arrive("ann"), b.arrive("anna")
        b.cycle()
        contact = convert(b, person)
        b.cycle()

        convert_lead(b.world.salesforce, twin.sf, b.rep, contact_id=contact)
        b.cycles(2)

        assert side(b, person, System.SALESFORCE).record_id == contact
        assert side(b, twin, System.SALESFORCE).gone == f"merged into {contact}"


def test_a_merge_of_contacts_is_followed(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Title="CFO")
        b.cycle()
        contact = convert(b, person)
        b.cycle()
        other = b.world.salesforce.create("Contact", {"LastName": "Acme"}, b.rep)

        merge_contacts(b.world.salesforce, other, [contact], b.rep, values={"Title": "CEO"})
        b.cycles(3)

        assert b.contact(person)["jobtitle"] == "CEO"
        assert carried(b, person) == [(contact, "converted"), (other, "merged")]


def test_a_contact_that_is_deleted_and_brought_back_goes_on(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Title="CFO")
        b.cycle()
        contact = convert(b, person)
        b.cycle()
        b.world.salesforce.delete(contact, b.rep)
        b.cycle()
        gone = side(b, person, System.SALESFORCE).gone

        b.world.salesforce.undelete(contact, b.rep)
        b.cycle()
        b.marketer_sets(person, jobtitle="CEO")
        b.cycles(2)

        assert gone == "deleted"
        assert b.world.salesforce.record(contact)["Title"] == "CEO"


# --- merges ------------------------------------------------------------------------------


def test_a_merge_in_hubspot_into_a_new_record_keeps_the_link(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        b.world.hubspot.settings.merge_makes_new_record = True
        person = b.arrive("ann", Title="CFO")
        b.cycle()
        twin = b.marketer.create_contact({"email": "ann2@acme.example", "lifecyclestage": "lead"})
        b.cycle()

        heir = b.marketer.merge(person.hs, twin)
        b.cycles(2)
        b.rep_sets(person, Title="CEO")
        b.cycles(2)

        assert b.world.hubspot.contact(heir)["jobtitle"] == "CEO"
        assert side(b, person, System.HUBSPOT).record_id == str(heir)
        assert carried(b, person) == [(str(heir), "merged")]


def test_a_merge_in_salesforce_keeps_the_link(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Title="CFO")
        b.cycle()
        values = {"LastName": "Acme", "Company": "Acme", "Status": "Open"}
        twin = b.world.salesforce.create_lead(values, b.rep)
        b.cycle()

        merge_leads(b.world.salesforce, twin, [person.sf], b.rep)
        b.cycles(2)
        b.marketer_sets(person, jobtitle="CEO")
        b.cycles(3)

        assert b.world.salesforce.record(twin)["Title"] == "CEO"


# --- deletion ----------------------------------------------------------------------------


def test_what_changed_while_a_record_was_deleted_is_news_when_it_comes_back(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Title="CFO")
        b.cycle()
        b.world.salesforce.delete(person.sf, b.rep)
        b.cycle()
        b.marketer_sets(person, jobtitle="CEO")
        b.marketer_sets(person, lifecyclestage="marketingqualifiedlead")
        b.cycles(2)

        b.world.salesforce.undelete(person.sf, b.rep)
        b.cycles(3)

        assert b.lead(person)["Title"] == "CEO"
        assert b.lead(person)["Status"] == "Marketing Qualified"
        assert carried(b, person) == [(person.sf, "it came back")]


def test_a_handoff_outlives_the_deletion_of_one_of_its_records(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        due = b.story(person).lead.handoff
        b.marketer.archive(person.hs)
        b.rep_sets(person, Title="CEO")
        b.cycles(2, HOUR)

        b.marketer.restore(person.hs)
        b.cycles(2)

        handoff = b.story(person).lead.handoff
        assert handoff is not None
        assert due is not None
        assert (handoff.id, handoff.clocks) == (due.id, due.clocks)


def test_a_lead_outlives_its_record_that_leaves_the_recycle_bin(tmp_path: Path) -> None:
    changes = {"fields:": "create_in: {salesforce: mql}\n\nfields:"}
    with box(tmp_path, changes=changes) as b:
        person = b.arrive("ann", Title="Countess of Salesforce")
        b.cycle()
        with b.world.lock:
            b.world.salesforce.delete(person.sf, b.rep)
        b.cycles(2)
        b.world.advance(15 * 24 * HOUR)
        with b.world.lock:
            b.world.salesforce.purge(person.sf)
        b.cycles(26, HOUR)

        b.marketer_sets(person, lifecyclestage="marketingqualifiedlead")
        b.cycles(3)

        lead = b.story(person).lead
        assert (set(lead.sides), lead.stage) == ({System.HUBSPOT}, Stage.MQL)
        assert "Countess" not in repr(lead)
        assert b.worker.store.look_up(person.sf) == []
        assert not [r for r in b.world.salesforce.rows("Lead") if not r["IsDeleted"]]
        assert b.told("erased") == []


# --- an address that moves ---------------------------------------------------------------


def test_an_address_that_goes_to_somebody_else_moves_no_data(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        ann, bob = b.arrive("ann", Title="CFO"), b.arrive("bob", Title="CTO")
        b.cycle()
        with b.world.lock:
            b.world.salesforce.edit(ann.sf, {"Email": "old@acme.example"}, b.rep)
            b.world.salesforce.edit(bob.sf, {"Email": ann.email}, b.rep)
        b.cycle()

        b.world.salesforce.edit(bob.sf, {"Title": "Bob's title"}, b.rep)
        b.world.salesforce.edit(ann.sf, {"Title": "Ann's title"}, b.rep)
        b.cycles(3, MINUTE)

        assert b.contact(ann)["jobtitle"] == "Ann's title"
        assert b.contact(bob)["jobtitle"] == "Bob's title"


def test_a_new_contact_with_an_address_somebody_gave_up_is_somebody_new(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        values = {"LastName": "Doe", "Company": "Acme", "Email": "desk@acme.example"}
        lead = b.world.salesforce.create_lead({**values, "Title": "CFO"}, b.rep)
        b.cycle()

        b.world.salesforce.edit(lead, {"Email": "private@acme.example"}, b.rep)
        newcomer = b.marketer.create_contact({"email": "desk@acme.example", "jobtitle": "Intern"})
        b.cycles(3)

        assert b.world.salesforce.record(lead)["Title"] == "CFO"
        assert b.world.hubspot.contact(newcomer)["jobtitle"] == "Intern"
