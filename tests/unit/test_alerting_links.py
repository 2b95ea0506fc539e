"""What people are told when a record was not made because there may be one already."""

from decide_cases import HUBSPOT, SALESFORCE, context, known, side

from syncd.core.alerting_links import twin_alert
from syncd.domain.alert import AlertKind
from syncd.domain.names import RecordId
from syncd.domain.stage import Stage


def test_it_says_why_shows_the_records_and_names_both_ways_out() -> None:
    lead = known(Stage.MQL, side(HUBSPOT, Stage.MQL))

    told = twin_alert(
        lead, SALESFORCE, "a duplicate rule found similar records", [RecordId("00Q7")], context()
    )

    alert = told.alert
    assert (alert.kind, told.key) == (AlertKind.TWIN, f"alert:twin:{lead.id}")
    assert "a duplicate rule found similar records" in alert.why[0]
    assert alert.why[1].endswith("00Q7")
    assert f"`syncd links link {lead.id} salesforce 00Q7`" in alert.next_step
    assert "create the Salesforce record by hand" in alert.next_step


def test_records_that_were_not_named_leave_a_place_for_one() -> None:
    lead = known(Stage.MQL, side(HUBSPOT, Stage.MQL))

    told = twin_alert(lead, SALESFORCE, "it is taken", [], context())

    assert "salesforce RECORD`" in told.alert.next_step
