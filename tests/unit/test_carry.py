"""A side carried on under a new id: what it keeps, and what becomes of writes in flight."""

from dataclasses import replace
from datetime import datetime

import pytest
from core_cases import BUDGET, NOW, REP
from decide_cases import (
    AT_ONCE,
    HUBSPOT,
    MINUTE,
    OURSELVES,
    SALESFORCE,
    THE_MAP,
    TITLE,
    audit,
    context,
    is_quiet,
    known,
    look,
    records,
    shows,
    side,
    writes,
)

from syncd.core.context import Context
from syncd.core.views import changed, lead_values
from syncd.domain.audit import AuditKind
from syncd.domain.decision import Decision, Observation
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, FieldName, RecordId
from syncd.domain.stage import Stage, StageStep
from syncd.domain.values import Seen, Unreadable

CONTACT, HEIR = RecordId("003C"), RecordId("102")
CONVERTING = replace(
    THE_MAP,
    sides={
        **THE_MAP.sides,
        SALESFORCE: replace(
            THE_MAP.sides[SALESFORCE],
            converted_kind="Contact",
            converted_path="ConvertedContact",
        ),
    },
)


def crm_context(now: datetime = NOW) -> Context:
    return replace(context(now, rules=AT_ONCE), crm=CONVERTING)


def converted(
    lead: Lead, *, at: datetime = NOW, stage: Stage = Stage.OPPORTUNITY, title: Seen = None
) -> Observation:
    """The Salesforce side as the contact it became, without a confirmed budget."""
    title = title or lead.sides[SALESFORCE].seen.values[TITLE]
    seen = shows(lead, SALESFORCE, stage, at=at, title=title)
    shown = {n: v for n, v in seen.snapshot.values.items() if n != BUDGET}
    contact = replace(
        seen.snapshot,
        record_id=CONTACT,
        kind="Contact",
        former=(lead.sides[SALESFORCE].record_id,),
        values=shown,
        fixed="the lead is converted",
    )
    return replace(seen, snapshot=contact)


def merged(lead: Lead, stage: Stage | None = None) -> Observation:
    """The HubSpot side as the new contact it was merged into."""
    seen = shows(lead, HUBSPOT, stage)
    former = (lead.sides[HUBSPOT].record_id,)
    return replace(seen, snapshot=replace(seen.snapshot, record_id=HEIR, former=former))


def carry(lead: Lead, *seen: Observation, now: datetime = NOW) -> Decision:
    return look(lead, *seen, ctx=crm_context(now))


def in_flight(field: FieldName, value: Seen) -> Lead:
    """A lead with an edit made in HubSpot on its way to Salesforce."""
    before = known(title="CFO")
    return carry(before, shows(before, HUBSPOT, also={field: value})).lead


# --- who it is ---------------------------------------------------------------------------


def test_a_converted_lead_goes_on_as_the_contact() -> None:
    before = known(Stage.SQL, title="CFO")

    found = carry(before, converted(before))

    after = found.lead.sides[SALESFORCE]
    assert (after.record_id, after.former) == (CONTACT, (RecordId("00Q1"),))
    assert after.baseline == {**before.sides[SALESFORCE].baseline, STAGE: Stage.OPPORTUNITY}
    assert not any(AuditKind.FIRST_SIGHT is kind for kind in audit(found))


def test_the_audit_tells_both_ids_and_why() -> None:
    before = known(Stage.SQL)

    found = carry(before, converted(before), merged(before))

    told = [x.facts for x in found.audit if x.kind is AuditKind.CARRIED_ON]
    assert {(x["was"], x["record"], x["why"]) for x in told} == {
        ("00Q1", CONTACT, "converted"),
        ("101", HEIR, "merged"),
    }


def test_conversion_is_a_move_and_is_judged_as_one() -> None:
    before = known(Stage.MQL, budget_confirmed=False)

    found = carry(before, converted(before))

    assert [(x.from_stage, x.to_stage) for x in found.transitions] == [
        (Stage.MQL, Stage.OPPORTUNITY)
    ]
    assert [v.gate for v in found.verdicts] == [Stage.SQL]
    assert STAGE not in writes(found, SALESFORCE)


def test_seen_again_the_contact_is_no_news() -> None:
    before = known(Stage.SQL)
    seen = converted(before)
    lead = carry(before, seen).lead

    assert is_quiet(carry(lead, seen))


