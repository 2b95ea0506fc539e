"""How a lead began, told of what was first seen of it."""

from dataclasses import replace
from datetime import datetime

from core_cases import NOW, lead
from story_cases import at, moved, noted, row_of, story

from syncd.domain.audit import AuditEntry, AuditKind
from syncd.domain.lead import Lead
from syncd.domain.names import RecordId, System
from syncd.domain.stage import Stage
from syncd.measure.beginning import beginning


def seen(
    hours: float, stage: Stage = Stage.LEAD, *, born: bool = True, record: str = "101"
) -> AuditEntry:
    system = System.HUBSPOT if record.startswith("1") else System.SALESFORCE
    facts = {"system": system.value, "record": record, "stage": stage.value}
    return noted(AuditKind.FIRST_SIGHT, hours, **facts, born=str(born).lower())


def made(hours: float, *, former: tuple[str, ...] = ()) -> Lead:
    """Its record in HubSpot was made then."""
    known = lead()
    side = known.sides[System.HUBSPOT]
    shown = replace(side.seen, created_at=at(hours))
    side = replace(side, seen=shown, former=tuple(map(RecordId, former)))
    return replace(known, sides={**known.sides, System.HUBSPOT: side})


def lead_at(*said: AuditEntry, lead: Lead) -> datetime | None:
    found: datetime | None = row_of(*said, lead=lead)["lead_at"]
    return found


def test_nothing_is_known_of_a_lead_nobody_told_of() -> None:
    assert beginning(story()) is None


def test_a_lead_began_with_its_record_and_not_when_that_was_first_seen() -> None:
    assert lead_at(seen(1), lead=made(0.5)) == at(0.5)


def test_a_record_that_was_there_before_and_joined_later_changes_nothing() -> None:
    old = seen(5, Stage.SQL, born=False, record="00Q1")

    row = row_of(seen(1), old, lead=made(0.5))

    assert (row["lead_at"], row["mql_at"]) == (at(0.5), None)


def test_of_two_records_seen_at_once_one_that_was_there_before_hides_the_beginning() -> None:
    assert lead_at(seen(1), seen(1, born=False, record="00Q1"), lead=made(0.5)) is None


def test_a_record_that_was_merged_into_a_younger_one_was_there_when_it_was_seen() -> None:
    assert lead_at(seen(1, record="102"), lead=made(3, former=("102",))) == at(1)
    assert lead_at(seen(1, record="102"), lead=made(0.5, former=("102",))) == at(0.5)


def test_a_record_that_the_lead_lost_tells_only_when_it_was_seen() -> None:
    assert lead_at(seen(1, record="109"), lead=made(0.5)) == at(1)


def test_whoever_began_below_a_lead_has_not_come_in_yet() -> None:
    came = moved("t-1", Stage.NURTURE, Stage.LEAD, 4)

    row = row_of(seen(1, Stage.NURTURE), came, lead=made(0.5))

    assert row["lead_at"] == at(4)


def test_a_lead_that_stood_at_a_stage_before_is_told_since_when_it_was_seen_there() -> None:
    found = beginning(story(seen(0, Stage.SQL, born=False)))

    assert found is not None
    assert (found.stage, found.seen_at, found.made_at) == (Stage.SQL, NOW, None)
