"""Bad input: values nobody told syncd of, values of a wrong type, values it may not see.

Doubt is never taken for empty: it is a finding, it holds nothing against a move, and it
ends by itself once the value can be read.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from box import MINUTE, Box, Person, box

from syncd.domain.audit import AuditKind
from syncd.domain.names import FieldName, System
from syncd.domain.stage import Stage
from syncd.domain.values import Unreadable
from syncd.domain.verdict import Result
from syncd.sandbox.hubspot.kinds import CONTACT
from syncd.sandbox.hubspot.properties import Option, Property

NEED = FieldName("need")
EMPLOYEES = FieldName("employees")
SQL_READY = {"Need__c": "Fewer spreadsheets", "Budget_Confirmed__c": True}


def findings(b: Box, person: Person, name: str) -> list[tuple[str, str]]:
    """Side and value of each finding about one field."""
    return [
        (entry.facts["system"], entry.personal["seen"])
        for entry in b.story(person).audit
        if entry.kind is AuditKind.FINDING and entry.facts["field"] == name
    ]


def verdicts(b: Box, person: Person) -> list[Result]:
    return [verdict.result for verdict in b.story(person).verdicts]


def property_of(b: Box, name: str) -> Property:
    return b.world.hubspot.tables[CONTACT].properties[name]


def add_stage(b: Box, value: str, label: str) -> None:
    """The portal's admin makes up a lifecycle stage of their own."""
    stage = property_of(b, "lifecyclestage")
    option = Option(value=value, label=label, display_order=len(stage.options))
    b.world.hubspot.define(replace(stage, options=(*stage.options, option)))


# --- stages ----------------------------------------------------------------------------------


