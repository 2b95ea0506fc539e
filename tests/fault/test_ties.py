"""Thousands of records with one timestamp, shown late by either CRM: none is lost. What no
poll can show is found by reading it again."""

from datetime import timedelta
from pathlib import Path

import pytest
from box import HOUR, Box, box

from syncd.domain.names import FieldName, System
from syncd.jobs.walk import every_lead
from syncd.store_ports import LeadStore

LATE = timedelta(minutes=5)
INDEX_DELAY = timedelta(seconds=30)
PATIENT = {"overlap: 2 minutes": "overlap: 10 minutes"}
NEED, TITLE = FieldName("need"), FieldName("title")


def people(office: Box, count: int) -> tuple[list[str], list[int]]:
    """So many people in Salesforce, and so many others in HubSpot."""
    org, hands = office.world.salesforce, office.marketer
    person = {"LastName": "Lee", "Company": "Acme", "Status": "Open"}
    with office.world.lock:
        leads = [
            org.create_lead({**person, "Email": f"s{n}@acme.example"}, office.rep)
            for n in range(count)
        ]
        contacts = [
            hands.create_contact({"email": f"h{n}@acme.example", "lifecyclestage": "lead"})
            for n in range(count)
        ]
    return leads, contacts


def bulk_edit(office: Box, leads: list[str], contacts: list[int]) -> None:
    """All at one instant; a third of the leads shows at once, a third late, a third last."""
    with office.world.lock:
        for number, lead in enumerate(leads):
            office.world.salesforce.edit(
                lead, {"Title": "Edited"}, office.rep, commit_after=LATE * (number % 3) / 2
            )
        for contact in contacts:
            office.marketer.edit(contact, {"need": "Edited"})


def seen(store: LeadStore, system: System, field: FieldName) -> int:
    """How many people of one CRM the store knows as edited."""
    sides = (lead.sides.get(system) for lead in every_lead(store))
    return sum(1 for side in sides if side and side.seen.values.get(field) == "Edited")


@pytest.mark.parametrize(
    "count", [pytest.param(210, id="few"), pytest.param(20_000, id="20000", marks=pytest.mark.slow)]
)
def test_records_sharing_one_timestamp_and_shown_late_are_all_read(
    tmp_path: Path, count: int
) -> None:
    with box(tmp_path, changes=PATIENT, patience=60) as office:
        office.world.hubspot.settings.index_delay = INDEX_DELAY
        leads, contacts = people(office, count)
        office.cycles(2)

        bulk_edit(office, leads, contacts)
        office.cycle(timedelta())
        office.cycles(12, INDEX_DELAY)

        store = office.worker.store
        assert seen(store, System.SALESFORCE, TITLE) == count
        assert seen(store, System.HUBSPOT, NEED) == count
        assert sum(report.missed for report in office.past) == 0


def test_what_too_short_an_overlap_loses_is_found_within_a_day_and_told(tmp_path: Path) -> None:
    with box(tmp_path) as office:
        leads, contacts = people(office, 30)
        office.cycles(2)
        bulk_edit(office, leads, contacts)
        office.cycles(12, INDEX_DELAY)
        lost = len(leads) - seen(office.worker.store, System.SALESFORCE, TITLE)

        office.cycles(24, HOUR)

        assert lost > 0
        assert seen(office.worker.store, System.SALESFORCE, TITLE) == len(leads)
        assert sum(report.missed for report in office.past) == lost
        assert len(office.told("drifted")) == 1


def test_a_formula_field_that_moves_no_stamp_is_found_and_alarms_nobody(tmp_path: Path) -> None:
    with box(tmp_path) as office:
        ada = office.arrive("ada")
        office.cycles(5)  # past the overlap, in which a poll would show it
        with office.world.lock:
            table = office.world.salesforce.store.table("Lead")
            table.put({**office.lead(ada), "Title": "Edited"})

        office.cycles(24, HOUR)

        assert office.contact(ada)["jobtitle"] == "Edited"
        assert sum(report.silent for report in office.past) == 1
        assert office.told("drifted") == []
