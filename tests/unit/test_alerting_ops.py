from datetime import timedelta

from core_cases import NOW, context, gate, lead, standard, transition

from syncd.core import alerting
from syncd.core.alerting_ops import (
    blind_alert,
    config_alert,
    drifted_alert,
    given_up_alert,
    held_plan_alert,
    vanished_alert,
    wrong_account_alert,
)
from syncd.domain.action import FieldWrite, WriteKind, WriteRecord
from syncd.domain.alert import AlertKind
from syncd.domain.decision import HeldLead, Plan, PlanState
from syncd.domain.names import STAGE, ActionKey, LeadId, PlanId, RecordId, System
from syncd.domain.stage import Stage

RECYCLE = WriteRecord(
    key=ActionKey("recycle:1"),
    kind=WriteKind.RECYCLE,
    lead_id=LeadId("lead-1"),
    system=System.HUBSPOT,
    record_id=RecordId("101"),
    record_kind="contact",
    writes=(FieldWrite(field=STAGE, seen=Stage.MQL, value=Stage.NURTURE, rule="recycle"),),
    cause=None,
)


def plan(leads: int) -> Plan:
    return Plan(
        id=PlanId("p-7"),
        kind=WriteKind.RECYCLE,
        state=PlanState.OPEN,
        opened_at=NOW,
        reason="More than 100 recycles in an hour.",
        leads=tuple(
            HeldLead(lead_id=LeadId(f"lead-{n}"), digest="", says=(f"write {n}",))
            for n in range(leads)
        ),
    )


def test_a_held_plan_says_how_much_why_and_how_to_go_on() -> None:
    sent = held_plan_alert(plan(1_200), now=NOW)

    assert sent.key == "alert:held-plan:p-7"
    assert sent.alert.title == "Held: recycle writes to 1,200 leads"
    assert sent.alert.why == (
        "More than 100 recycles in an hour.",
        *(f"write {n}" for n in range(5)),
        "… and 1,195 more",
    )
    assert "`syncd plan show p-7`" in sent.alert.next_step
    assert "`syncd plan apply p-7`" in sent.alert.next_step


def test_a_plan_that_grows_is_told_once() -> None:
    assert held_plan_alert(plan(1), now=NOW).key == held_plan_alert(plan(9), now=NOW).key


def test_a_small_plan_is_shown_whole() -> None:
    assert held_plan_alert(plan(2), now=NOW).alert.why[1:] == ("write 0", "write 1")


def test_a_crm_that_cannot_be_read_is_told_once_per_spell() -> None:
    since = NOW - timedelta(minutes=20)

    sent = blind_alert(System.HUBSPOT, "HubSpot answers 503.", since=since, now=NOW)
    later = blind_alert(System.HUBSPOT, "503 still.", since=since, now=NOW + timedelta(hours=1))

    assert sent.key == later.key
    assert sent.alert.title == "syncd cannot read HubSpot"
    assert sent.alert.why == (
        "HubSpot answers 503.",
        "The last complete read began 20 minutes ago.",
    )
    assert "Salesforce is still read" in sent.alert.next_step


def test_bad_configuration_is_told_with_its_mistakes() -> None:
    alert = config_alert(["standard.yaml:3:1: x", "policy.yaml:9:9: y"], now=NOW).alert

    assert (alert.kind, alert.title) == (AlertKind.CONFIG, "The configuration has 2 mistakes")
    assert alert.why == ("standard.yaml:3:1: x", "policy.yaml:9:9: y")


def test_the_same_mistakes_are_told_once_a_day() -> None:
    keys = [
        config_alert(problems, now=NOW + timedelta(hours=hours)).key
        for problems, hours in ((["x"], 0), (["x"], 1), (["y"], 0), (["x"], 24))
    ]

    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_a_write_given_up_is_told_without_values() -> None:
    alert = given_up_alert(RECYCLE, "DUPLICATE_VALUE", now=NOW).alert

    assert alert.title == "Given up: HubSpot contact 101: recycle (stage from mql to nurture)"
    assert alert.why == ("DUPLICATE_VALUE",)


def test_notes_and_messages_given_up_are_told_apart() -> None:
    ctx = context(standard(gate()))
    note = alerting.blocked_note(lead(), (), transition(), ctx)
    message = alerting.blocked_alert(lead(), (), transition(), ctx)

    titles = [given_up_alert(x, "gone", now=NOW).alert.title for x in (note, message)]

    assert titles == ["Given up: a note on Salesforce Lead 00Q1", "Given up: a message (blocked)"]


def test_missed_changes_are_told_once_a_day_by_records_and_leads() -> None:
    records = [(System.HUBSPOT, RecordId(f"10{n}")) for n in range(7)]

    sent = drifted_alert(records, [LeadId("ld_1")], now=NOW)
    later = drifted_alert(records[:1], [], now=NOW + timedelta(hours=1))

    assert sent.key == later.key
    assert sent.alert.title == "Reading had missed changes to 7 records"
    assert sent.alert.why[1:] == (*(f"HubSpot 10{n}" for n in range(5)), "… and 2 more")
    assert sent.alert.facts == (("Leads", "ld_1"),)
    assert later.alert.facts == (("Leads", "none known before"),)


def test_records_that_vanished_are_told_with_what_becomes_of_them() -> None:
    alert = vanished_alert(System.SALESFORCE, 1_200, now=NOW).alert

    assert alert.title == "Salesforce no longer shows more than 1,200 records"
    assert "what syncd's user may see in Salesforce" in alert.next_step


def test_another_account_is_told_with_its_reason() -> None:
    alert = wrong_account_alert("HubSpot: portal 2 answered.", now=NOW).alert

    assert (alert.kind, alert.why) == (AlertKind.CONFIG, ("HubSpot: portal 2 answered.",))