def test_an_unknown_salesforce_status_is_a_finding_and_never_travels(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        b.rep_sets(person, Status="Gone Fishing")

        b.cycles(8)

        assert b.stages(person) == ("Gone Fishing", "marketingqualifiedlead", "")
        assert [s for s, _ in findings(b, person, "stage")] == ["salesforce"]
        assert 'Status "Gone Fishing"' in findings(b, person, "stage")[0][1]
        assert b.story(person).lead.stage is Stage.MQL


def test_an_unknown_hubspot_stage_is_a_finding_and_never_travels(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        add_stage(b, "1234567", "Talked to on the fair")
        b.marketer_sets(person, lifecyclestage="1234567")

        b.cycles(8)

        assert b.stages(person) == ("Marketing Qualified", "1234567", "")
        assert [s for s, _ in findings(b, person, "stage")] == ["hubspot"]
        assert b.story(person).lead.stage is Stage.MQL


def test_the_last_known_stage_stays_the_from_after_an_unknown_one(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.offered("ann")
        b.rep_sets(person, Status="Gone Fishing")
        b.cycles(2)
        b.rep_sets(person, Status="Sales Qualified")

        b.cycles(8)

        assert b.stages(person) == ("Marketing Qualified", "marketingqualifiedlead", "")
        moves = [(t.from_stage, t.to_stage) for t in b.story(person).transitions]
        assert (Stage.MQL, Stage.SQL) in moves
        assert len(b.told("blocked")) == 1


def test_a_lead_first_seen_in_an_unknown_stage_is_linked_and_left_alone(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Status="Gone Fishing")

        b.cycles(3)

        assert b.stages(person) == ("Gone Fishing", "lead", "")
        assert set(b.story(person).lead.sides) == set(System)
        assert len(findings(b, person, "stage")) == 1


def test_fields_of_a_lead_in_an_unknown_stage_still_travel(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Status="Gone Fishing")
        b.cycle()
        b.rep_sets(person, Title="CFO")

        b.cycles(2)

        assert b.contact(person)["jobtitle"] == "CFO"


# --- types -----------------------------------------------------------------------------------


def test_a_hubspot_text_where_a_number_belongs_is_a_finding_and_does_not_travel(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        b.world.hubspot.define(replace(property_of(b, "employees"), type="string"))
        person = b.arrive("ann")
        b.cycle()
        b.marketer_sets(person, employees="about fifty", jobtitle="CFO")

        b.cycles(3)

        assert findings(b, person, "employees") == [("hubspot", "about fifty")]
        assert b.lead(person)["NumberOfEmployees"] == 120
        assert b.contact(person)["employees"] == "about fifty"
        assert b.lead(person)["Title"] == "CFO"


def test_a_salesforce_text_where_a_number_belongs_is_a_finding_and_does_not_travel(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        org = b.world.salesforce
        number = org.store.table("Lead").kind.fields["NumberOfEmployees"]
        text = org.store.table("Lead").kind.fields["Company"]
        org.define_field("Lead", replace(text, name=number.name, label=number.label))
        person = b.arrive("ann", NumberOfEmployees="120")
        b.cycle()
        b.rep_sets(person, NumberOfEmployees="about fifty", Title="CFO")

        b.cycles(3)

        assert findings(b, person, "employees") == [("salesforce", "about fifty")]
        assert b.contact(person)["employees"] == "120"
        assert b.contact(person)["jobtitle"] == "CFO"


def test_a_value_of_a_wrong_type_is_unknown_and_the_other_side_is_asked(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        b.world.hubspot.define(replace(property_of(b, "employees"), type="string"))
        person = b.arrive("ann")
        b.cycle()
        b.marketer_sets(person, employees="about fifty", lifecyclestage="marketingqualifiedlead")

        b.cycles(3)

        assert verdicts(b, person) == [Result.PASSES]
        assert b.stages(person)[0] == "Marketing Qualified"


def test_a_number_put_right_travels_and_ends_the_finding(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        b.world.hubspot.define(replace(property_of(b, "employees"), type="string"))
        person = b.arrive("ann")
        b.cycle()
        b.marketer_sets(person, employees="about fifty")
        b.cycle()
        b.marketer_sets(person, employees="55")

        b.cycles(3)

        assert b.lead(person)["NumberOfEmployees"] == 55
        seen = b.story(person).lead.sides[System.HUBSPOT].seen
        assert seen.findings == ()


# --- what may not be seen --------------------------------------------------------------------


def hide_need(b: Box) -> None:
    """Field-level security takes the field away in one CRM, an admin deletes it in the other.
    The daemon notices within the hour."""
    b.world.salesforce.remove_field("Lead", "Need__c")
    b.world.hubspot.undefine("need")
    b.cycle(61 * MINUTE)


def test_a_rule_on_an_unreadable_field_is_unknown_and_blocks_nobody(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", **SQL_READY)
        b.cycle()
        hide_need(b)
        b.rep_sets(person, Status="Sales Qualified")

        b.cycles(8)

        assert b.stages(person)[:2] == ("Sales Qualified", "salesqualifiedlead")
        assert verdicts(b, person)[-1] is Result.UNKNOWN
        assert b.told("blocked") == []
        unknown = [
            f for v in b.story(person).verdicts for f in v.findings if f.rule == "need-stated"
        ]
        assert unknown
        assert "cannot tell yet" in b.lead(person)["Syncd_Verdict__c"]


def test_a_certain_failure_beside_an_unreadable_field_still_blocks(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", Need__c="Fewer spreadsheets")
        b.cycle()
        hide_need(b)
        b.rep_sets(person, Status="Sales Qualified")

        b.cycles(8)

        assert b.stages(person)[0] == "Open"
        assert verdicts(b, person)[-1] is Result.FAILS


@pytest.mark.parametrize("system", list(System), ids=lambda s: s.value)
def test_a_field_one_crm_no_longer_shows_is_read_from_the_other(
    tmp_path: Path, system: System
) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", **SQL_READY)
        b.cycle()
        b.marketer_sets(person, need="Fewer spreadsheets", budget_confirmed="true")
        b.cycle()
        if system is System.SALESFORCE:
            b.world.salesforce.remove_field("Lead", "Need__c")
        else:
            b.world.hubspot.undefine("need")
        b.cycle(61 * MINUTE)
        b.rep_sets(person, Status="Sales Qualified")

        b.cycles(8)

        assert verdicts(b, person)[-1] is Result.PASSES
        lead = b.story(person).lead
        assert isinstance(lead.sides[system].seen.values[NEED], Unreadable)
        assert lead.sides[system.other].seen.values[NEED] == "Fewer spreadsheets"


@pytest.mark.parametrize("system", list(System), ids=lambda s: s.value)
def test_a_field_lost_between_two_cycles_neither_blinds_nor_empties_the_other_side(
    tmp_path: Path, system: System
) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann", **SQL_READY)
        b.cycle()
        b.marketer_sets(person, need="Fewer spreadsheets")
        b.cycle()
        if system is System.SALESFORCE:
            b.world.salesforce.remove_field("Lead", "Need__c")
        else:
            b.world.hubspot.undefine("need")
        b.rep_sets(person, Title="CFO")
        b.marketer_sets(person, lastname="Ackermann")

        b.cycles(4)

        assert [report.down for report in b.past[-4:]] == [{}] * 4
        kept = b.contact(person) if system is System.SALESFORCE else b.lead(person)
        assert "Fewer spreadsheets" in kept.values()
        assert b.contact(person)["jobtitle"] == "CFO"


def test_a_field_that_is_back_is_asked_of_the_next_lead_again(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        field = b.world.salesforce.store.table("Lead").kind.fields["Need__c"]
        person = b.arrive("ann", Budget_Confirmed__c=True)
        b.world.salesforce.remove_field("Lead", "Need__c")
        b.world.hubspot.undefine("need")
        b.cycle(61 * MINUTE)
        b.rep_sets(person, Status="Sales Qualified")
        b.cycles(7)
        b.world.salesforce.define_field("Lead", field)
        b.cycle(61 * MINUTE)
        other = b.arrive("bob", Budget_Confirmed__c=True, Status="Open")
        b.cycle()
        b.rep_sets(other, Status="Sales Qualified")

        b.cycles(8)

        assert b.stages(person)[0] == "Sales Qualified"  # accepted while nobody could tell
        assert b.stages(other)[0] == "Open"
        assert verdicts(b, other)[-1] is Result.FAILS


@pytest.mark.parametrize("system", list(System), ids=lambda s: s.value)
def test_a_missing_syncd_field_is_skipped_and_the_rest_is_written(
    tmp_path: Path, system: System
) -> None:
    with box(tmp_path) as b:
        b.world.salesforce.remove_field("Lead", "Syncd_Findings__c")
        b.world.hubspot.undefine("syncd_findings")
        b.cycle(61 * MINUTE)
        person = b.arrive("ann")
        b.cycle()
        if system is System.SALESFORCE:
            b.rep_sets(person, Status="Sales Qualified")
        else:
            b.marketer_sets(person, lifecyclestage="salesqualifiedlead")

        b.cycles(9)

        assert b.stages(person)[:2] == ("Open", "lead")
        assert "SQL" in b.lead(person)["Syncd_Verdict__c"]
        assert "SQL" in b.contact(person)["syncd_verdict"]
        assert b.worker.store.status(b.world.now()).given_up == ()
