"""What must exist in each CRM for a configuration to work."""

from dataclasses import replace

from core_cases import CRM, POLICY

from syncd.core.wanted import Choice, WantedField, wanted
from syncd.domain.mapping import CrmMap, Mark
from syncd.domain.names import FieldName, System
from syncd.domain.values import Direction, FieldSpec, FieldType

S, H = System.SALESFORCE, System.HUBSPOT
ROLE = FieldSpec(
    name=FieldName("buying_role"),
    type=FieldType.PICKLIST,
    properties={S: "Role__c", H: "role"},
    direction=Direction.TO_SALESFORCE,
    options={S: {"decision-maker": "Decider"}, H: {"decision-maker": "decider"}},
    converted="Contact_Role__c",
    where="crm.yaml:7",
)
VERDICT = FieldSpec(
    name=FieldName("syncd_verdict"),
    type=FieldType.STRING,
    properties={S: "Syncd_Verdict__c"},
    options={},
)
INDUSTRY = FieldSpec(
    name=FieldName("industry"),
    type=FieldType.STRING,
    properties={S: "Owner.Department"},
    converted="Account.Industry",
    options={},
)


def crm_with(*specs: FieldSpec) -> CrmMap:
    sides = dict(CRM.sides)
    sides[S] = replace(sides[S], external_id="Id__c", converted_kind="Contact")
    return replace(
        CRM,
        sides=sides,
        fields={spec.name: spec for spec in specs},
        marks={Mark.VERDICT: VERDICT.name},
    )


def found(crm: CrmMap, name: str) -> WantedField:
    return next(x for x in wanted(POLICY, crm).fields if x.name == name)


def test_a_picklist_is_wanted_with_its_options_on_lead_and_contact() -> None:
    lead, contact = (found(crm_with(ROLE), x) for x in ("Role__c", "Contact_Role__c"))
    assert lead.choices == contact.choices == (Choice("Decider", "Decision maker"),)
    assert (lead.kind, contact.kind, lead.where) == ("Lead", "Contact", "crm.yaml:7")


def test_only_where_a_field_flows_to_is_it_written() -> None:
    crm = crm_with(ROLE)
    assert (found(crm, "Role__c").written, found(crm, "role").written) == (True, False)


def test_a_mark_is_syncds_own_and_long_enough() -> None:
    mark = found(crm_with(VERDICT), "Syncd_Verdict__c")
    assert (mark.own, mark.written, mark.length, mark.can_be_made) == (True, True, 255, True)


def test_the_external_id_is_unique() -> None:
    assert found(crm_with(), "Id__c").unique


def test_fields_of_other_records_are_nobodys_to_make() -> None:
    names = {x.name for x in wanted(POLICY, crm_with(INDUSTRY)).fields}
    assert not {"Owner.Department", "Account.Industry"} & names


def test_the_properties_of_the_stage_come_with_every_value_a_line_names() -> None:
    for system in System:
        side = CRM.sides[system]
        named = {v for line in side.stages for v in line.values.values() if v}
        offered = {
            choice.value
            for x in wanted(POLICY, CRM).fields
            if x.system is system and x.purpose == "tells the stage"
            for choice in x.choices
        }
        assert offered == named


def test_each_field_is_wanted_once() -> None:
    twice = replace(ROLE, name=FieldName("role_again"))
    places = [(x.system, x.kind, x.name) for x in wanted(POLICY, crm_with(ROLE, twice)).fields]
    assert len(places) == len(set(places))


def test_lists_are_wanted_where_policy_names_them() -> None:
    recycle = replace(POLICY.recycle, nurture_list="87", campaign="701")
    lists = wanted(replace(POLICY, recycle=recycle), CRM).lists
    assert [(x.system, x.id) for x in lists] == [(H, "87"), (S, "701")]
