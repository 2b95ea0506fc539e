"""What an assessment keeps of a lead."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from syncd.core.normalise import normaliser
from syncd.domain.names import FieldName, RecordId, System
from syncd.domain.record import Directory, PropertyChange, PropertySchema, Record, Schema
from syncd.domain.stage import Stage
from syncd.jobs.assess_leads import Sketch
from syncd.jobs.assess_moves import Seen
from syncd.measure.assess.guess import guessed_map
from syncd.measure.assess.sight import LeadSight

SF, HS = System.SALESFORCE, System.HUBSPOT
NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOBODY = Directory(by_id={}, by_user_id={}, by_owner={})
STATUSES = ("New", "Working", "Sales Qualified")


def schema(**types: str) -> Schema:
    return {
        name: PropertySchema(
            name=name,
            label=name,
            type=kind,
            writable=True,
            offered=STATUSES if name == "Status" else (),
        )
        for name, kind in types.items()
    }


CRM = guessed_map(
    {
        SF: schema(Status="picklist", Phone="phone", Budget__c="boolean", Why__c="string"),
        HS: schema(lifecyclestage="enumeration", phone="string", budget="bool", why="string"),
    }
)
WHY = FieldName("why")
EMPTY = {
    **dict.fromkeys(("Email", "email", "Status", "lifecyclestage", "ConvertedOpportunity")),
    "IsConverted": False,
}


def seen(system: System, changes: Sequence[PropertyChange] = (), **values: Any) -> Seen:
    record = Record(
        system=system,
        kind=CRM.sides[system].kind,
        id=RecordId("1"),
        properties={**EMPTY, **values},
        created_at=NOW - timedelta(days=9),
        modified_at=NOW,
    )
    snapshot = normaliser(CRM, system, NOBODY)(record)
    return Seen(record=record, snapshot=snapshot, changes=changes)


def sketched(*sides: Seen, tracked: Collection[str] = ()) -> LeadSight:
    sketch = Sketch(
        crm=CRM,
        policy=None,
        reasons=WHY,
        people=dict.fromkeys(System, NOBODY),
        tracked={SF: frozenset(tracked), HS: None},
        now=NOW,
    )
    return sketch.of({x.record.system: x for x in sides}, doubtful=False)


def test_a_box_that_is_not_ticked_says_nothing() -> None:
    lead = sketched(seen(SF, Budget__c=False, Phone="1"))
    assert lead.sides[SF].filled == {"phone"}


def test_a_box_ticked_on_one_side_alone_differs() -> None:
    lead = sketched(seen(SF, Budget__c=False), seen(HS, budget="true"))
    assert lead.differing == {"budget"}


def test_a_value_that_is_missing_on_one_side_does_not_differ() -> None:
    lead = sketched(seen(SF, Phone="1"), seen(HS, phone=""))
    assert not lead.differing


def test_values_that_are_spelled_apart_do_not_differ() -> None:
    lead = sketched(seen(SF, Phone="+1 (555) 2"), seen(HS, phone="+1 555 2"))
    assert not lead.differing


def test_what_syncd_writes_where_nobody_said_why_is_no_reason() -> None:
    lead = sketched(seen(SF, Why__c="rejected by sales"))
    assert lead.sides[SF].reason is None


def test_a_reason_is_told_in_the_words_of_whoever_gave_it() -> None:
    lead = sketched(seen(SF, Why__c="rejected by sales: Too small"))
    assert lead.sides[SF].reason == "Too small"


def changed(value: str, before: str) -> PropertyChange:
    return PropertyChange(
        name="Status",
        value=value,
        at=NOW - timedelta(days=1),
        actor_id="005",
        by_person=True,
        by_syncd=False,
        before=before,
    )


def test_the_stage_it_was_made_in_is_known_where_every_change_is_told() -> None:
    lead = sketched(seen(SF, [changed("Working", "New")], Status="Working"), tracked={"Status"})
    assert [x.stage for x in lead.sides[SF].steps] == [Stage.LEAD, Stage.SAL]


def test_it_is_not_known_where_no_history_is_kept() -> None:
    lead = sketched(seen(SF, Status="Working"))
    assert lead.sides[SF].steps == ()
