"""What a check-up asks of each vendor, over HTTP, where the answer is not the usual one."""

import re
from collections.abc import Iterator

import pytest
from cli_office import Office, office
from world_time import WorldTime

from syncd.core.doctor.facts import ListFacts
from syncd.errors import PermanentError
from syncd.office_ports import CrmInspector
from syncd.sandbox.faults import Fault, Kind
from syncd.sandbox.hubspot.errors import error
from syncd.sandbox.journal import System
from syncd.wiring import hubspot_of, salesforce_of


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("inspected")) as opened:
        yield opened


def salesforce(made: Office) -> CrmInspector:
    source = made.source()
    return salesforce_of(source.load(), WorldTime(made.world), source.timeouts).inspector


def hubspot(made: Office) -> CrmInspector:
    source = made.source()
    return hubspot_of(source.load(), WorldTime(made.world), source.timeouts).inspector


def a_service_key(made: Office) -> None:
    """HubSpot knows no private app by it."""
    refused = error(404, "resource not found", "OBJECT_NOT_FOUND")
    made.world.faults[System.HUBSPOT].arm(
        Fault(
            match=re.compile("access-token-info"),
            kind=Kind.STATUS,
            status=refused.status,
            body=refused.body,
        )
    )


def test_a_service_key_tells_neither_its_app_nor_its_scopes(made: Office) -> None:
    a_service_key(made)
    inspector = hubspot(made)
    assert inspector.login().app_id is None
    with pytest.raises(PermanentError, match="does not tell the scopes"):
        inspector.granted()


def test_campaigns_are_found_by_either_form_of_their_id(made: Office) -> None:
    org = made.world.salesforce
    campaign = org.create("Campaign", {"Name": "Nurture"}, made.rep)
    gone = org.create("Campaign", {"Name": "Old"}, made.rep)
    org.delete(gone, made.rep)
    found = salesforce(made).lists([campaign[:15], gone, "no id"])
    assert found == {campaign[:15]: ListFacts(name="Nurture", takes_members=True)}


def test_no_field_needs_no_question(made: Office) -> None:
    assert salesforce(made).tracked([]) == frozenset()


def test_hubspot_keeps_all_history_and_shows_no_rules(made: Office) -> None:
    inspector = hubspot(made)
    assert (inspector.tracked(["lifecyclestage"]), inspector.rules("Syncd_")) == (None, ())


def test_the_integration_user_is_told_by_name_and_zone(made: Office) -> None:
    me = salesforce(made).login()
    assert (me.name, me.email, me.time_zone, me.has_leads) == (
        "Syncd Integration",
        "syncd@sandbox.example",
        "America/New_York",
        False,
    )
