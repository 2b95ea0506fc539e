"""Whether the record a lead lacks in one CRM is to be made there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from core_cases import COMPANY, NAMES, NOW
from decide_cases import (
    BEFORE,
    COUNTRY,
    EMAIL,
    HUBSPOT,
    LONG_AGO,
    MARKS,
    PHONE,
    SALESFORCE,
    THE_MAP,
    TITLE,
    context,
)

from syncd.core.context import Context
from syncd.core.draft import Draft
from syncd.core.twins import missing_twin, want_twin
from syncd.domain.lead import Contest, Lead, Move, Side, TwinAsked
from syncd.domain.mapping import CrmMap, Mark
from syncd.domain.names import FieldName, LeadId, RecordId, System, TransitionId
from syncd.domain.record import Snapshot
from syncd.domain.stage import SOMEBODY, Evidence, Stage, Transition
from syncd.domain.values import Unreadable, Value


def wanting(crm: CrmMap = THE_MAP, stage: Stage = Stage.MQL) -> Context:
    """Records are made in Salesforce from this stage on."""
    sides = {s: replace(side, external_id="syncd_id") for s, side in crm.sides.items()}
    return replace(context(), crm=replace(crm, sides=sides, create_in={SALESFORCE: stage}))


def lone(
    stage: Stage = Stage.MQL,
    *,
    created: datetime = BEFORE,
    values: Mapping[FieldName, Any] | None = None,
    emails: tuple[str, ...] = ("jane@x.example",),
    system: System = HUBSPOT,
) -> Lead:
    seen = Snapshot(
        system=system,
        record_id=RecordId("101"),
        kind="contact",
        created_at=created,
        modified_at=created,
        values=values or {},
        emails=emails,
    )
    side = Side(
        system=system, record_id=seen.record_id, seen=seen, baseline={}, stage_since=created
    )
    return Lead(id=LeadId("ld_1"), cycle=1, stage=stage, first_seen_at=NOW, sides={system: side})


def with_side(lead: Lead, **changes: Any) -> Lead:
    (side,) = lead.sides.values()
    return replace(lead, sides={side.system: replace(side, **changes)})


def move(at: datetime) -> Transition:
    return Transition(
        id=TransitionId("tr_1"),
        lead_id=LeadId("ld_1"),
        system=HUBSPOT,
        record_id=RecordId("101"),
        from_stage=Stage.LEAD,
        to_stage=Stage.MQL,
        at=at,
        seen_at=at,
        actor=SOMEBODY,
        evidence=Evidence.HISTORY,
    )


def test_a_lead_that_reached_the_stage_gets_its_record() -> None:
    found = missing_twin(lone(Stage.MQL), wanting())

    assert found
    assert (found.system, found.record_kind, found.stage) == (SALESFORCE, "Lead", Stage.MQL)
    assert (found.key, found.email) == ("create:salesforce:ld_1", "jane@x.example")


@pytest.mark.parametrize(
    "lead",
    [
        lone(Stage.LEAD),
        lone(emails=()),
        with_side(lone(), gone="deleted"),
        replace(lone(), apart=(RecordId("00Q9"),)),
        replace(lone(), contest=Contest(since=NOW, to_stage=Stage.SQL, actor=SOMEBODY, times=3)),
        lone(system=SALESFORCE),
        lone(created=LONG_AGO),
        with_side(lone(created=LONG_AGO), last_move=move(LONG_AGO)),
    ],
    ids=[
        "below the stage",
        "no address",
        "gone",
        "had one that is somebody else's",
        "contested",
        "wanted in the other CRM alone",
        "from before, and has not moved since",
        "from before, and moved before",
    ],
)
def test_no_record_is_made_for(lead: Lead) -> None:
    assert missing_twin(lead, wanting()) is None


def test_a_move_in_its_grace_is_waited_for() -> None:
    moving = Move(
        transition=TransitionId("tr_1"),
        sides=(HUBSPOT,),
        from_stage=Stage.MQL,
        to_stage=Stage.SQL,
        at=NOW,
        seen_at=NOW,
        grace_ends=NOW,
        actor=SOMEBODY,
    )

    assert missing_twin(replace(lone(), move=moving), wanting()) is None


def test_a_lead_from_before_gets_its_record_once_it_moves() -> None:
    lead = with_side(lone(created=LONG_AGO), last_move=move(BEFORE))

    assert missing_twin(lead, wanting()) is not None


def test_a_lead_that_ever_had_a_record_there_gets_no_other() -> None:
    lead = lone()
    gone = replace(with_side(lone(system=SALESFORCE), gone="deleted").sides[SALESFORCE])

    both = replace(lead, sides={**lead.sides, SALESFORCE: gone})

    assert missing_twin(both, wanting()) is None


def test_a_stage_the_other_crm_cannot_be_told_makes_no_record() -> None:
    assert missing_twin(lone(Stage.CUSTOMER), wanting()) is None


def test_no_record_is_made_where_our_own_id_has_no_place() -> None:
    ctx = wanting()
    bare = replace(ctx.crm.sides[SALESFORCE], external_id=None)
    ctx = replace(ctx, crm=replace(ctx.crm, sides={**ctx.crm.sides, SALESFORCE: bare}))

    assert missing_twin(lone(), ctx) is None


def test_what_may_flow_there_is_filled_in_and_what_people_know_the_lead_by() -> None:
    first, last = NAMES
    values: dict[FieldName, Value | Unreadable] = {
        first: "Jane",
        last: None,
        COMPANY: "Acme",
        PHONE: Unreadable(why="hidden"),
        TITLE: "CEO",
        COUNTRY: "US",
        EMAIL: "jane@x.example",
        MARKS[Mark.VERDICT]: "meets the MQL standard",
    }

    found = missing_twin(lone(values=values), wanting())

    assert found
    assert found.values == {first: "Jane", COMPANY: "Acme", TITLE: "CEO", COUNTRY: "US"}


def test_a_field_that_only_flows_the_other_way_is_left_empty() -> None:
    ctx = wanting()
    ctx = replace(ctx, crm=replace(ctx.crm, create_in={HUBSPOT: Stage.MQL}))

    found = missing_twin(lone(values={COUNTRY: "US"}, system=SALESFORCE), ctx)

    assert found
    assert found.values == {}


def test_it_is_asked_for_once() -> None:
    draft = want_twin(Draft(lead=lone(), now=NOW), wanting())

    again = want_twin(Draft(lead=draft.lead, now=NOW), wanting())

    assert [x.key for x in draft.actions] == ["create:salesforce:ld_1"]
    assert draft.lead.twin == TwinAsked(system=SALESFORCE, at=NOW)
    assert again.actions == ()


def test_nothing_is_made_unless_the_map_says_so() -> None:
    assert want_twin(Draft(lead=lone(), now=NOW), context()).actions == ()
