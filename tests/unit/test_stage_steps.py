"""Rebuilding the timeline of stages from the histories of several properties."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from core_cases import plain_side

from syncd.core.stages import stage_steps
from syncd.domain.mapping import SideMap
from syncd.domain.names import System
from syncd.domain.record import Directory, Person, PropertyChange
from syncd.domain.stage import Actor, ActorKind, Stage, StageLine, StageStep

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ANNA = Person(id="11", owner="anna@example.com", name="Anna", email=None, active=True)
PEOPLE = Directory(by_id={"11": ANNA}, by_user_id={"u11": ANNA}, by_owner={})
BY_ANNA = Actor(kind=ActorKind.PERSON, id="u11", owner="anna@example.com", label="Anna")

HUBSPOT = (
    StageLine(
        stage=Stage.SAL,
        values={"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"},
    ),
    StageLine(stage=Stage.SQL, values={"lifecyclestage": "salesqualifiedlead"}),
    StageLine(stage=Stage.MQL, values={"lifecyclestage": "marketingqualifiedlead"}),
    StageLine(stage=Stage.LEAD, values={"lifecyclestage": "lead"}),
)
SALESFORCE = (
    StageLine(stage=Stage.OPPORTUNITY, values={"IsConverted": "true"}, read_only=True),
    StageLine(stage=Stage.SAL, values={"Status": "Working"}),
    StageLine(stage=Stage.LEAD, values={"Status": "Open"}),
)


def side(lines: tuple[StageLine, ...]) -> SideMap:
    return plain_side(System.HUBSPOT, lines)


def change(
    name: str,
    value: str,
    seconds: float,
    *,
    actor_id: str = "u11",
    by_person: bool | None = True,
    by_syncd: bool = False,
) -> PropertyChange:
    return PropertyChange(
        name=name,
        value=value,
        at=T0 + timedelta(seconds=seconds),
        actor_id=actor_id,
        by_person=by_person,
        by_syncd=by_syncd,
        label="by hand",
    )


def stage(value: str, seconds: float, *, by_syncd: bool = False) -> PropertyChange:
    return change("lifecyclestage", value, seconds, by_syncd=by_syncd)


def steps(
    *changes: PropertyChange,
    now: Mapping[str, object],
    lines: tuple[StageLine, ...] = HUBSPOT,
) -> list[tuple[float, Stage | None]]:
    found = stage_steps(changes, now, side(lines), PEOPLE)
    return [((step.at - T0).total_seconds(), step.stage) for step in found]


NOW_SQL = {"lifecyclestage": "salesqualifiedlead", "hs_lead_status": None}
NOW_LEAD = {"lifecyclestage": "lead", "hs_lead_status": None}


def test_every_entry_that_changed_the_stage_is_a_step() -> None:
    history = [stage("lead", 0), stage("marketingqualifiedlead", 60)]
    assert steps(*history, stage("salesqualifiedlead", 120), now=NOW_SQL) == [
        (0, Stage.LEAD),
        (60, Stage.MQL),
        (120, Stage.SQL),
    ]


def test_entries_are_told_in_the_order_of_time() -> None:
    history = (stage("salesqualifiedlead", 120), stage("lead", 0))
    assert steps(*history, now=NOW_SQL) == [(0, Stage.LEAD), (120, Stage.SQL)]


def test_an_entry_that_repeats_the_value_before_is_no_step() -> None:
    history = (stage("lead", 0), stage("lead", 60), stage("salesqualifiedlead", 120))
    assert steps(*history, now=NOW_SQL) == [(0, Stage.LEAD), (120, Stage.SQL)]


def test_a_change_that_leaves_the_stage_alone_is_no_step() -> None:
    history = (stage("lead", 0), change("hs_lead_status", "NEW", 60))
    now = {"lifecyclestage": "lead", "hs_lead_status": "NEW"}
    assert steps(*history, now=now) == [(0, Stage.LEAD)]


def test_entries_of_other_properties_are_passed_over() -> None:
    assert steps(change("email", "a@example.com", 0), now=NOW_LEAD) == []


def test_two_properties_saved_together_are_one_step() -> None:
    history = (
        stage("lead", 0),
        change("hs_lead_status", "IN_PROGRESS", 60),
        stage("marketingqualifiedlead", 62),
    )
    now = {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"}
    assert steps(*history, now=now) == [(0, Stage.LEAD), (62, Stage.SAL)]


def test_two_properties_changed_apart_are_two_steps() -> None:
    history = (stage("marketingqualifiedlead", 0), change("hs_lead_status", "IN_PROGRESS", 2.1))
    now = {"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"}
    assert steps(*history, now=now) == [(0, Stage.MQL), (2.1, Stage.SAL)]


def test_two_actors_in_one_second_are_two_steps() -> None:
    by_flow = change("lifecyclestage", "lead", 60, actor_id="flow", by_person=False)
    history = (stage("lead", 0), stage("salesqualifiedlead", 60), by_flow)
    assert steps(*history, now=NOW_LEAD) == [(0, Stage.LEAD), (60, Stage.SQL), (60, Stage.LEAD)]


def test_two_moves_of_one_actor_in_one_second_are_two_steps() -> None:
    history = (stage("marketingqualifiedlead", 0), stage("salesqualifiedlead", 0.5))
    assert steps(*history, now=NOW_SQL) == [(0, Stage.MQL), (0.5, Stage.SQL)]


def test_cleared_then_set_is_one_step_at_the_instant_it_was_set() -> None:
    history = (stage("salesqualifiedlead", 0), stage("", 60), stage("lead", 75))
    assert steps(*history, now=NOW_LEAD) == [(0, Stage.SQL), (75, Stage.LEAD)]


def test_a_blank_that_tells_a_stage_of_its_own_is_not_the_clear_of_a_backward_move() -> None:
    lines = (
        HUBSPOT[0],
        StageLine(
            stage=Stage.MQL,
            values={"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": ""},
        ),
    )
    found = steps(
        stage("marketingqualifiedlead", 0),
        change("hs_lead_status", "IN_PROGRESS", 0),
        change("hs_lead_status", "", 30),
        change("hs_lead_status", "IN_PROGRESS", 60),
        now={"lifecyclestage": "marketingqualifiedlead", "hs_lead_status": "IN_PROGRESS"},
        lines=lines,
    )

    assert found == [(0, Stage.SAL), (30, Stage.MQL), (60, Stage.SAL)]


def test_cleared_and_set_much_later_are_two_steps() -> None:
    history = (stage("salesqualifiedlead", 0), stage("", 60), stage("lead", 121))
    assert steps(*history, now=NOW_LEAD) == [
        (0, Stage.SQL),
        (60, Stage.NONE),
        (121, Stage.LEAD),
    ]


def test_a_value_no_line_knows_is_a_step_without_a_stage() -> None:
    history = (stage("lead", 0), stage("evangelist", 60))
    now = {"lifecyclestage": "evangelist", "hs_lead_status": None}
    assert steps(*history, now=now) == [(0, Stage.LEAD), (60, None)]


def test_a_property_without_history_was_always_what_it_is_now() -> None:
    now = {"lifecyclestage": "salesqualifiedlead", "hs_lead_status": "IN_PROGRESS"}
    history = (stage("marketingqualifiedlead", 0), stage("salesqualifiedlead", 60))
    assert steps(*history, now=now) == [(0, Stage.SAL), (60, Stage.SQL)]


def test_a_conversion_without_history_came_with_the_last_step() -> None:
    history = (change("Status", "Working", 0), change("Status", "Converted", 60))
    now = {"IsConverted": True, "Status": "Converted"}
    assert steps(*history, now=now, lines=SALESFORCE) == [(0, Stage.SAL), (60, Stage.OPPORTUNITY)]


def test_a_conversion_with_history_came_when_it_says() -> None:
    history = (change("Status", "Working", 0), change("IsConverted", "true", 60))
    now = {"IsConverted": True, "Status": "Working"}
    assert steps(*history, now=now, lines=SALESFORCE) == [(0, Stage.SAL), (60, Stage.OPPORTUNITY)]


def test_a_history_that_lags_behind_the_record_does_not_backdate_its_conversion() -> None:
    now = {"IsConverted": True, "Status": "Converted"}
    history = (change("Status", "Working", 0),)
    assert steps(*history, now=now, lines=SALESFORCE) == [(0, Stage.SAL)]


def actor_of(entry: PropertyChange) -> Actor:
    found: tuple[StageStep, ...] = stage_steps([entry], NOW_LEAD, side(HUBSPOT), PEOPLE)
    return found[0].actor


def test_a_person_is_named_with_their_canonical_owner() -> None:
    assert actor_of(stage("lead", 0)) == BY_ANNA


def test_a_person_the_directory_does_not_know_keeps_the_vendors_label() -> None:
    entry = change("lifecyclestage", "lead", 0, actor_id="u99")
    assert actor_of(entry) == Actor(kind=ActorKind.PERSON, id="u99", label="by hand")


def test_an_automation_is_never_taken_for_the_person_it_runs_as() -> None:
    entry = change("lifecyclestage", "lead", 0, by_person=False)
    assert actor_of(entry) == Actor(kind=ActorKind.AUTOMATION, id="u11", label="by hand")


def test_our_own_write_is_told_as_ours() -> None:
    assert actor_of(stage("lead", 0, by_syncd=True)).kind is ActorKind.SYNCD


def test_where_the_vendor_does_not_tell_the_user_is_named_but_not_the_kind() -> None:
    entry = change("lifecyclestage", "lead", 0, by_person=None)
    assert actor_of(entry) == Actor(
        kind=ActorKind.UNKNOWN, id="u11", owner="anna@example.com", label="Anna"
    )


def test_a_read_only_spelling_of_a_property_syncd_writes_is_no_end() -> None:
    lines = (
        StageLine(stage=Stage.LEAD, values={"lifecyclestage": "lead", "hs_lead_status": ""}),
        StageLine(stage=Stage.LEAD, values={"lifecyclestage": "lead"}, read_only=True),
    )
    history = (change("hs_lead_status", "NEW", 0), change("hs_lead_status", "OPEN", 60))
    now = {"lifecyclestage": "lead", "hs_lead_status": "OPEN"}
    assert steps(*history, now=now, lines=lines) == [(0, Stage.LEAD)]
