"""When the native connector is looked for, in whom, and what becomes of what is found."""

from datetime import timedelta

import pytest
from decide_cases import HUBSPOT, PHONE, TITLE
from fakes import House, add_person, house

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import FieldName, RecordId
from syncd.domain.record import PropertyChange
from syncd.errors import TransientError

HOUR = timedelta(hours=1)
DOWN = TransientError("no answer")


@pytest.fixture
def home() -> House:
    """Two people known on both sides, and a portal with the connector in it."""
    made = house()
    add_person(made, number=1)
    add_person(made, number=2)
    made.cycle()
    made.time.sleep(HOUR)
    made.hs.connected = True
    made.pair.meter.looked = None
    return made


def copied(home: House, field: FieldName, record: str = "101") -> None:
    """The connector writes a property of a contact."""
    home.hs.edit(record, **{f"{field}__c": "by the connector"})
    home.hs.changes.setdefault(RecordId(record), []).append(
        PropertyChange(
            name=f"{field}__c",
            value="by the connector",
            at=home.time.now(),
            actor_id="Salesforce Connector",
            by_person=False,
            by_syncd=False,
            by_connector=True,
        )
    )


def found(home: House) -> tuple[FieldName, ...] | None:
    return home.store.sides()[HUBSPOT].connector


def test_what_it_moves_is_kept_with_hubspots_status(home: House) -> None:
    copied(home, PHONE)

    home.cycle()

    assert found(home) == (PHONE,)


def test_it_is_looked_for_at_the_start_and_once_a_day(home: House) -> None:
    home.cycles(3, minutes=5)
    copied(home, PHONE)
    home.cycles(3, minutes=5)
    before = found(home)

    home.cycle(minutes=24 * 60)

    assert (before, found(home)) == ((), (PHONE,))


def test_while_hubspot_is_down_nothing_is_concluded_and_it_is_looked_for_again(
    home: House,
) -> None:
    home.cycle()
    copied(home, PHONE)
    home.cycle()
    home.pair.meter.looked = None
    home.hs.fails = {"history": DOWN}
    home.cycle(minutes=1)
    before = found(home)
    home.hs.fails = {}

    home.cycle(minutes=1)

    assert (before, found(home)) == ((), (PHONE,))


def test_contacts_that_belong_to_no_lead_in_salesforce_are_not_asked(home: House) -> None:
    home.hs.add("900", email="lonely@x.example")
    home.cycle(minutes=1)
    copied(home, TITLE, "900")
    home.pair.meter.looked = None

    home.cycle(minutes=1)

    assert found(home) == ()


def test_a_quiet_day_is_judged_by_any_linked_contacts(home: House) -> None:
    copied(home, PHONE)
    home.cycle()
    home.time.sleep(72 * HOUR)
    home.pair.meter.looked = None

    home.cycle()

    assert found(home) == (PHONE,)


def test_a_portal_without_its_properties_costs_no_calls(home: House) -> None:
    home.hs.connected = False
    before = home.hs.calls["history"]

    home.cycle()

    assert home.hs.calls["history"] == before


def test_a_change_of_a_field_left_to_it_is_a_disagreement_nobody_writes(home: House) -> None:
    copied(home, PHONE)
    home.cycle()
    home.hs.edit("102", **{f"{PHONE}__c": "+1 555 0100"})

    home.cycles(2)

    assert home.sf.value("00Q2", f"{PHONE}__c") is None
    assert AuditKind.DISAGREEMENT in home.audit("00Q2")


def test_people_are_told_once(home: House) -> None:
    copied(home, PHONE)

    for _ in range(3):
        home.cycle(minutes=25 * 60)

    assert home.slack.kinds().count(AlertKind.CONNECTOR) == 1
