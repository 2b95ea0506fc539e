"""Linking and unlinking by a person's word: what becomes of the two leads."""

from dataclasses import replace
from typing import Any

from core_cases import NOW
from decide_cases import HUBSPOT, PHONE, SALESFORCE

from syncd.core.relink import joined, let_go, part, why_not_link, without_gone
from syncd.domain.lead import Dispute, Lead, Move, Pending, Side
from syncd.domain.names import (
    STAGE,
    ActionKey,
    LeadId,
    RecordId,
    System,
    TransitionId,
)
from syncd.domain.record import Snapshot
from syncd.domain.stage import SOMEBODY, Stage
from syncd.domain.values import Unreadable

FREED = LeadId("ld_freed")


def side(system: System, record_id: str, stage: Stage = Stage.LEAD, **changes: Any) -> Side:
    seen = Snapshot(
        system=system,
        record_id=RecordId(record_id),
        kind="x",
        created_at=NOW,
        modified_at=NOW,
        values={STAGE: stage, PHONE: "1"},
    )
    made = Side(
        system=system, record_id=RecordId(record_id), seen=seen, baseline={}, stage_since=NOW
    )
    return replace(made, **changes)


def lead(*sides: Side, name: str = "ld_1") -> Lead:
    return Lead(
        id=LeadId(name),
        cycle=1,
        stage=Stage.MQL,
        first_seen_at=NOW,
        sides={x.system: x for x in sides},
    )


def both() -> Lead:
    return lead(side(HUBSPOT, "101", Stage.MQL), side(SALESFORCE, "00Q1"))


def moving(*sides: System) -> Move:
    return Move(
        transition=TransitionId("tr_1"),
        sides=sides,
        from_stage=Stage.LEAD,
        to_stage=Stage.MQL,
        at=NOW,
        seen_at=NOW,
        grace_ends=NOW,
        actor=SOMEBODY,
    )


def test_each_of_the_two_stands_where_its_record_is_shown() -> None:
    parted = part(both(), SALESFORCE, freed=FREED, now=NOW)

    assert (parted.kept.stage, parted.freed.stage) == (Stage.MQL, Stage.LEAD)
    assert (parted.kept.apart, parted.freed.apart) == (("00Q1",), ("101",))


def test_what_is_shown_is_settled_and_nothing_stays_in_flight() -> None:
    flight = Pending(key=ActionKey("k"), replaces=("0",), writes="2")
    busy = side(SALESFORCE, "00Q1", pending={PHONE: flight}, baseline={PHONE: "0"})

    parted = part(lead(side(HUBSPOT, "101"), busy), SALESFORCE, freed=FREED, now=NOW)

    freed = parted.freed.sides[SALESFORCE]
    assert (freed.baseline[PHONE], freed.pending) == ("1", {})


def test_what_cannot_be_read_keeps_its_baseline() -> None:
    hidden = side(HUBSPOT, "101", baseline={PHONE: "0"})
    values = {**hidden.seen.values, PHONE: Unreadable(why="hidden")}
    hidden = replace(hidden, seen=replace(hidden.seen, values=values))

    parted = part(lead(hidden, side(SALESFORCE, "00Q1")), SALESFORCE, freed=FREED, now=NOW)

    assert parted.kept.sides[HUBSPOT].baseline[PHONE] == "0"


def test_ids_the_records_had_before_are_set_apart_as_well() -> None:
    contact = side(SALESFORCE, "003A", former=(RecordId("00Q1"),))

    parted = part(lead(side(HUBSPOT, "101"), contact), SALESFORCE, freed=FREED, now=NOW)

    assert parted.kept.apart == ("003A", "00Q1")


def test_a_move_in_its_grace_goes_on_where_it_was_made() -> None:
    here = replace(both(), move=moving(HUBSPOT, SALESFORCE))
    there = replace(both(), move=moving(SALESFORCE))

    stays = part(here, SALESFORCE, freed=FREED, now=NOW).kept.move
    ends = part(there, SALESFORCE, freed=FREED, now=NOW).kept.move

    assert stays
    assert (stays.sides, ends) == ((HUBSPOT,), None)


def test_a_dispute_is_over_when_there_are_no_two_sides_any_more() -> None:
    dispute = Dispute(since=NOW, values={HUBSPOT: "1", SALESFORCE: "2"})

    parted = part(replace(both(), disputes={PHONE: dispute}), SALESFORCE, freed=FREED, now=NOW)

    assert parted.kept.disputes == {}


def test_a_record_that_is_gone_is_not_given_a_lead_of_its_own() -> None:
    left = lead(side(HUBSPOT, "101"), side(SALESFORCE, "00Q1", gone="deleted"))

    assert let_go(left, SALESFORCE, freed=FREED, now=NOW) is None
    assert without_gone(left, SALESFORCE).sides.keys() == {HUBSPOT}


def test_the_lead_a_person_named_keeps_its_name() -> None:
    united, dropped = joined(
        lead(side(HUBSPOT, "101")), lead(side(SALESFORCE, "00Q1"), name="ld_0"), SALESFORCE
    )

    assert (united.id, dropped) == ("ld_1", "ld_0")
    assert united.sides[SALESFORCE].why_linked == "a person's word"


def test_a_record_that_is_gone_cannot_be_linked() -> None:
    holder = lead(side(SALESFORCE, "00Q9", gone="deleted"), name="ld_9")

    why = why_not_link(lead(side(HUBSPOT, "101")), SALESFORCE, RecordId("00Q9"), holder)

    assert why == "it is deleted"


def test_a_record_the_leads_own_was_before_cannot_be_linked() -> None:
    contact = side(SALESFORCE, "003A", former=(RecordId("00Q1"),))
    own = lead(side(HUBSPOT, "101"), contact)

    why = why_not_link(own, SALESFORCE, RecordId("00Q1"), own)

    assert why == "it is what the lead's record 003A was before"
