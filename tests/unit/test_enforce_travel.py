"""The stage on its way to the other side, and people who move it meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest
from core_cases import NOW
from decide_cases import (
    AT_ONCE,
    HUBSPOT,
    MARKETER,
    MINUTE,
    SALESFORCE,
    WORKFLOW,
    audit,
    context,
    delivered,
    is_quiet,
    known,
    look,
    records,
    shows,
    side,
    writes,
)

from syncd.domain.action import WriteKind
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, System
from syncd.domain.stage import Stage
from syncd.domain.values import Unreadable

ALL = context(rules=AT_ONCE)


def on_its_way() -> Lead:
    """HubSpot moved lead → mql; the write to Salesforce is pending."""
    before = known(Stage.LEAD)
    return look(before, shows(before, HUBSPOT, Stage.MQL, by=MARKETER)).lead


@pytest.mark.parametrize("half_way", [Stage.LEAD, Stage.MQL, Stage.NONE])
def test_while_the_stage_is_on_its_way_old_new_and_none_count_as_unchanged(
    half_way: Stage,
) -> None:
    lead = on_its_way()

    found = look(lead, shows(lead, SALESFORCE, half_way, at=NOW + MINUTE, by=None))

    assert (found.actions, found.transitions) == ((), ())


def test_another_move_there_cancels_the_pending_write() -> None:
    lead = on_its_way()

    found = look(lead, shows(lead, SALESFORCE, Stage.NURTURE, at=NOW + MINUTE))

    assert STAGE not in found.lead.sides[SALESFORCE].pending
    assert found.lead.stage is Stage.NURTURE
    assert writes(found, HUBSPOT)[STAGE] is Stage.NURTURE


def test_what_was_once_on_its_way_explains_no_later_move() -> None:
    lead = on_its_way()
    moved = delivered(look(lead, shows(lead, SALESFORCE, Stage.NURTURE, at=NOW + MINUTE)))

    found = look(moved, shows(moved, SALESFORCE, Stage.LEAD, at=NOW + 2 * MINUTE))

    assert found.lead.stage is Stage.LEAD
    assert writes(found, HUBSPOT) == {STAGE: Stage.LEAD}


def test_a_move_taken_back_before_it_arrived_calls_the_write_back() -> None:
    lead = on_its_way()

    found = look(lead, shows(lead, HUBSPOT, Stage.LEAD, at=NOW + MINUTE, by=MARKETER))

    assert found.lead.stage is Stage.LEAD
    assert found.lead.sides[SALESFORCE].pending[STAGE].writes is Stage.LEAD


def test_a_move_refused_while_another_was_on_its_way_is_put_where_that_one_leads() -> None:
    before = known(Stage.LEAD, budget_confirmed=False)
    lead = look(before, shows(before, HUBSPOT, Stage.MQL, by=MARKETER)).lead

    found = look(lead, shows(lead, SALESFORCE, Stage.SQL, at=NOW + MINUTE), ctx=ALL)

    assert writes(found, SALESFORCE) == {STAGE: Stage.MQL}


def test_the_stage_reaches_a_side_that_had_another_one_all_along() -> None:
    apart = known(Stage.SAL, side(SALESFORCE, Stage.SAL), side(HUBSPOT, Stage.LEAD))

    found = look(apart, shows(apart, SALESFORCE, Stage.SQL))

    assert writes(found, HUBSPOT) == {STAGE: Stage.SQL}


def test_a_side_whose_stage_cannot_be_told_is_left_alone() -> None:
    before = known(Stage.SAL)
    odd = shows(before, HUBSPOT)
    values = {**odd.snapshot.values, STAGE: Unreadable("no stage is spelled 99")}

    found = look(
        before,
        shows(before, SALESFORCE, Stage.SQL),
        replace(odd, snapshot=replace(odd.snapshot, values=values)),
    )

    assert (found.lead.stage, writes(found, HUBSPOT)) == (Stage.SQL, {})


def test_a_stage_the_other_crm_cannot_be_told_is_a_disagreement_told_once() -> None:
    before = known(Stage.SQL)
    seen = shows(before, HUBSPOT, Stage.OPPORTUNITY)

    found = look(before, seen)

    assert (records(found, WriteKind.PROPAGATE), found.lead.stage) == ((), Stage.OPPORTUNITY)
    assert audit(found) == [AuditKind.DISAGREEMENT]
    assert is_quiet(look(found.lead, seen))


def test_a_locked_record_keeps_its_stage() -> None:
    before = known(Stage.SQL)
    locked = replace(
        before.sides[SALESFORCE],
        seen=replace(before.sides[SALESFORCE].seen, locked="converted", fixed="converted"),
    )
    lead = replace(before, sides={**before.sides, SALESFORCE: locked})

    found = look(lead, shows(lead, HUBSPOT, Stage.NURTURE))

    assert (found.lead.stage, writes(found, SALESFORCE)) == (Stage.NURTURE, {})


def test_an_echo_is_not_taken_for_an_edit() -> None:
    before = known()
    settled = delivered(look(before, shows(before, HUBSPOT, Stage.MQL, by=MARKETER)))

    echo = (shows(settled, x, Stage.MQL, at=NOW + 2 * MINUTE, by=None) for x in System)
    found = look(settled, *echo, now=NOW + timedelta(minutes=3))

    assert (found.transitions, found.actions) == ((), ())


def test_a_copy_the_connector_made_of_a_move_on_its_way_is_recorded_and_harmless() -> None:
    lead = on_its_way()

    found = look(lead, shows(lead, SALESFORCE, Stage.MQL, at=NOW + MINUTE, by=WORKFLOW))

    assert [x.to_stage for x in found.transitions] == [Stage.MQL]
    assert (records(found), found.verdicts) == ((), ())
