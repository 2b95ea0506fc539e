"""Bad days: the vendor did what it was asked, and the answer was lost. Nothing is done twice.

A lost answer looks like a failure; the outbox tries again, and has to find out by itself
that there is nothing left to do.
"""

from pathlib import Path

import pytest
from box import MINUTE, Box, Person, box

from syncd.domain.audit import AuditKind
from syncd.domain.names import System
from syncd.domain.stage import ActorKind, Stage
from syncd.sandbox.faults import Kind
from syncd.sandbox.journal import System as Front

SF_UPDATE = "PATCH .*/composite/sobjects$"
SF_NOTE = "POST .*/composite/sobjects$"
HS_UPDATE = "POST .*/contacts/batch/update$"
HS_NOTE = "POST .*/notes/batch/create$"
SLACK_POST = "POST .*/chat.postMessage$"


def own_moves(b: Box, person: Person, system: System) -> list[tuple[Stage, Stage]]:
    return [
        (t.from_stage, t.to_stage)
        for t in b.story(person).transitions
        if t.system is system and t.actor.kind is ActorKind.SYNCD
    ]


def changes(b: Box, front: Front, record: str | int, name: str) -> list[object]:
    """What the integration wrote into one property, in order."""
    entries = b.world.journal.of(front, str(record), name)
    return [e.after for e in entries if e.via == "api" and e.actor.name.lower().startswith("syncd")]


def is_settled(b: Box, person: Person) -> bool:
    """Whether nothing is in flight, nothing waits and nothing was given up."""
    lead = b.story(person).lead
    states = {state for _, state, _, _ in b.story(person).outbox}
    return all(not side.pending for side in lead.sides.values()) and states <= {"settled"}


def test_a_salesforce_update_whose_answer_was_lost_is_written_once(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.arm(System.SALESFORCE, SF_UPDATE, Kind.LOST_RESPONSE)
        b.marketer_sets(person, lifecyclestage="marketingqualifiedlead")

        b.cycles(5)

        assert changes(b, Front.SALESFORCE, person.sf, "Status") == ["Marketing Qualified"]
        assert own_moves(b, person, System.SALESFORCE) == [(Stage.LEAD, Stage.MQL)]
        assert is_settled(b, person)


def test_a_hubspot_update_whose_answer_was_lost_is_written_once(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.arm(System.HUBSPOT, HS_UPDATE, Kind.LOST_RESPONSE)
        b.rep_sets(person, Status="Marketing Qualified")

        b.cycles(5)

        written = changes(b, Front.HUBSPOT, person.hs, "lifecyclestage")
        assert written == ["marketingqualifiedlead"]
        assert own_moves(b, person, System.HUBSPOT) == [(Stage.LEAD, Stage.MQL)]
        assert is_settled(b, person)


@pytest.mark.parametrize("lost", [0, 1], ids=["clearing", "setting"])
def test_a_hubspot_stage_on_its_way_back_arrives_whichever_answer_was_lost(
    tmp_path: Path, lost: int
) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.marketer_sets(person, lifecyclestage="salesqualifiedlead")
        b.cycle()
        b.arm(System.HUBSPOT, HS_UPDATE, Kind.LOST_RESPONSE, skip=lost)

        b.cycles(9)

        assert b.stages(person) == ("Open", "lead", "")
        assert own_moves(b, person, System.HUBSPOT) == [(Stage.SQL, Stage.LEAD)]
        assert len(b.told("blocked")) == 1
        refused = [a for a in b.story(person).audit if a.kind is AuditKind.REFUSED]
        assert [entry.facts["times"] for entry in refused] == ["1"]
        assert is_settled(b, person)


def test_a_salesforce_note_whose_answer_was_lost_stands_there_once(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.arm(System.SALESFORCE, SF_NOTE, Kind.LOST_RESPONSE)
        b.rep_sets(person, Status="Sales Qualified")

        b.cycles(10)

        assert b.stages(person)[0] == "Open"
        assert b.notes(person) == (1, 0)
        assert is_settled(b, person)


def test_a_hubspot_note_whose_answer_was_lost_stands_there_once(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.arm(System.HUBSPOT, HS_NOTE, Kind.LOST_RESPONSE)
        b.marketer_sets(person, lifecyclestage="salesqualifiedlead")

        b.cycles(10)

        assert b.stages(person)[1] == "lead"
        assert b.notes(person) == (0, 1)
        assert is_settled(b, person)


def test_a_message_whose_answer_was_lost_is_shown_once(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        b.arm(Front.SLACK, SLACK_POST, Kind.LOST_RESPONSE)

        person = b.offered("ann")
        b.cycles(3)

        assert len(b.told("handoff")) == 1
        assert is_settled(b, person)


def test_a_grouped_message_whose_answer_was_lost_is_shown_once(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        people = [b.arrive(name) for name in ("ann", "bob", "cid", "dan", "eve", "fay")]
        b.cycle()
        b.arm(Front.SLACK, SLACK_POST, Kind.LOST_RESPONSE)
        for person in people:
            b.marketer_sets(person, lifecyclestage="marketingqualifiedlead")

        b.cycles(5)

        told = b.told("handoff")
        assert (len(told), len(set(told))) == (6, 6)
        assert len(b.world.slack.messages) == 1


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.LOST_RESPONSE], ids=lambda k: k.value)
def test_answers_lost_again_and_again_still_double_nothing(tmp_path: Path, kind: Kind) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        for system, match in (
            (Front.SALESFORCE, SF_UPDATE),
            (Front.SALESFORCE, SF_NOTE),
            (Front.SLACK, SLACK_POST),
        ):
            b.arm(system, match, kind, times=3)
        b.rep_sets(person, Status="Sales Qualified")

        b.cycles(20)

        assert b.stages(person)[0] == "Open"
        assert changes(b, Front.SALESFORCE, person.sf, "Status") == ["Open"]
        assert (b.notes(person), len(b.told("blocked"))) == ((1, 0), 1)
        assert is_settled(b, person)


def test_a_person_who_edits_before_the_lost_answer_is_looked_into_keeps_the_edit(
    tmp_path: Path,
) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.marketer_sets(person, jobtitle="CFO")
        b.arm(System.SALESFORCE, SF_UPDATE, Kind.LOST_RESPONSE)
        b.cycle()
        b.rep_sets(person, Title="Chief Financial Officer")

        b.cycles(5)

        assert b.lead(person)["Title"] == "Chief Financial Officer"
        assert b.contact(person)["jobtitle"] == "Chief Financial Officer"


def test_a_restart_after_a_lost_answer_doubles_nothing(tmp_path: Path) -> None:
    with box(tmp_path) as b:
        person = b.arrive("ann")
        b.cycle()
        b.arm(System.SALESFORCE, SF_NOTE, Kind.LOST_RESPONSE)
        b.arm(Front.SLACK, SLACK_POST, Kind.LOST_RESPONSE)
        b.rep_sets(person, Status="Sales Qualified")
        b.cycles(6)

        b.restart(down_for=10 * MINUTE)
        b.cycles(3)

        assert (b.notes(person), len(b.told("blocked"))) == ((1, 0), 1)
        assert is_settled(b, person)
