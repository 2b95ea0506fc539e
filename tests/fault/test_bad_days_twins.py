"""Bad days while a missing record is made: it is made once, and nobody's work is lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from box import MINUTE, Box, box

from syncd.domain.names import System
from syncd.sandbox.faults import Kind
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.store_ports import Story

CREATE_IN = {"fields:": "create_in: {salesforce: mql, hubspot: mql}\n\nfields:"}
SF_CREATE = "PATCH .*/composite/sobjects/Lead/Syncd_Id__c$"
HS_CREATE = "POST .*/contacts/batch/upsert$"
SF_QUERY, HS_SEARCH = "POST .*/composite$", "POST .*/contacts/search$"

BY_SYSTEM = pytest.mark.parametrize("system", list(System))


def lone(b: Box, system: System) -> None:
    """A lead in the other CRM alone, which then becomes an mql."""
    if system is System.SALESFORCE:
        with b.world.lock:
            contact = b.marketer.create_contact(
                {
                    "email": "zoe@acme.example",
                    "firstname": "Zoe",
                    "lastname": "Lee",
                    "company": "Acme",
                    "lifecyclestage": "lead",
                    "employees": "120",
                }
            )
        b.cycles(2)
        with b.world.lock:
            b.marketer.edit(contact, {"lifecyclestage": "marketingqualifiedlead"})
        return
    values = {
        "FirstName": "Zoe",
        "LastName": "Lee",
        "Company": "Acme",
        "Email": "zoe@acme.example",
        "Status": "Open",
        "NumberOfEmployees": 120,
    }
    with b.world.lock:
        lead = b.world.salesforce.create_lead(values, b.rep)
    b.cycles(2)
    with b.world.lock:
        b.world.salesforce.edit(lead, {"Status": "Marketing Qualified"}, b.rep)


def shown(b: Box, system: System) -> list[Mapping[str, Any]]:
    """All living people of a CRM."""
    if system is System.HUBSPOT:
        return [record.values for record in b.world.hubspot.tables[CONTACT].following(0)]
    b.world.salesforce.store.settle()
    return [row for row in b.world.salesforce.rows("Lead") if not row["IsDeleted"]]


def story(b: Box) -> Story:
    (lead_id,) = b.worker.store.look_up("zoe@acme.example")
    found = b.worker.store.story(lead_id)
    assert found
    return found


def is_one_story(b: Box) -> bool:
    """One record on each side, linked, with nothing left to do."""
    told = story(b)
    states = {state for _, state, _, _ in told.outbox}
    single = all(len(shown(b, system)) == 1 for system in System)
    return single and len(told.lead.sides) == 2 and states <= {"settled"}


@BY_SYSTEM
def test_a_missing_record_is_made_on_either_side(tmp_path: Path, system: System) -> None:
    with box(tmp_path, changes=CREATE_IN) as b:
        lone(b, system)

        b.cycles(6)

        assert is_one_story(b)
        (made,) = shown(b, system)
        stage = made.get("Status") or made.get("lifecyclestage")
        assert str(stage).lower().replace(" ", "").startswith("marketingqualified")


@BY_SYSTEM
def test_a_lost_answer_while_nothing_can_be_read_makes_no_second_record(
    tmp_path: Path, system: System
) -> None:
    with box(tmp_path, changes=CREATE_IN) as b:
        lone(b, system)
        b.arm(system, f"{SF_CREATE}|{HS_CREATE}", Kind.LOST_RESPONSE)
        b.arm(system, f"{SF_QUERY}|{HS_SEARCH}", Kind.STATUS, status=503, skip=8, times=20)

        b.cycles(30)

        assert is_one_story(b)


@BY_SYSTEM
def test_a_worker_that_is_cut_off_right_after_the_record_was_made_finds_it_again(
    tmp_path: Path, system: System
) -> None:
    with box(tmp_path, changes=CREATE_IN) as b:
        lone(b, system)
        b.arm(system, f"{SF_CREATE}|{HS_CREATE}", Kind.LOST_RESPONSE)
        b.during(f"{SF_CREATE}|{HS_CREATE}", lambda: cut_off(b))

        b.cycles(4)
        b.calm()
        b.restart(10 * MINUTE)
        b.cycles(20)

        assert is_one_story(b)


def cut_off(b: Box) -> None:
    for system in System:
        b.arm(system, ".", Kind.RESET, times=None)
