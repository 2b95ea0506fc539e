"""Writes in flight to a record that gives way when two leads become one."""

from dataclasses import replace

from core_cases import NOW
from decide_cases import (
    HUBSPOT,
    MINUTE,
    SALESFORCE,
    TITLE,
    context,
    known,
    look,
    records,
    shows,
    side,
    writes,
)
from fakes import house

from syncd.core.inherit import left_behind
from syncd.core.unite import unite
from syncd.core.views import changed
from syncd.domain.action import Failed
from syncd.domain.audit import AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import STAGE, LeadId, RecordId
from syncd.domain.stage import Stage
from syncd.domain.values import Seen

LOSER, WINNER = RecordId("00Q1"), RecordId("00Q2")


def edited() -> Lead:
    """The title became X in HubSpot and is on its way to Salesforce 00Q1."""
    before = known(title="CFO")
    return look(before, shows(before, HUBSPOT, title="X")).lead


def other(stage: Stage = Stage.LEAD, **values: Seen) -> Lead:
    """A lead known in Salesforce alone, as 00Q2."""
    alone = side(SALESFORCE, stage, **values)
    seen = replace(alone.seen, record_id=WINNER)
    alone = replace(alone, record_id=WINNER, seen=seen)
    return replace(known(stage, alone), id=LeadId("lead-2"))


def test_what_was_on_its_way_to_a_merged_record_is_written_to_the_one_that_stays() -> None:
    united = unite(edited(), other(title="CFO"), away=[LOSER], why="merged")

    found = look(united, now=NOW + MINUTE)

    (write,) = records(found)
    assert (write.record_id, writes(found, SALESFORCE)) == (WINNER, {TITLE: "X"})
    assert not any(changed(x, TITLE) for x in found.lead.sides.values())


def test_it_is_the_same_whichever_lead_keeps_its_name() -> None:
    united = unite(other(title="CFO"), edited(), away=[LOSER], why="merged")

    assert writes(look(united, now=NOW + MINUTE), SALESFORCE) == {TITLE: "X"}


def test_sent_again_it_is_not_sent_a_third_time() -> None:
    united = unite(edited(), other(title="CFO"), away=[LOSER], why="merged")
    again = look(united, now=NOW + MINUTE).lead

    assert records(look(again, now=NOW + 2 * MINUTE)) == ()


def test_a_value_of_its_own_is_not_overwritten_and_the_disagreement_is_told() -> None:
    one, two = edited(), other(title="Boss")
    united = unite(one, two, away=[LOSER], why="merged")

    (told,) = left_behind(united, one, two, now=NOW)

    assert records(look(united, now=NOW + MINUTE)) == ()
    assert (told.kind, told.lead_id) == (AuditKind.DISAGREEMENT, united.id)
    assert told.facts == {
        "field": TITLE,
        "system": "salesforce",
        "why": "it was on its way to 00Q1; 00Q2 keeps its own",
    }


def test_a_record_that_shows_the_value_already_needs_nothing() -> None:
    one, two = edited(), other(title="X")
    united = unite(one, two, away=[LOSER], why="merged")

    assert list(left_behind(united, one, two, now=NOW)) == []
    assert united.sides[SALESFORCE].pending == {}


def test_of_a_record_that_was_only_deleted_nothing_is_handed_on() -> None:
    one, two = edited(), other(title="CFO")
    gone = replace(one.sides[SALESFORCE], gone="deleted")
    one = replace(one, sides={**one.sides, SALESFORCE: gone})

    united = unite(one, two, why="the syncd id")

    assert records(look(united, now=NOW + MINUTE)) == ()
    assert [x.facts["field"] for x in left_behind(united, one, two, now=NOW)] == [TITLE]


def test_the_value_of_a_record_the_lead_has_lost_is_not_brought_back() -> None:
    one, two = edited(), other(title="CFO")
    gone = replace(one.sides[HUBSPOT], gone="deleted")
    one = replace(one, sides={**one.sides, HUBSPOT: gone})
    partner = replace(side(HUBSPOT, title="CFO"), record_id=RecordId("102"))
    two = replace(two, sides={**two.sides, HUBSPOT: partner})

    united = unite(one, two, away=[LOSER], why="merged")

    assert united.sides[HUBSPOT].record_id == "102"
    assert united.sides[SALESFORCE].pending == {}
    assert list(left_behind(united, one, two, now=NOW)) == []


def test_a_write_of_the_record_that_stays_is_not_replaced() -> None:
    one, two = edited(), other(title="CFO")
    own = replace(one.sides[SALESFORCE].pending[TITLE], writes="Y")
    winner = replace(two.sides[SALESFORCE], pending={TITLE: own})
    two = replace(two, sides={SALESFORCE: winner})

    united = unite(one, two, away=[LOSER], why="merged")

    assert united.sides[SALESFORCE].pending == {TITLE: own}
    assert [x.facts["field"] for x in left_behind(united, one, two, now=NOW)] == [TITLE]


def test_a_stage_the_united_lead_still_has_goes_on_to_the_record_that_stays() -> None:
    one = look(known(), shows(known(), HUBSPOT, Stage.MQL), ctx=context(NOW)).lead
    assert one.stage is Stage.MQL

    united = unite(one, other(), away=[LOSER], why="merged")
    found = look(united, now=NOW + MINUTE)

    assert writes(found, SALESFORCE)[STAGE] is Stage.MQL
    assert {write.record_id for write in records(found)} == {WINNER}


def test_a_stage_behind_that_of_the_other_lead_is_out_of_date() -> None:
    one = look(known(), shows(known(), HUBSPOT, Stage.MQL), ctx=context(NOW)).lead

    united = unite(one, other(Stage.SQL), away=[LOSER], why="merged")

    assert STAGE not in writes(look(united, now=NOW + MINUTE), SALESFORCE)


def test_an_edit_postponed_while_its_record_is_merged_arrives_at_the_winner() -> None:
    made = house()
    made.sf.add(WINNER, email="two@x.example")
    made.sf.add(LOSER, email="one@x.example")
    made.hs.add("101", email="one@x.example")
    made.cycles(2, minutes=1)
    made.sf.answers[LOSER] = Failed(reason="somebody else is writing")
    made.hs.edit("101", title__c="X")
    made.cycle(minutes=1)

    made.sf.delete(LOSER, merged_into=WINNER)
    made.cycles(3, minutes=20)

    assert made.sf.value(WINNER, "title__c") == "X"
    assert made.lead("101").sides[SALESFORCE].pending == {}
