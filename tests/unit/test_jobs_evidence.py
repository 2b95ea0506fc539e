"""What was done with a lead, asked of both CRMs when it counts, over fakes."""

from datetime import datetime, timedelta

import pytest
from decide_cases import HUBSPOT, SALESFORCE
from fakes import MINUTE, FakeCrm, House, add_person, linked

from syncd.domain.alert import AlertKind
from syncd.domain.handoff import Handoff
from syncd.domain.names import FieldName, RecordId, System
from syncd.domain.record import Activity
from syncd.domain.stage import Stage
from syncd.errors import TransientError

DOWN = TransientError("503")
WEEK = timedelta(days=7)
RECORDS = {SALESFORCE: RecordId("00Q1"), HUBSPOT: RecordId("101")}


@pytest.fixture
def offered() -> House:
    """A lead that sales was offered an instant ago."""
    made = linked()
    made.hs.move("101", Stage.MQL)
    made.cycles(2, minutes=1)
    return made


def crm(made: House, system: System) -> FakeCrm:
    return made.sf if system is SALESFORCE else made.hs


def call(made: House, system: System, at: datetime) -> Activity:
    return Activity(
        system=system,
        id="t1",
        record_id=RECORDS[system],
        kind="call",
        at=at,
        owner_id="005R",
        by_syncd=False,
    )


def handoff(made: House) -> Handoff:
    found = made.lead().handoff
    assert found is not None
    return found


def until_told(made: House, kind: AlertKind) -> None:
    """Cycle after cycle until people were told this."""
    for _ in range(24 * 14):
        if kind in made.slack.kinds():
            return
        made.cycle(minutes=30)


@pytest.mark.parametrize("system", [SALESFORCE, HUBSPOT])
def test_what_polling_never_showed_is_known_when_a_deadline_is_judged(
    offered: House, system: System
) -> None:
    at = handoff(offered).opened_at + MINUTE
    offered.cycles(4)
    crm(offered, system).activities.append(call(offered, system, at))  # logged long after
    crm(offered, system).unseen = True

    until_told(offered, AlertKind.SLA_WARNING)

    assert handoff(offered).first_touch_at == at


@pytest.mark.parametrize("system", [SALESFORCE, HUBSPOT])
def test_while_a_crm_cannot_tell_what_was_done_no_deadline_is_judged(
    offered: House, system: System
) -> None:
    crm(offered, system).fails["done_with"] = DOWN
    offered.cycles(8, minutes=24 * 60)
    meanwhile = offered.slack.kinds()

    del crm(offered, system).fails["done_with"]
    offered.cycles(3)

    assert AlertKind.SLA_BREACH not in meanwhile
    assert AlertKind.SLA_BREACH in offered.slack.kinds()


def test_a_lead_whose_deadline_is_not_come_is_not_asked_about(offered: House) -> None:
    before = (offered.sf.calls["done_with"], offered.hs.calls["done_with"])

    offered.cycles(5, minutes=1)

    assert (offered.sf.calls["done_with"], offered.hs.calls["done_with"]) == before


def test_a_lead_without_a_handoff_is_never_asked_about() -> None:
    made = linked()
    made.sf.edit("00Q1", title__c="CEO")
    made.cycles(5)

    assert (made.sf.calls["done_with"], made.hs.calls["done_with"]) == (0, 0)


def test_what_cannot_be_understood_of_one_lead_stops_nobody_elses_deadline(offered: House) -> None:
    add_person(offered, number=2, at=offered.time.now())
    offered.cycle(minutes=1)
    offered.hs.move("102", Stage.MQL)
    offered.cycle(minutes=1)
    odd: datetime = None  # type: ignore[assignment]  # what no CRM should say
    offered.hs.unseen = True
    offered.hs.activities.append(call(offered, HUBSPOT, odd))

    until_told(offered, AlertKind.SLA_BREACH)

    told = [x for _, alerts in offered.slack.sent for x in alerts]
    breached = {x.lead_id for x in told if x.alert.kind is AlertKind.SLA_BREACH}
    assert breached == {offered.lead("00Q2").id}


def test_what_was_done_shows_with_the_next_change_of_the_record(offered: House) -> None:
    at = handoff(offered).opened_at + MINUTE
    offered.time.sleep(5 * MINUTE)
    offered.hs.activities.append(call(offered, HUBSPOT, at))
    offered.hs.edit("101", phone__c="1")

    offered.cycle(minutes=1)

    assert handoff(offered).first_touch_at == at


def test_what_was_done_is_asked_about_once_however_often_polls_show_it(offered: House) -> None:
    offered.sf.activities.append(call(offered, SALESFORCE, offered.time.now()))
    offered.cycle()
    before = (offered.sf.calls["done_with"], offered.hs.calls["done_with"])

    offered.cycles(3, minutes=0)

    assert handoff(offered).first_touch_at is not None
    assert (offered.sf.calls["done_with"], offered.hs.calls["done_with"]) == before


def test_what_was_done_while_one_crm_was_down_shows_once_it_is_back(offered: House) -> None:
    offered.hs.fails |= {"poll": DOWN, "done_with": DOWN}
    offered.sf.activities.append(call(offered, SALESFORCE, offered.time.now()))
    offered.cycle()
    offered.hs.fails.clear()

    offered.cycle()

    assert handoff(offered).first_touch_at is not None


def test_a_side_that_cannot_tell_what_was_done_with_a_touched_lead_has_not_been_read(
    offered: House,
) -> None:
    offered.cycle(minutes=5)
    through = offered.store.sides()[SALESFORCE].read_through
    offered.sf.activities.append(call(offered, SALESFORCE, offered.time.now()))
    offered.sf.fails["done_with"] = DOWN

    offered.cycle(minutes=5)

    assert offered.store.sides()[SALESFORCE].read_through == through


@pytest.mark.parametrize("system", [SALESFORCE, HUBSPOT])
def test_while_one_crm_is_down_what_the_other_shows_is_taken_in(
    offered: House, system: System
) -> None:
    down, other = (
        crm(offered, system),
        crm(offered, HUBSPOT if system is SALESFORCE else SALESFORCE),
    )
    down.fails |= {"poll": DOWN, "done_with": DOWN}
    other.edit(RECORDS[other.system], phone__c="7")

    offered.cycle(minutes=5)

    assert offered.lead().sides[other.system].seen.values[FieldName("phone")] == "7"


def test_a_crm_that_cannot_tell_what_was_done_never_stops_the_others_reading(
    offered: House,
) -> None:
    offered.hs.fails |= {"poll": DOWN, "done_with": DOWN}
    offered.sf.move("00Q1", Stage.SAL)

    report = offered.cycle(minutes=5)

    assert report.down.keys() == {HUBSPOT}
    assert offered.lead().stage is Stage.SAL
