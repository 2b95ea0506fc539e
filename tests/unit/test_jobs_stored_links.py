"""A stored link that nothing speaks against is all that is looked up."""

from dataclasses import replace
from typing import Any

import pytest
from decide_cases import HUBSPOT, SALESFORCE
from fakes import DIRECTORY, House, linked

from syncd.commit import Commit
from syncd.core.normalise import normalise
from syncd.domain.names import LeadId, RecordId, System
from syncd.domain.record import Snapshot
from syncd.jobs.stored_links import StoredLinks

STRANGER = RecordId("00Q9")


def shown(made: House, system: System, record: str) -> Snapshot:
    crm = made.sf if system is SALESFORCE else made.hs
    return normalise(crm.records[RecordId(record)], crm.crm_map, DIRECTORY)


def held(made: House, *snapshots: Snapshot) -> list[LeadId] | None:
    found = StoredLinks.look_up(made.store, snapshots).held(snapshots)
    return None if found is None else [lead.id for lead, _ in found]


def test_a_record_is_its_leads_whoever_has_its_address_now() -> None:
    made = linked()
    contact = replace(shown(made, HUBSPOT, "101"), emails=("new@x.example",))

    assert held(made, shown(made, SALESFORCE, "00Q1"), contact) == [made.lead("101").id] * 2


def test_ids_of_the_leads_own_speak_for_it() -> None:
    made = linked()
    lead = made.lead("101")
    before = (RecordId("100"),)
    contact = replace(
        shown(made, HUBSPOT, "101"), lead_id=lead.id, other_id=RecordId("00Q1"), former=before
    )
    side = replace(lead.sides[HUBSPOT], former=before)
    known = replace(lead, sides={**lead.sides, HUBSPOT: side})
    made.store.commit(Commit(now=made.time.now(), leads=(known,)))

    assert held(made, contact) == [lead.id]


@pytest.mark.parametrize(
    "clue",
    [
        {"deleted": True},
        {"merged_into": RecordId("101")},
        {"lead_id": LeadId("ld_another")},
        {"other_id": STRANGER},
        {"former": (STRANGER,)},
        {"record_id": STRANGER},
    ],
)
def test_doubt_about_one_record_leaves_the_whole_batch_to_matching(clue: dict[str, Any]) -> None:
    made = linked()
    doubtful = replace(shown(made, HUBSPOT, "101"), **clue)

    assert held(made, shown(made, SALESFORCE, "00Q1"), doubtful) is None


def test_an_id_its_lead_had_before_is_not_the_leads_present_record() -> None:
    made = linked()
    lead = made.lead("00Q1")
    before = shown(made, SALESFORCE, "00Q1")
    side = replace(lead.sides[SALESFORCE], record_id=RecordId("003C"), former=(before.record_id,))
    known = replace(lead, sides={**lead.sides, SALESFORCE: side})
    made.store.commit(Commit(now=made.time.now(), leads=(known,)))

    assert held(made, before) is None