def test_the_last_move_made_as_a_lead_is_not_told_again_of_the_contact() -> None:
    before = known(Stage.LEAD)
    step = StageStep(at=NOW, stage=Stage.MQL, actor=REP)
    moved = carry(before, shows(before, SALESFORCE, Stage.MQL)).lead
    end = StageStep(at=NOW + MINUTE, stage=Stage.OPPORTUNITY, actor=REP)
    seen = replace(converted(moved, at=NOW + MINUTE), steps=(step, end))

    found = carry(moved, seen, now=NOW + MINUTE)

    assert [x.to_stage for x in found.transitions] == [Stage.OPPORTUNITY]


def test_the_lead_it_was_tells_nothing_any_more() -> None:
    before = known(Stage.SQL, title="CFO")
    lead = carry(before, converted(before)).lead

    found = carry(lead, shows(before, SALESFORCE, title="CEO", at=NOW + MINUTE))

    assert is_quiet(found)
    assert found.lead.sides[SALESFORCE].record_id == CONTACT


def test_a_contact_that_is_hidden_again_takes_no_writes() -> None:
    before = known(Stage.SQL)
    lead = carry(before, converted(before)).lead
    row = shows(before, SALESFORCE, Stage.CUSTOMER, at=NOW + MINUTE, title="CEO")
    row = replace(row, snapshot=replace(row.snapshot, locked="converted", fixed="converted"))

    after = carry(lead, row, now=NOW + MINUTE).lead.sides[SALESFORCE]

    assert (after.record_id, after.seen.locked) == (CONTACT, "converted")
    assert after.seen.values[STAGE] is Stage.CUSTOMER
    assert after.seen.values[TITLE] is None


def test_a_contact_merged_into_another_goes_on_as_that_one() -> None:
    before = known(Stage.SQL)
    lead = carry(before, converted(before)).lead
    other = converted(before, at=NOW + MINUTE)
    other = replace(other, snapshot=replace(other.snapshot, record_id=RecordId("003D")))

    after = carry(lead, other, now=NOW + MINUTE).lead.sides[SALESFORCE]

    assert (after.record_id, after.former) == ("003D", ("00Q1", CONTACT))


# --- what it shows -----------------------------------------------------------------------


def test_a_field_the_contact_does_not_have_was_not_emptied() -> None:
    before = known(Stage.SQL)

    after = carry(before, converted(before)).lead

    assert not changed(after.sides[SALESFORCE], BUDGET)
    assert lead_values(after, CONVERTING, first=SALESFORCE)[BUDGET] is True


def test_what_only_the_lead_told_is_unknown_of_the_contact() -> None:
    before = known(Stage.SQL, side(SALESFORCE, Stage.SQL))

    after = carry(before, converted(before)).lead

    assert isinstance(lead_values(after, CONVERTING, first=SALESFORCE)[BUDGET], Unreadable)


def test_an_edit_made_while_it_was_converted_is_news() -> None:
    before = known(Stage.SQL, title="CFO")

    found = carry(before, converted(before, title="CEO"))

    assert writes(found, HUBSPOT)[TITLE] == "CEO"


def test_a_contact_is_told_fields_but_never_a_stage() -> None:
    before = known(Stage.SQL, title="CFO")
    lead = carry(before, converted(before)).lead
    settled = replace(lead, stage=Stage.OPPORTUNITY)

    found = carry(settled, shows(settled, HUBSPOT, Stage.LEAD, at=NOW + MINUTE, title="CEO"))

    assert writes(found, SALESFORCE) == {TITLE: "CEO"}
    assert "Salesforce cannot be told lead" in {x.facts.get("why") for x in found.audit}


# --- writes in flight --------------------------------------------------------------------


def test_an_edit_on_its_way_is_sent_to_the_contact() -> None:
    lead = in_flight(TITLE, "CEO")

    found = carry(lead, converted(lead, stage=Stage.LEAD))

    (write,) = records(found)
    assert (write.record_id, write.record_kind) == (CONTACT, "Contact")
    assert writes(found, SALESFORCE) == {TITLE: "CEO"}
    assert found.lead.sides[SALESFORCE].pending[TITLE].key == write.key


def test_an_edit_that_got_there_with_the_lead_is_not_sent_again() -> None:
    lead = in_flight(TITLE, "CEO")

    found = carry(lead, converted(lead, stage=Stage.LEAD, title="CEO"))

    after = found.lead.sides[SALESFORCE]
    assert (records(found), after.baseline[TITLE], after.pending) == ((), "CEO", {})
    (told,) = (x for x in found.audit if x.kind is AuditKind.OVERWRITE)
    assert told.personal == {"was": "CFO", "is": "CEO"}


def test_an_edit_of_a_field_the_contact_lacks_is_told_and_dropped() -> None:
    lead = in_flight(BUDGET, False)

    found = carry(lead, converted(lead, stage=Stage.LEAD))

    assert (records(found), found.lead.sides[SALESFORCE].pending) == ((), {})
    assert [x.facts["field"] for x in found.audit if x.kind is AuditKind.DISAGREEMENT] == [BUDGET]


