"""When the native connector is looked for, in whom, and what becomes of what is found."""

from datetime import datetime, timedelta

import pytest
from decide_cases import HUBSPOT, PHONE, TITLE
from fakes import House, add_person, house

from syncd.domain.alert import AlertKind
from syncd.domain.audit import AuditKind
from syncd.domain.names import FieldName, RecordId
from syncd.domain.record import PropertyChange
from syncd.errors import TransientError
from syncd.jobs.backfill import backfill

DAY = timedelta(days=1)
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


def moved(home: House) -> dict[FieldName, datetime] | None:
    known = home.store.sides()[HUBSPOT].connector
    return None if known is None else dict(known)


def found(home: House) -> tuple[FieldName, ...] | None:
    known = moved(home)
    return None if known is None else tuple(known)


def test_what_it_moves_is_kept_with_hubspots_status(home: House) -> None:
    copied(home, PHONE)

    home.cycle()

    assert moved(home) == {PHONE: home.time.now()}


def test_the_first_cycle_already_leaves_alone_what_it_moves(home: House) -> None:
    copied(home, TITLE, "102")
    home.sf.edit("00Q1", **{f"{TITLE}__c": "CEO"})

    home.cycles(2)

    assert home.hs.value("101", f"{TITLE}__c") is None


def test_a_backfill_finds_out_before_anything_can_be_decided() -> None:
    made = house()
    made.hs.connected = True
    add_person(made, number=1)
    copied(made, PHONE)

    backfill(made.pair, made.time, lease=HOUR, told=lambda _: None)

    assert found(made) == (PHONE,)


def test_while_nobody_is_linked_it_is_looked_for_again() -> None:
    made = house()
    made.hs.connected = True
    add_person(made, number=1)
    made.cycle()
    before = found(made)
    copied(made, PHONE)

    made.cycle(minutes=5)

    assert (before, found(made)) == (None, (PHONE,))


def test_a_field_the_next_looks_do_not_see_it_move_stays_the_connectors(home: House) -> None:
    copied(home, PHONE)
    home.cycle()
    home.hs.changes.clear()  # those looked at next are others

    home.time.sleep(DAY)
    home.cycle()

    assert found(home) == (PHONE,)


def test_it_is_forgotten_a_month_after_the_last_write_that_was_seen(home: House) -> None:
    copied(home, PHONE)
    home.cycle()
    home.hs.changes.clear()

    home.time.sleep(31 * DAY)
    home.cycle()

    assert found(home) == ()


def test_a_portal_that_lost_its_properties_has_no_connector_any_more(home: House) -> None:
    copied(home, PHONE)
    home.cycle()
    home.hs.connected = False

    home.time.sleep(DAY)
    home.cycle()

    assert found(home) == ()


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