def test_both_edits_are_weighed_where_a_person_edited_the_contact_meanwhile() -> None:
    lead = in_flight(TITLE, "CEO")

    found = carry(lead, converted(lead, stage=Stage.LEAD, title="COO"))

    assert TITLE in found.lead.disputes
    assert records(found) == ()


def test_a_move_on_its_way_is_made_on_the_record_it_was_merged_into() -> None:
    before = known(Stage.LEAD)
    lead = carry(before, shows(before, SALESFORCE, Stage.MQL)).lead

    found = carry(lead, merged(lead))

    assert writes(found, HUBSPOT)[STAGE] is Stage.MQL
    assert {write.record_id for write in records(found)} == {HEIR}


def test_our_own_move_found_in_the_history_of_the_heir_is_told_once_as_ours() -> None:
    before = known(Stage.LEAD)
    lead = carry(before, shows(before, SALESFORCE, Stage.MQL)).lead
    ours = StageStep(at=NOW, stage=Stage.MQL, actor=OURSELVES)
    seen = replace(merged(lead, Stage.MQL), steps=(ours,))

    found = carry(lead, seen)

    assert [(x.system, x.actor.kind) for x in found.transitions] == [(HUBSPOT, OURSELVES.kind)]
    assert STAGE not in writes(found, HUBSPOT)
    assert found.verdicts == ()


def test_decided_again_nothing_is_sent_twice() -> None:
    lead = in_flight(TITLE, "CEO")
    seen = converted(lead, stage=Stage.LEAD)
    after = carry(lead, seen).lead

    assert records(carry(after, seen)) == ()


# --- gone and back -----------------------------------------------------------------------


@pytest.fixture
def half_gone() -> Lead:
    before = known(title="CFO")
    seen = shows(before, SALESFORCE)
    return carry(before, replace(seen, snapshot=replace(seen.snapshot, deleted=True))).lead


def test_a_record_that_comes_back_goes_on_where_it_stood(half_gone: Lead) -> None:
    found = carry(half_gone, shows(half_gone, SALESFORCE, at=NOW + MINUTE, title="COO"))

    after = found.lead.sides[SALESFORCE]
    assert (after.gone, writes(found, HUBSPOT)) == (None, {TITLE: "COO"})
    assert audit(found) == [AuditKind.CARRIED_ON]


def test_what_changed_on_the_other_side_meanwhile_is_news(half_gone: Lead) -> None:
    edited = carry(half_gone, shows(half_gone, HUBSPOT, title="CEO"))

    found = carry(edited.lead, shows(edited.lead, SALESFORCE, at=NOW + MINUTE))

    assert records(edited) == ()
    assert writes(found, SALESFORCE) == {TITLE: "CEO"}


def test_a_record_that_missed_a_move_is_brought_up_to_the_lead(half_gone: Lead) -> None:
    moved = carry(half_gone, shows(half_gone, HUBSPOT, Stage.MQL)).lead

    found = carry(moved, shows(moved, SALESFORCE, at=NOW + MINUTE))

    assert writes(found, SALESFORCE)[STAGE] is Stage.MQL


def test_a_deleted_record_that_others_carry_on_for_is_told_by_its_id(half_gone: Lead) -> None:
    found = carry(half_gone, converted(half_gone))

    (told,) = (x.facts for x in found.audit if x.kind is AuditKind.CARRIED_ON)
    assert (told["was"], told["record"], told["why"]) == ("00Q1", CONTACT, "converted")


def test_another_record_in_its_place_gets_nothing_that_is_old(half_gone: Lead) -> None:
    edited = carry(half_gone, shows(half_gone, HUBSPOT, title="CEO")).lead
    other = shows(edited, SALESFORCE, at=NOW + MINUTE)
    other = replace(other, snapshot=replace(other.snapshot, record_id=RecordId("00Q7")))

    found = carry(edited, other)

    assert TITLE not in writes(found, SALESFORCE)
    assert TITLE not in writes(found, HUBSPOT)


def test_a_write_that_was_on_its_way_is_made_when_the_record_comes_back() -> None:
    lead = in_flight(TITLE, "CEO")
    seen = shows(lead, SALESFORCE)
    gone = carry(lead, replace(seen, snapshot=replace(seen.snapshot, deleted=True))).lead

    found = carry(gone, shows(gone, SALESFORCE, at=NOW + MINUTE))

    assert writes(found, SALESFORCE) == {TITLE: "CEO"}
